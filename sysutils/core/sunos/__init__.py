"""SunOS (illumos, Solaris): /proc, kstat(3KSTAT), getifaddrs(3SOCKET), swapctl(2), messages to IP.

Written from documentation and from offsets of illumos for amd64; it has never been run on the system."""
