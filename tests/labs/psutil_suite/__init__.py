"""psutil's own test suite against ``sysutils.core``."""
