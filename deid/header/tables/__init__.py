"""Tables of the standard that planning needs. They are generated: `compact.py` says from what."""
