"""Where print is in frames, beyond what the detector says: cines, tracks, runs, curves."""
