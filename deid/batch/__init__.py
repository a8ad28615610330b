"""A night's work: discovery, worker processes, atomic release, the audit log."""

from deid.batch.runner import Observer, run
from deid.batch.summary import Summary

__all__ = ["Observer", "Summary", "run"]
