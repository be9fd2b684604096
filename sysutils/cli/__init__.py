"""The commands: options, the classics' rules, columns. Reads the system through ``sysutils.core`` only."""
