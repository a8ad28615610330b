"""What is remembered of pixels takes no more room than it may."""

from __future__ import annotations

from deid.pixels.codecs.memory import Memory


def test_what_was_not_asked_for_the_longest_is_forgotten_first() -> None:
    memory = Memory[str](100)
    for name in ("first", "second"):
        memory.keep(name.encode(), 0, name, 40)
    assert memory.recall(b"first", 0) == "first"
    memory.keep(b"third", 0, "third", 40)
    assert memory.recall(b"second", 0) is None
    assert memory.recall(b"first", 0) == "first"


def test_it_never_holds_more_bytes_than_it_may() -> None:
    memory = Memory[str](100)
    names = [str(index) for index in range(50)]
    for name in names:
        memory.keep(name.encode(), 0, name, 30)
        memory.keep(name.encode(), 0, name, 30)
    assert [name for name in names if memory.recall(name.encode(), 0)] == names[-3:]
    memory.keep(b"large", 0, "large", 101)
    assert memory.recall(b"large", 0) is None
    assert memory.recall(names[-1].encode(), 0) == names[-1]


def test_what_was_found_in_another_way_is_not_what_is_asked_for() -> None:
    memory = Memory[str](100)
    memory.keep(b"tile", True, "inverted", 10)  # noqa: FBT003 - any key will do
    assert memory.recall(b"tile", False) is None  # noqa: FBT003
