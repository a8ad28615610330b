"""How the NER model reads: spaCy's tokenizer and the features of a word, made of what the word lists know of it.

The model sees a word itself only if it is clinical and was common in training; of every other word it sees what the
lists say (given name, surname, nothing …), its shape and its first and last letters. So it learns what stands where in
such texts and what names look like, instead of the names it was trained with.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import spacy
from spacy.strings import get_string_id
from spacy.tokens import Doc
from thinc.api import HashEmbed, Maxout, Model, chain, concatenate, list2ragged, ragged2list, with_array

from deid.text.fold import Folded, fold_text, fold_word
from deid.text.words.tokens import Standing, Token, words_of
from deid.text.words.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from spacy.vocab import Vocab

TOKENIZER, EMBEDDING = "deid.Words.v1", "deid.WordEmbedding.v1"
ROWS = {"note": 4000, "class": 200, "shape": 1000, "prefix": 3000, "suffix": 3000, "long suffix": 3000, "text": 100}
"""The features of a word, and the rows of the table that embeds each."""
NOTES, PIECES = "deid.notes", "deid.pieces"
_WORDS_FILE = "words.txt"
_INITIAL = {Standing.CLINICAL: "C", Standing.GENERAL: "G", Standing.NUMBER: "N", Standing.LETTER: "L"}
UNKNOWN = "U"
_SHORT, _LONG = 3, 4
_LONGEST_SHAPE = 12
_MANY = 3


class WordTokenizer:
    """The words that `deid.text.words.tokens` sees, and every other character as a token of its own.

    `doc.user_data[NOTES]` says for each token what is known of it: its class, and, if the model has learnt the word,
    `=` and the word. The classes: clinical C, general G, number N, letter L, unknown U, punctuation P, blank S; then g,
    s, r and t if it is a given name, a surname, a rare name, a word of a town's name.
    """

    def __init__(self, vocab: Vocab, words: Iterable[str] | None = None) -> None:
        self.vocab = vocab
        self.words = None if words is None else frozenset(words)
        """The words that the model has learnt; None while it learns: all."""

    def __call__(self, text: str) -> Doc:
        """The document, without entities."""
        pieces, spaces, notes = self.read(text)
        return Doc(self.vocab, words=pieces, spaces=spaces, user_data={NOTES: notes, PIECES: pieces})

    def read(self, text: str) -> tuple[list[str], list[bool], list[str]]:
        """The words, whether a blank follows each, and what is known of each."""
        folded = fold_text(text)
        return self._pieces(folded, words_of(folded))

    def _pieces(self, folded: Folded, tokens: Sequence[Token]) -> tuple[list[str], list[bool], list[str]]:
        pieces: list[str] = []
        spaces: list[bool] = []
        notes: list[str] = []

        def between(start: int, end: int) -> None:
            for character in folded.source[start:end]:
                if character == " " and spaces and not spaces[-1]:
                    spaces[-1] = True
                    continue
                pieces.append(character)
                spaces.append(False)
                notes.append("S" if character.isspace() else f"P={character}")

        position = 0
        towns = _in_towns(tokens)
        for index, token in enumerate(tokens):
            start, end = folded.place(token.start, token.end)
            if start < position:  # one character folds to several words: ½
                continue
            between(position, start)
            pieces.append(folded.source[start:end])
            spaces.append(False)
            notes.append(self._note(token, town=index in towns))
            position = end
        between(position, len(folded.source))
        return pieces, spaces, notes

    def _note(self, token: Token, *, town: bool) -> str:
        kind = class_of(token) + ("t" if town else "")
        if kind[0] in "CG" and (self.words is None or token.text in self.words):
            return f"{kind}={token.text}"
        return kind

    def to_disk(self, path: Path, **_: object) -> None:
        """Write the learnt words, sorted, one a line."""
        path.mkdir(parents=True, exist_ok=True)
        (path / _WORDS_FILE).write_text("".join(f"{word}\n" for word in sorted(self.words or ())), "utf-8")

    def from_disk(self, path: Path, **_: object) -> WordTokenizer:
        """Read the learnt words."""
        self.words = frozenset((path / _WORDS_FILE).read_text("utf-8").split())
        return self


def class_of(token: Token) -> str:
    """What the word lists know of a word: its standing and the lists of names that hold it."""
    vocabulary = load_vocabulary()
    bare = token.text.removesuffix("'s")
    kind = _INITIAL.get(token.standing, UNKNOWN)
    lists = (("g", vocabulary.given), ("s", vocabulary.surnames), ("r", vocabulary.rare))
    return kind + "".join(flag for flag, names in lists if bare in names)


def _in_towns(tokens: Sequence[Token]) -> set[int]:
    """The indices of words that are part of a town's name."""
    vocabulary = load_vocabulary()
    inside = {index for index, token in enumerate(tokens) if token.text in vocabulary.small_towns}
    for index, token in enumerate(tokens):
        for town in vocabulary.towns.get(token.text):
            if tuple(following.text for following in tokens[index : index + len(town)]) == town:
                inside.update(range(index, index + len(town)))
                break
    return inside


def make_tokenizer() -> Callable[[Any], WordTokenizer]:
    """The tokenizer as spaCy's configuration asks for it."""
    return lambda nlp: WordTokenizer(nlp.vocab)


def word_embedding(width: int, column_width: int, rows: list[int]) -> Model[list[Doc], Any]:
    """Vectors of words: one hashed embedding a feature (`rows` has as many entries as `ROWS`), mixed to `width`."""
    tables = [HashEmbed(column_width, size, column=i, seed=i + 1, dropout=0.0) for i, size in enumerate(rows)]
    mix = Maxout(nO=width, nI=column_width * len(rows), nP=3, dropout=0.0, normalize=True)
    return chain(Model("word_features", _features), list2ragged(), with_array(chain(concatenate(*tables), mix)),
                 ragged2list())  # fmt: skip


def _features(model: Model[Any, Any], docs: Sequence[Doc], is_train: bool) -> tuple[list[Any], Callable[[Any], Any]]:  # noqa: ARG001
    arrays = []
    for doc in docs:
        notes = doc.user_data[NOTES]
        whole = text_feature(notes, doc.text)
        rows = [(*word_features(note, piece), whole) for note, piece in zip(notes, doc.user_data[PIECES], strict=True)]
        arrays.append(model.ops.asarray2i(rows, dtype="uint64") if rows else model.ops.alloc2i(0, len(ROWS)))
    return arrays, lambda _: []


def text_feature(notes: Sequence[str], text: str) -> int:
    """How the text as a whole is written: its case, how many words in it are clinical, and how many unknown."""
    clinical = min(_MANY, sum(note[0] == "C" for note in notes))
    unknown = min(_MANY, sum(note[0] == UNKNOWN for note in notes))
    case = "A" if text.isupper() else "a" if text.islower() else "x"
    return _hashed(f"text {case}{clinical}{unknown}")


@lru_cache(maxsize=65536)
def word_features(note: str, text: str) -> tuple[int, ...]:
    """The hashed features of a word, in the order of `ROWS` (without the text's)."""
    kind, _, word = note.partition("=")
    letters = "".join("0" if c.isdigit() else c for c in fold_word(text))
    features = (
        f"note {note}",
        f"class {kind}",
        f"shape {_shape(text)} {word if kind == 'P' else ''}",
        f"prefix {letters[:_SHORT]}",
        f"suffix {letters[-_SHORT:]}",
        f"long suffix {letters[-_LONG:]}",
    )
    return tuple(map(_hashed, features))


def _hashed(feature: str) -> int:
    return int(get_string_id(feature))


def _shape(text: str) -> str:
    """`Aa5` for Müller: the case of its letters, digits and marks without repetitions, and the length."""
    marks: list[str] = []
    for character in text[:_LONGEST_SHAPE]:
        mark = "0" if character.isdigit() else "A" if character.isupper() else "a" if character.islower() else character
        mark = mark if mark.isascii() else "*"
        if not marks or marks[-1] != mark:
            marks.append(mark)
    return f"{''.join(marks)}{min(len(text), _LONGEST_SHAPE)}"


spacy.registry.tokenizers(TOKENIZER, func=make_tokenizer)
spacy.registry.architectures(EMBEDDING, func=word_embedding)
