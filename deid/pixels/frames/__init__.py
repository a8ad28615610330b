"""Frames as they are stored, decoded and shown."""
