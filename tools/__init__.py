"""Programs for those who work on sysutils."""
