"""Example studies of invented patients, with the truth about what identifies them, and the demonstration run."""

from deid.demo.contact_sheet import contact_sheet
from deid.demo.studies import examples, write_studies

__all__ = ["contact_sheet", "examples", "write_studies"]
