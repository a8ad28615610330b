"""The rules that a table of private elements stands for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from deid.profile.lookup.matching import Matcher
from deid.profile.lookup.model import Rule
from deid.profile.lookup.private_tables import knowledge_base
from deid.profile.lookup.tags import parse_tag

if TYPE_CHECKING:
    from collections.abc import Mapping

_REASONS = {
    "K": "TCIA's knowledge base of private tags: nothing identifying",
    "C": "TCIA's knowledge base of private tags: a text that may stay, cleaned",
    "U": "TCIA's knowledge base of private tags: a UID",
    "X": "TCIA's knowledge base of private tags: nobody vouches for it",
    "shift-date": "TCIA's knowledge base of private tags: a date",
    "shift-unix-time": "TCIA's knowledge base of private tags: a Unix time",
}


@lru_cache(maxsize=4)
def table_rules(name: str, layer: int) -> Mapping[Matcher, Rule]:
    """The rules of TCIA's knowledge base, as those of profile `name`."""
    rules = {}
    for entry in knowledge_base().entries:
        matcher = Matcher(parse_tag(entry.tag, entry.creator))
        rules[matcher] = Rule(f"{name} {matcher}", entry.code, None, _REASONS[entry.code], entry.creator, layer=layer)
    return rules


def any_creator(name: str) -> Rule:
    """The rule that keeps every Private Creator element; one that names somebody reserves nothing and goes."""
    return Rule(f"{name} private creator", "K", None, "private creators are kept, so that blocks keep their numbers")
