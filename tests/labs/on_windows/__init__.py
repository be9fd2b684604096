"""What is run on Windows' Python, by tests/labs/test_windows.py: psutil and the library side by side."""
