"""Labs: other systems, other programs' tests; ``pytest -m lab tests/labs``. Each skips with its reason."""
