from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

from deid.profile import TextPolicy
from deid.text import TextEngine, lazily
from deid.text.lazily import compile_lazily
from deid.text.patterns.dates import find_dates

if TYPE_CHECKING:
    from collections.abc import Callable


def test_an_expression_is_compiled_when_it_is_first_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lazily, "_all", [])
    wrong = compile_lazily("(")
    with pytest.raises(re.error):
        wrong.search("(")


def test_it_does_what_a_compiled_one_does() -> None:
    pattern, flags, text = r"(?P<word>[a-z]+)(\d)?", re.IGNORECASE, "Ab1 cd 2"
    lazy, compiled = compile_lazily(pattern, flags), re.compile(pattern, flags)
    assert lazy.pattern == compiled.pattern
    assert (lazy.flags, lazy.groups, lazy.groupindex) == (compiled.flags, compiled.groups, compiled.groupindex)
    asked: tuple[Callable[[re.Pattern[str]], object], ...] = (
        lambda one: [match.span() for match in one.finditer(text)],
        lambda one: one.sub("-", text),
        lambda one: one.split(text),
    )
    for _ in range(2):
        assert [ask(lazy) for ask in asked] == [ask(compiled) for ask in asked]


def test_what_judges_texts_is_compiled_once_for_all_workers_that_do(monkeypatch: pytest.MonkeyPatch) -> None:
    TextEngine(TextPolicy(nlp="off")).warm_up()
    monkeypatch.setattr(re, "compile", None)
    re.purge()
    assert date(2021, 3, 3) in {day for hit in find_dates("seen on 3 march 2021") for day in hit.days}


def test_headers_alone_do_without_the_long_ones_and_know_the_lists_of_names() -> None:
    code = """
from deid.batch.processed import preload
preload()
from deid.text.patterns import dates
from deid.text.words import vocabulary
assert "search" not in vars(dates._MONTH_FORMS[0])
def read_table(name): raise AssertionError(name)
vocabulary.read_table = read_table
assert vocabulary.load_vocabulary().may_be_name("smith")
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
