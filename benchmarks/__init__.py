"""``python -m benchmarks``: sysutils against psutil and the classic commands, as ratios in one run."""
