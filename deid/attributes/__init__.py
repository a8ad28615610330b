"""Attributes as they stand in a file: read, decoded and walked without converting or losing a byte."""
