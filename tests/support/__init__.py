"""What the tests stand on: recorded machines, live children, oracles, golden files."""
