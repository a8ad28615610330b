"""The header room: planning over nested data sets, applying, marks, file meta."""

from deid.header.apply import apply_header
from deid.header.marks import add_marks
from deid.header.meta import IMPLEMENTATION_CLASS_UID, new_file_meta
from deid.header.plan import load_tables, plan_header
from deid.header.room_rules import shifts_dates
from deid.header.user_actions import ALL_ACTIONS as ACTIONS

__all__ = [
    "ACTIONS",
    "IMPLEMENTATION_CLASS_UID",
    "add_marks",
    "apply_header",
    "load_tables",
    "new_file_meta",
    "plan_header",
    "shifts_dates",
]
