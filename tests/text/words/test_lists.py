"""Long sorted lists: what they hold, asked by initials or by bisection."""

from __future__ import annotations

from deid.text.words.lists import SeldomAsked, WordList

WORDS = ["aal", "abt", "b", "bad", "bade", "baden", "zebra", "zebras", "zz"]
TABLE = "# Source: a test\n# Licence: none\n[words]\n" + "\n".join(WORDS) + "\n"
OTHERS = ["", "a", "aa", "ab", "bades", "ba", "zebr", "zzz", "words", "[words]", "# source: a test", "bad\nbade"]


def test_both_hold_the_words_and_no_others() -> None:
    for held in (WordList(lambda: TABLE), SeldomAsked(lambda: TABLE)):
        assert [word for word in [*WORDS, *OTHERS] if word in held] == WORDS


def test_a_table_is_read_at_the_first_question_and_once() -> None:
    reads: list[str] = []

    def read() -> str:
        reads.append("read")
        return TABLE

    held = SeldomAsked(read)
    assert not reads
    assert "baden" in held
    assert "bades" not in held
    assert reads == ["read"]
