"""What is known of private elements: PS3.15's safe ones, and TCIA's Private Tag Knowledge Base.

Both are data files of this package, with source and edition, made by `deid.profile.generating.private_sources`. Group,
creator and the low byte of the element say which element is meant; of a creator neither case nor blanks count.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pydicom._private_dict import private_dictionaries

from deid.attributes.vrs import WORD_VRS
from deid.profile.lookup.tags import normalised_creator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KNOWLEDGE_BASE = "tcia-2024-02-01"
_KNOWLEDGE_BASE_FILE = "tcia_private_2024-02-01.json"
_SAFE_PRIVATE_FILE = "safe_private_e3_10_1_2026d.json"
_CODES = {"d": "X", "h": "U", "o": "shift-date", "oi": "shift-unix-time"}
_Block = tuple[int, str]
"""Group and creator."""


@dataclass(frozen=True, slots=True)
class PrivateEntry:
    """One private element: its tag as `(gggg,xxee)`, creator, VR (empty where unknown), action code and meaning."""

    tag: str
    creator: str
    vr: str
    code: str
    meaning: str = ""


@dataclass(frozen=True)
class PrivateTable:
    """The private elements of one source."""

    edition: str
    source: str
    entries: tuple[PrivateEntry, ...]


@lru_cache(maxsize=1)
def knowledge_base() -> PrivateTable:
    """TCIA's knowledge base: what it keeps is kept, texts cleaned; UIDs and dates are replaced; the rest goes."""
    content = _content(_KNOWLEDGE_BASE_FILE)
    return PrivateTable(content["edition"], content["source"], tuple(_entries(content["blocks"])))


@lru_cache(maxsize=1)
def safe_private() -> PrivateTable:
    """Table E.3.10-1 of PS3.15."""
    content = _content(_SAFE_PRIVATE_FILE)
    entries = (
        PrivateEntry(tag, creator, vr, _kept_or_uid(vr), meaning) for creator, tag, vr, meaning in content["rows"]
    )
    return PrivateTable(content["edition"], content["source"], tuple(entries))


def private_vr(tag: int, creator: str | None) -> str | None:
    """The VR of a private element, for files that store it as UN or without one; None when no table knows it."""
    if not creator:
        return None
    return _vrs_of_block(tag >> 16, normalised_creator(creator)).get(tag & 0xFF)


@lru_cache(maxsize=1024)
def is_vendors(creator: str) -> bool:
    """Whether a private creator is one of those that the tables, or pydicom's private dictionary, know."""
    return normalised_creator(creator) in _vendors()


@lru_cache(maxsize=1)
def _vendors() -> frozenset[str]:
    blocks = (*_blocks(), *_safe_blocks())
    return frozenset({creator for _, creator in blocks} | set(map(normalised_creator, private_dictionaries)))


@lru_cache(maxsize=1024)
def _vrs_of_block(group: int, creator: str) -> Mapping[int, str]:
    """The VRs of a creator's elements, by the low byte. To read all there are would be a good part of a run's start."""
    entries = [*_entries(_blocks().get((group, creator), {})), *_safe_blocks().get((group, creator), ())]
    return {_low_byte(entry): entry.vr for entry in entries if entry.vr}  # the standard's own has the last word


@lru_cache(maxsize=1)
def _blocks() -> Mapping[_Block, dict[str, str]]:
    """The knowledge base as `_entries` takes it, by group and creator."""
    blocks: dict[_Block, dict[str, str]] = {}
    for block, elements in _content(_KNOWLEDGE_BASE_FILE)["blocks"].items():
        group, creator = block.split(" ", maxsplit=1)
        blocks.setdefault((int(group, 16), normalised_creator(creator)), {})[block] = elements
    return blocks


@lru_cache(maxsize=1)
def _safe_blocks() -> Mapping[_Block, list[PrivateEntry]]:
    blocks: dict[_Block, list[PrivateEntry]] = {}
    for entry in safe_private().entries:
        blocks.setdefault((int(entry.tag[1:5], 16), normalised_creator(entry.creator)), []).append(entry)
    return blocks


def _low_byte(entry: PrivateEntry) -> int:
    # `(gggg,xxee)` in all rows of both tables.
    return int(entry.tag[8:10], 16)


def _entries(blocks: Mapping[str, str]) -> Iterator[PrivateEntry]:
    for block, elements in blocks.items():
        group, creator = block.split(" ", maxsplit=1)
        for element in elements.split(" "):
            low_byte, disposition, *vr = element.split(":")
            known = vr[0] if vr else ""
            code = _kept_or_uid(known) if disposition == "k" else _CODES[disposition]
            yield PrivateEntry(f"({group},xx{low_byte})", creator, known, code)


def _kept_or_uid(vr: str) -> str:
    """A text is kept cleaned: neither table knows what a site has written into it.

    A UID that stays would say where the instance comes from, as its public UIDs don't.
    """
    if vr == "UI":
        return "U"
    return "C" if vr in WORD_VRS else "K"


def _content(name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads(files("deid.profile").joinpath(f"tables/{name}").read_text("utf-8"))
