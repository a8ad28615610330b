"""Every place of an attribute in a data set, with what rules may ask about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deid.attributes.attribute import is_private, is_private_creator, private_creator_tag, read_attribute, tags_of
from deid.attributes.charset import DEFAULT, decode
from deid.attributes.tree import check_count, check_depth, item_encodings
from deid.plan import AttributePath
from deid.profile.lookup.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

    from deid.attributes.attribute import Attribute

_Level = tuple["Dataset", tuple[tuple[int, int], ...], tuple[str, ...], Scope]


@dataclass(frozen=True, slots=True)
class Place:
    """An attribute where it stands. Its repr shows no value."""

    path: AttributePath
    attribute: Attribute = field(repr=False)
    creator: str | None = field(repr=False)
    """For a private attribute the creator of its block, for a Private Creator element its own text."""
    scope: Scope = field(repr=False)


def places(dataset: Dataset) -> Iterator[Place]:
    """Yield every attribute at any depth, a sequence before its items.

    Raises:
        InstanceError: MALFORMED or TOO_LARGE, when sequences nest too deep or there are too many attributes.
    """
    encodings = item_encodings(dataset, DEFAULT)
    stack: list[_Level] = [(dataset, (), encodings, Scope(dataset, encodings))]
    count = 0
    while stack:
        current, parents, encodings, scope = stack.pop()
        check_depth(len(parents))
        tags = tags_of(current)
        count += len(tags)
        check_count(count)
        creators = {tag: _text(current, tag, encodings) for tag in tags if is_private_creator(tag)}
        for tag in tags:
            creator = creators.get(tag if is_private_creator(tag) else private_creator_tag(tag))
            attribute = read_attribute(current, tag, encodings, creator)
            yield Place(AttributePath(tag, parents), attribute, creator if is_private(tag) else None, scope)
            stack.extend(_items(attribute, parents, scope))


def _items(attribute: Attribute, parents: tuple[tuple[int, int], ...], scope: Scope) -> Iterator[_Level]:
    for index, item in reversed(tuple(enumerate(attribute.items or ()))):
        encodings = item_encodings(item, attribute.encodings)
        inner = Scope(item, encodings, (attribute.tag, scope))
        yield item, (*parents, (attribute.tag, index)), encodings, inner


def _text(dataset: Dataset, tag: int, encodings: tuple[str, ...]) -> str | None:
    text = decode(read_attribute(dataset, tag, encodings).data or b"", encodings, "LO")
    return text.strip(" \0") or None if text is not None else None
