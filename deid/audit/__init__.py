"""The audit log: every decision of a run, with its rule, and no value of the input."""
