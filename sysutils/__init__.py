"""sysutils: the classic sysadmin commands, and the psutil API in pure Python (``sysutils.core``)."""

__version__ = "0.1.0"
