"""Terminals of NetBSD."""

from sysutils.core.bsd import terminals

terminal_number = terminals.terminal_number
