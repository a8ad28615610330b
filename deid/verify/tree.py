"""A data set laid flat: every attribute at any depth with its encoded value, to compare two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydicom.charset import convert_encodings

from deid.header.attribute import SPECIFIC_CHARACTER_SET, read_attribute
from deid.plan import AttributePath

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

    from deid.header.attribute import Attribute

DEFAULT_ENCODINGS = ("iso8859",)


def attributes(dataset: Dataset) -> Iterator[tuple[AttributePath, Attribute]]:
    """Yield every attribute of `dataset` at any depth, an enclosing sequence before its items."""
    stack: list[tuple[Dataset, tuple[tuple[int, int], ...], tuple[str, ...]]] = [(dataset, (), DEFAULT_ENCODINGS)]
    while stack:
        current, parents, inherited = stack.pop()
        encodings = _encodings(current, inherited)
        for tag in sorted(current.keys()):
            attribute = read_attribute(current, tag, encodings)
            yield AttributePath(tag, parents), attribute
            for index, item in enumerate(attribute.items or ()):
                stack.append((item, (*parents, (tag, index)), encodings))


def _encodings(dataset: Dataset, inherited: tuple[str, ...]) -> tuple[str, ...]:
    """Python's names of the character sets that hold in `dataset` (PS3.3 C.12.1.1.2)."""
    if SPECIFIC_CHARACTER_SET not in dataset:
        return inherited
    attribute = read_attribute(dataset, SPECIFIC_CHARACTER_SET, inherited)
    terms = (attribute.data or b"").decode("ascii", "replace").split("\\")
    return tuple(convert_encodings([term.strip(" \0") for term in terms]))
