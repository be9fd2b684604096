"""Columns and writers: rows in, text out. Knows neither click nor the system."""
