"""The DICOMDIR of OUT."""
