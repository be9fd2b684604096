"""What macOS and the BSDs share."""
