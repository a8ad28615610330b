"""Frames, text in them, regions, and exact redaction in every transfer syntax that allows it."""
