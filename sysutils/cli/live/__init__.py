"""Live screens: a terminal taken over and given back, keys, frames painted over one another."""
