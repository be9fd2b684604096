"""AIX, by /proc, libperfstat, mntctl(2), utmp and ioctl(2). Written from documentation; never run on the
system."""
