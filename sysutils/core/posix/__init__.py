"""What the POSIX systems share."""
