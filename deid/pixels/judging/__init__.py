"""Which lines of a frame identify, and which part of each goes."""
