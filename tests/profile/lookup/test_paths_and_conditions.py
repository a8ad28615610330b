"""Paths and conditions by themselves: against a plain oracle, and bounded in time."""

from __future__ import annotations

import fnmatch
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.profile.lookup.conditions import Condition
from deid.profile.lookup.paths import ANY_LEVELS, ONE_LEVEL, PathSyntaxError, SequencePath, split_path

TAGS = st.sampled_from([0x00400275, 0x0040A730, 0x00081115])
LEVELS = st.one_of(TAGS, st.just(ONE_LEVEL), st.just(ANY_LEVELS))


@given(levels=st.lists(LEVELS, max_size=6), from_top=st.booleans(), parents=st.lists(TAGS, max_size=6))
def test_paths_match_as_a_regular_expression_would(levels: list[int], from_top: bool, parents: list[int]) -> None:
    names = {ONE_LEVEL: r"(?:\w+/)", ANY_LEVELS: r"(?:\w+/)*"}
    oracle = "".join(names.get(level, f"{level}/") for level in levels)
    wanted = re.fullmatch(oracle if from_top else rf"(?:\w+/)*{oracle}", "".join(f"{tag}/" for tag in parents))
    assert SequencePath(tuple(levels), from_top).matches(tuple(parents)) is (wanted is not None)


def test_a_path_in_words() -> None:
    path, last = split_path("> RequestAttributesSequence > * > ** > CodeValue")
    assert (path, last) == (SequencePath((0x00400275, ONE_LEVEL, ANY_LEVELS), from_top=True), "CodeValue")
    assert str(path) == "> (0040,0275) > * > **"
    assert split_path("(0040,0275) > **") == (SequencePath((0x00400275, ANY_LEVELS)), "*")


@given(st.text(max_size=60) | st.text(alphabet="*> ()0,xAZ", max_size=60))
def test_any_text_is_a_path_or_refused(text: str) -> None:
    said = ""
    try:
        split_path(text)
    except PathSyntaxError as error:
        said = str(error)
    assert "\n" not in said or "\n" in text


@given(pattern=st.text(alphabet="ab*?[]!-", max_size=12), value=st.text(alphabet="abAB ", max_size=12))
def test_patterns_match_whole_values_as_file_names_do(pattern: str, value: str) -> None:
    condition = Condition(0x00080070, "matches", (pattern,), "Manufacturer")
    plain = " ".join(value.casefold().split())
    assert condition.met_by([value]) is fnmatch.fnmatchcase(plain, " ".join(pattern.casefold().split()))


@pytest.mark.parametrize("pattern", ["*a" * 128, "*ab" * 80 + "c", "*?" * 128 + "b", "*[ab]" * 60 + "c"])
def test_no_pattern_takes_long(pattern: str) -> None:
    condition = Condition(0x00080070, "matches", (pattern,), "Manufacturer")
    start = time.perf_counter()
    condition.met_by(["a" * 65000, "ab" * 32000])
    assert time.perf_counter() - start < 2
