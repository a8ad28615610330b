"""Which attributes a rule speaks of: one tag, a repeating group, one private element, or all private attributes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from deid.attributes.attribute import is_private
from deid.profile.lookup.structure import PASSED_OVER

_TAG = re.compile(r"\(?([0-9A-Fx]{4}),?([0-9A-Fx]{4})\)?", re.IGNORECASE)
_EXACT_MASK = 0xFFFFFFFF
_GROUP = re.compile(r"[0-9A-F]{4}", re.IGNORECASE)
_PRIVATE_TEXT = "(gggg,eeee)"
_PRIVATE_ELEMENT_MASK = 0xFFFF00FF
_GROUP_MASK = 0xFFFF0000
LOWEST_PRIVATE_ELEMENT = 0x1000
"""Elements below are Private Creators or reserved (PS3.5 7.8.1)."""


class TagSyntaxError(ValueError):
    """The text is no tag and no tag pattern; the message says what is wrong and is for the profile's author."""


@dataclass(frozen=True, slots=True, order=True)
class TagPattern:
    """The attributes a rule matches.

    `mask` has the bits that count and `value` what they must be. `creator` is the normalised Private Creator of a
    private element (of which only the group and the low byte count, PS3.5 7.8), else empty. The pattern of all private
    attributes has mask 0.
    """

    value: int
    mask: int = _EXACT_MASK
    creator: str = ""

    @property
    def exact(self) -> bool:
        """Whether it is one public tag."""
        return self.mask == _EXACT_MASK

    @property
    def all_private(self) -> bool:
        """Whether it is the pattern of every attribute in an odd group."""
        return self.mask == 0

    @property
    def digits(self) -> int:
        """How many hexadecimal digits of the tag it fixes; those of a private element's block go with its creator."""
        return 8 if self.creator else self.mask.bit_count() // 4

    @property
    def odd_group(self) -> int | None:
        """The group, if it is the pattern of a whole private group."""
        whole = self.mask == _GROUP_MASK and not self.creator and is_private(self.value)
        return self.value >> 16 if whole else None

    def matches(self, tag: int) -> bool:
        """Whether a public `tag` is meant; a repeating group such as 50xx is even (PS3.5 7.6).

        What an instance can't be read or released without, only the exact pattern matches.
        """
        if self.exact:
            return tag == self.value
        fits = not self.all_private and tag & self.mask == self.value and not is_private(tag)
        return fits and tag not in PASSED_OVER

    def matches_private(self, tag: int, creator: str | None) -> bool:
        """Whether a private `tag`, in a block of this normalised creator, is meant."""
        if self.creator:
            data = tag & 0xFFFF >= LOWEST_PRIVATE_ELEMENT
            return data and tag & self.mask == self.value and creator == self.creator
        return self.all_private or self.odd_group == tag >> 16

    def __str__(self) -> str:
        if self.all_private:
            return _PRIVATE_TEXT
        digits = "".join(
            f"{self.value >> shift & 0xF:X}" if self.mask >> shift & 0xF else "x" for shift in range(28, -1, -4)
        )
        return f"({digits[:4]},{digits[4:]})"


ALL_PRIVATE = TagPattern(0, 0)


def normalised_creator(creator: str) -> str:
    """A Private Creator for comparison: neither case nor blanks around or within it count."""
    return "".join(creator.split()).replace("\0", "").upper()


def parse_tag(text: str, creator: str | None = None) -> TagPattern:
    """Read `(0010,0020)`, `00100020`, `(50xx,xxxx)`, `(gggg,eeee)` or, with `creator`, `(0029,xx10)`.

    Raises:
        TagSyntaxError: The text is none of them, or it can never match an attribute.
    """
    if text.strip().lower() == _PRIVATE_TEXT:
        if creator is not None:
            raise TagSyntaxError("name the group and element of a private attribute, such as (0029,xx10)")
        return ALL_PRIVATE
    match = _TAG.fullmatch(text.strip())
    if match is None:
        raise TagSyntaxError("a tag is written (0010,0020), a repeating group (50xx,xxxx)")
    digits = (match[1] + match[2]).lower()
    value = int(digits.replace("x", "0"), 16)
    mask = int("".join("0" if digit == "x" else "F" for digit in digits), 16)
    if creator is not None:
        return _private_element(value, mask, creator)
    if digits[3] != "x" and is_private(value):
        raise TagSyntaxError("a private attribute needs its `creator:`, as its block number varies between files")
    if digits[:2] == "xx":
        raise TagSyntaxError("a pattern needs the first two digits of its group")
    return TagPattern(value, mask)


def parse_group(text: str) -> TagPattern:
    """Read a group number, such as `0008`; an odd one is a group of private attributes.

    Raises:
        TagSyntaxError: The text is no group number.
    """
    if _GROUP.fullmatch(text.strip()) is None:
        raise TagSyntaxError("a group is written in four hexadecimal digits, such as 0008")
    return TagPattern(int(text, 16) << 16, _GROUP_MASK)


def _private_element(value: int, mask: int, creator: str) -> TagPattern:
    if mask & _PRIVATE_ELEMENT_MASK != _PRIVATE_ELEMENT_MASK or not is_private(value):
        raise TagSyntaxError(
            "a rule with `creator:` needs an odd group and the element's last two digits, as (0029,xx10)"
        )
    if mask & 0xFF00 and value & 0xFFFF < LOWEST_PRIVATE_ELEMENT:
        raise TagSyntaxError("elements below 1000 of an odd group are Private Creators and no private data")
    if not normalised_creator(creator):
        raise TagSyntaxError("`creator:` is blank")
    return TagPattern(value & _PRIVATE_ELEMENT_MASK, _PRIVATE_ELEMENT_MASK, normalised_creator(creator))
