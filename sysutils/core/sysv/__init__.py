"""What SunOS and AIX share: /proc of System V, files of C structures."""
