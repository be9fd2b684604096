"""NetBSD, by sysctl(2) alone wherever it answers."""
