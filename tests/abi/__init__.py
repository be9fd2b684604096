"""What the headers of other systems say of the structures, numbers and functions that we use."""
