"""Words in small letters among others of a sentence: `casa` is a house there, `war` a verb, though both are names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deid.text.words.vocabulary import load_vocabulary, words_of_section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.text.words.tokens import Token

_FEWEST_SMALL, _SHARE_KNOWN, _SHORTEST_ROLE = 2, 0.5, 5
_LEADING = frozenset[str]().union(
    *map(
        words_of_section,
        (
            "titles",
            "cue words before names",
            "roles that a name follows",
            "relatives and carers",
            "words for the patient",
            "verbs before whom one reaches",
        ),
    )
)
"""Behind these a name stands, however it is written: `seen by dr sharp`."""
_ROLES = frozenset(word for word in words_of_section("doubtful cue words before names") if len(word) >= _SHORTEST_ROLE)
"""So it does behind these, prepositions left out: `fellow sharp`, `Hausarzt sharp`."""
_PARTICLES = words_of_section("particles")
_SAYING = words_of_section("what people say and do")


def words_in_small_letters(tokens: Sequence[Token]) -> set[Token]:
    """Common words that are, or may be, names, too, in a text whose writer uses capitals: names would have one.

    Not beside a name in small letters that is no such word (`mary wall`), and not where little else is known.
    """
    words = [token for token in tokens if token.text.isalpha() and len(token.text) > 1]
    doubtful = {token for token in words if _is_doubtful(token)}
    if not doubtful:
        return doubtful
    rest = [token for token in words if token not in doubtful]
    known = sum(token.vouched for token in rest)
    small = sum(token.vouched and not token.capital for token in rest)
    if small < _FEWEST_SMALL or known < _SHARE_KNOWN * len(rest):
        return set()
    names = {index for index, token in enumerate(tokens) if _is_small_name(token) and token not in doubtful}
    return {
        token
        for index, token in enumerate(tokens)
        if token in doubtful and not names & {index - 1, index + 1} and not is_led(tokens, index)
    }


def is_led(tokens: Sequence[Token], index: int) -> bool:
    """Whether a name may follow the word before this one, and this is no verb of people: `Patientin war`.

    Particles and other parts of a name may stand between: `Hausarzt van den broek`.
    """
    if tokens[index].text in _SAYING:
        return False
    for place in range(index - 1, -1, -1):
        before = tokens[place]
        if before.text in _LEADING or before.text in _ROLES:
            return True
        if before.vouched and before.text not in _PARTICLES:
            return False
    return False


def _is_doubtful(token: Token) -> bool:
    if token.vouched or token.capital:
        return False
    return token.text in load_vocabulary().small or token.text in load_vocabulary().prose


def _is_small_name(token: Token) -> bool:
    return not (token.vouched or token.capital) and token.may_be_name
