"""A secret planted anywhere in a random, hostile data set is in no byte of what is written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from deid.errors import InstanceError
from deid.profile import list_options, load_profile

SECRET = b"ZYXWVUT"
ICON = 0x00880200
SEQUENCES = [0x00081115, 0x00082218, 0x00400275, 0x0040A730, 0x52009229, 0x00091010, 0x00187FF0, 0x300A00B0, ICON]
TEXTS = [
    0x00080060,
    0x0008103E,
    0x00081050,
    0x00181040,
    0x00104000,
    0x00090010,
    0x00090011,
    0x00091001,
    0x00091101,
    0x00090001,
    0x00187FF1,
    0x00080104,
    0x00200013,
    0x00180050,
    0x00080020,
    0x00080014,
    0x00280010,
    0x00282000,
    0x60000022,
    0x60001500,
    0x50000005,
    0x00080005,
    0x00080000,
    0xFFFCFFFC,
    0x00400254,
    0x00200011,
    0x00189073,
]
VRS = [
    "LO",
    "SH",
    "PN",
    "UT",
    "LT",
    "ST",
    "CS",
    "AE",
    "IS",
    "DS",
    "DA",
    "TM",
    "DT",
    "AS",
    "UI",
    "UR",
    "UC",
    "US",
    "UL",
    "FD",
    "SL",
    "OB",
    "OW",
    "OF",
    "UN",
    "AT",
    "XX",
]

planted = st.sampled_from(
    [
        SECRET,
        b"x " + SECRET + b" y",
        SECRET.lower(),
        b"A\\" + SECRET + b"\\B",
        b"12" + SECRET,
        SECRET + b"\0",
        b"^" + SECRET + b"^^Dr",
        SECRET * 3,
        b"\xff" + SECRET,
        b"1.2." + SECRET,
        SECRET + b"=" + SECRET,
        b" " * 9 + SECRET,
        b"\x1b$B" + SECRET,
        SECRET + b"1",
    ]
)
leaf = st.tuples(st.sampled_from(TEXTS), st.sampled_from(VRS), planted)


def nested(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    flags = st.booleans()
    items = st.lists(children, max_size=2)
    sequence = st.tuples(st.sampled_from(SEQUENCES), st.sampled_from(["SQ", "UN", "OB"]), flags, flags, flags, items)
    return st.tuples(st.lists(leaf, max_size=4), st.lists(sequence, max_size=3))


tree: st.SearchStrategy[Any] = st.recursive(
    st.lists(leaf, max_size=5).map(lambda leaves: (leaves, [])), nested, max_leaves=8
)


def encoded(node: Any, coder: Any, encoder: Any) -> dict[int, bytes]:
    leaves, sequences = node
    elements = {}
    for tag, vr, value in leaves:
        elements[tag] = coder.element(tag, vr, value + b" " * (len(value) % 2))
    for tag, vr, undefined, undefined_items, implicit_inside, items in sequences:
        inner = encoder(implicit=True) if vr == "UN" and implicit_inside else coder
        value = b""
        for item in items:
            content = encoded(item, inner, encoder)
            if tag == ICON:
                content[0x7FE00010] = inner.element(0x7FE00010, "OB", SECRET + b" ")
            value += inner.item(b"".join(data for _, data in sorted(content.items())), undefined=undefined_items)
        elements[tag] = coder.element(tag, vr, value, undefined=undefined and vr != "OB")
    return elements


OPTIONS = [info.name for info in list_options()]
RULED = [tag for tag in (*TEXTS, *SEQUENCES) if tag not in {0x00080005, 0x00080000, 0x00280010, 0xFFFCFFFC}]
"""Attributes that a user's rule may be about: it is not about what says how to read the rest."""


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    node=tree,
    coding=st.sampled_from([{}, {"implicit": True}, {"little": False}]),
    profile=st.sampled_from(["basic", "tcia"]),
    options=st.sets(st.sampled_from(OPTIONS)),
    rules=st.dictionaries(st.sampled_from(RULED), st.sampled_from("KCXZDU"), max_size=6),
    creator=st.sampled_from([b"GEMS_PETD_01", b"SIEMENS MR HEADER ", b"philips imaging dd 001"]),
)
def test_secret_is_nowhere_under_any_options(
    node: Any,
    coding: Any,
    profile: str,
    options: set[str],
    rules: dict[int, str],
    creator: bytes,
    deid: Any,
    encoder: Any,
) -> None:
    coder = encoder(**coding)
    room = replace(deid, profile=load_profile(profile, sorted(options))).with_rules(rules)
    elements = encoded(node, coder, encoder)
    # A block of a known creator, whose elements the tables keep, beside those that hold the secret in their creator.
    for group in (0x0009, 0x0019, 0x2001):
        elements[group << 16 | 0x12] = coder.element(group << 16 | 0x12, "LO", creator + b" " * (len(creator) % 2))
        for low_byte in (0x01, 0x05, 0x07, 0x0A, 0x0C, 0x25):
            tag = group << 16 | 0x1200 | low_byte
            elements[tag] = coder.element(tag, "UN" if low_byte % 2 else "LO", b"x " + SECRET + b" ")
    try:
        dataset = coder.read(elements)
    except Exception:  # noqa: BLE001 - what pydicom can't read at all is the reader's matter
        return
    try:
        written = room.write(dataset)
    except InstanceError:
        return
    assert SECRET.lower() not in written.lower()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(node=tree, coding=st.sampled_from([{}, {"implicit": True}, {"little": False}]), private=st.sampled_from("XK"))
@example(node=([(0x00187FF1, "XX", SECRET + b" ")], []), coding={}, private="K")
def test_secret_is_nowhere(node: Any, coding: Any, private: str, deid: Any, encoder: Any) -> None:
    coder = encoder(**coding)
    room = deid.with_rules({}, private=private)
    try:
        dataset = coder.read(encoded(node, coder, encoder))
    except Exception:  # noqa: BLE001 - what pydicom can't read at all is the reader's matter
        return
    try:
        written = room.write(dataset)
    except InstanceError:
        return
    assert SECRET.lower() not in written.lower()
