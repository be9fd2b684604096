"""macOS: what sysctl(3), libproc, mach and IOKit tell."""
