"""Trains the reader of small print; see docs/print-model.md. No part of the wheel."""
