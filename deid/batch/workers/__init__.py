"""Processes that do the work: on this machine, or on a Dask cluster."""
