"""The header room: planning over nested data sets, applying, marks, file meta."""

from deid.header.actions import Action
from deid.header.apply import apply_header
from deid.header.marks import add_marks
from deid.header.meta import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME, PREAMBLE, new_file_meta
from deid.header.plan import plan_header
from deid.header.room_rules import ROOM_RULES
from deid.header.scrubber import TextScrubber
from deid.header.user_actions import ALL_ACTIONS as ACTIONS

__all__ = [
    "ACTIONS",
    "IMPLEMENTATION_CLASS_UID",
    "IMPLEMENTATION_VERSION_NAME",
    "PREAMBLE",
    "ROOM_RULES",
    "Action",
    "TextScrubber",
    "add_marks",
    "apply_header",
    "new_file_meta",
    "plan_header",
]
