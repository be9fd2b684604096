"""FreeBSD, by sysctl(3) alone wherever it answers."""
