"""Walking a data set to any depth, with the bounds that keep a hostile one from costing more than it may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydicom.tag import BaseTag

from deid.attributes.attribute import SPECIFIC_CHARACTER_SET, read_attribute, tags_of
from deid.attributes.charset import DEFAULT, encodings_of
from deid.errors import InstanceError, Reason
from deid.plan import AttributePath

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

    from deid.attributes.attribute import Attribute

MAX_DEPTH = 64
MAX_ATTRIBUTES = 2_000_000
_ASCII = ("ascii",)
_CHARACTER_SET = BaseTag(SPECIFIC_CHARACTER_SET)

Level = tuple["Dataset", tuple[tuple[int, int], ...], tuple[str, ...]]


def attributes(dataset: Dataset) -> Iterator[tuple[AttributePath, Attribute]]:
    """Yield every attribute of `dataset` at any depth, a sequence before its items; UN sequences are entered too.

    Raises:
        InstanceError: MALFORMED when sequences nest deeper than `MAX_DEPTH`, TOO_LARGE when there are more than
            `MAX_ATTRIBUTES` attributes.
    """
    stack: list[Level] = [(dataset, (), DEFAULT)]
    count = 0
    while stack:
        current, parents, inherited = stack.pop()
        check_depth(len(parents))
        encodings = item_encodings(current, inherited)
        tags = tags_of(current)
        count += len(tags)
        check_count(count)
        for tag in tags:
            attribute = read_attribute(current, tag, encodings)
            yield AttributePath(tag, parents), attribute
            items = tuple(enumerate(attribute.items or ()))
            stack.extend((item, (*parents, (tag, index)), encodings) for index, item in reversed(items))


def check_depth(depth: int) -> None:
    """Refuse to go deeper than `MAX_DEPTH`."""
    if depth > MAX_DEPTH:
        raise InstanceError(Reason.MALFORMED, f"sequences nest deeper than {MAX_DEPTH} levels")


def check_count(count: int) -> None:
    """Refuse more than `MAX_ATTRIBUTES` attributes."""
    if count > MAX_ATTRIBUTES:
        raise InstanceError(Reason.TOO_LARGE, f"more than {MAX_ATTRIBUTES} attributes")


def item_encodings(dataset: Dataset, inherited: tuple[str, ...]) -> tuple[str, ...]:
    """The character sets in force in a data set or item: its own, else those of what encloses it (PS3.5 7.5.3).

    Where its own attribute is no defined term the attribute will go, and only ASCII can be read.
    """
    if _CHARACTER_SET not in dataset:
        return inherited
    data = read_attribute(dataset, SPECIFIC_CHARACTER_SET, DEFAULT).data or b""
    terms = tuple(term.strip(" \0") for term in data.decode("latin-1").split("\\"))
    return encodings_of(terms) or _ASCII
