"""Windows, by its documented libraries and ntdll."""
