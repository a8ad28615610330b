"""The NER engine: Presidio's `AnalyzerEngine` with recognisers of our own only, over a spaCy pipeline.

Presidio's defaults would download a model, fetch a list of public suffixes and misfire on clinical text; none of its
predefined recognisers is registered here, and nothing touches the network.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpArtifacts, SpacyNlpEngine

from deid.text.fold import Folded, fold_text
from deid.text.names.cues import find_cues
from deid.text.names.lone_names import find_lone_names
from deid.text.names.runs import PARTICLES, name_run
from deid.text.ner.entities import OWN_LABELS, STOCK_LABELS, as_prose, own_spans, stock_spans, weak_spans
from deid.text.ner.pipeline import OWN, is_own, load_pipeline
from deid.text.ner.tagger import FACTORY, SCORES
from deid.text.patterns.find import find_patterns
from deid.text.spans import Span
from deid.text.words.tokens import Token, words_of
from deid.text.words.vocabulary import read_terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.language import Language

_LABELS = {**OWN_LABELS, **STOCK_LABELS}
_LANGUAGE = "en"
"""What Presidio files our recognisers under; they read any language."""
_LONG_NAME, _SHORT_NAME, _MOST_ALONE = 4, 3, 3
_MORE = "reason"


class _OfflineSpacy(SpacyNlpEngine):
    """A spaCy pipeline given as it is: `load` has nothing to fetch. Another's is shown texts as prose."""

    def __init__(self, pipeline: Language) -> None:
        super().__init__(
            models=[{"lang_code": _LANGUAGE, "model_name": pipeline.meta["name"]}],
            ner_model_configuration=NerModelConfiguration(
                model_to_presidio_entity_mapping={label: label for label in _LABELS},
                labels_to_ignore=[label for label in _labels_of(pipeline) if label not in _LABELS],
            ),
        )
        self.nlp: Any = {_LANGUAGE: pipeline}
        self._own = is_own(pipeline)

    def load(self) -> None:
        """Nothing: the pipeline was given."""

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """The entities of the text, with places in the text as it was given.

        Of our own model nothing else is taken over: our recognisers read no lemmas or keywords.
        """
        if not self._own:
            return self._doc_to_nlp_artifact(self.nlp[language](as_prose(text)), language)
        pipeline = self.nlp[language]
        if pipeline.pipe_names == [FACTORY]:
            entities, scores = pipeline.get_pipe(FACTORY).find(pipeline.tokenizer, text)
        else:
            doc = pipeline(text)
            entities, scores = list(doc.ents), doc.user_data[SCORES]
        return NlpArtifacts(entities, None, [], [], None, language, scores)


class _NoContext(ContextAwareEnhancer):
    """Presidio's search for context words, left out: our recognisers look at the context themselves."""

    def __init__(self) -> None:
        super().__init__(0, 0, 0, 0)

    def enhance_using_context(
        self,
        text: str,  # noqa: ARG002
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,  # noqa: ARG002
        recognizers: list[EntityRecognizer],  # noqa: ARG002
        context: list[str] | None = None,  # noqa: ARG002
    ) -> list[RecognizerResult]:
        """The results as they are."""
        return raw_results


def _labels_of(pipeline: Language) -> list[str]:
    return [label for labels in pipeline.pipe_labels.values() for label in labels]


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
        EnvironmentFault: when the spaCy pipeline that the profile names is not installed.
    """

    def __init__(self, nlp: str = OWN) -> None:
        """Load the model.

        Args:
            nlp: `own`, `off`, or the name or path of an installed spaCy pipeline.
        """
        self._engines = {line: _engine(load_pipeline(nlp), line=line) for line in (False, True)}
        self._cached = lru_cache(maxsize=16384)(self._analyse)

    def find(self, text: str, *, line: bool) -> tuple[Span, ...]:
        """Spans of `text` that identify by form, cue or as a named entity; they can overlap."""
        return self._cached(text, line)

    def _analyse(self, text: str, line: bool) -> tuple[Span, ...]:
        results = self._engines[line].analyze(text, _LANGUAGE)
        spans = [
            Span(found.start, found.end, found.entity_type.lower(), found.recognition_metadata[_MORE], found.score)
            for found in results
        ]
        return tuple(sorted(spans))


def _engine(pipeline: Language, *, line: bool) -> AnalyzerEngine:
    def as_read(text: str, _: NlpArtifacts) -> list[Span]:
        return find_patterns(fold_text(text), line=line)

    def by_cue(text: str, _: NlpArtifacts) -> list[Span]:
        return find_cues(fold_text(text), line=line)

    def by_list(text: str, _: NlpArtifacts) -> list[Span]:
        folded = fold_text(text)
        return [*_listed_names(folded), *(() if line else find_lone_names(folded))]

    def by_model(text: str, artifacts: NlpArtifacts) -> list[Span]:
        if not is_own(pipeline):
            return stock_spans(text, artifacts)
        return [*own_spans(text, artifacts, line=line), *weak_spans(text, artifacts, line=line)]

    recognizers = [_SpanRecognizer(name, find) for name, find in
                   (("forms", as_read), ("cues", by_cue), ("names", by_list), ("entities", by_model))]  # fmt: skip
    return AnalyzerEngine(
        registry=RecognizerRegistry(recognizers=recognizers, supported_languages=[_LANGUAGE]),
        nlp_engine=_OfflineSpacy(pipeline),
        context_aware_enhancer=_NoContext(),
    )


def _listed_names(folded: Folded) -> list[Span]:
    """Common names that are nothing clinical, two or more side by side or a longer one alone; unknown words alone."""
    tokens = words_of(folded)
    if 1 < len(tokens) <= _MOST_ALONE and all(map(_is_strange, tokens)):
        place = folded.place(tokens[0].start, tokens[-1].end)
        return [Span(*place, "name", "nothing but words that nothing vouches for", 0.6)]
    spans = []
    index = 0
    while index < len(tokens):
        count, unvouched = name_run(folded.text, tokens, index)
        run = tokens[index : index + count]
        if count > 1 and unvouched and sum(map(_may_be_of_name, run)) > 1:
            spans.append(Span(*folded.place(run[0].start, run[-1].end), "name", "common names side by side", 0.7))
        else:
            alone = (token for token in run if token.name and not token.vouched and _stands_free(folded, token))
            spans += [Span(*folded.place(token.start, token.end), "name", "common name", 0.55) for token in alone]
        index += max(1, count)
    return spans


def _may_be_of_name(token: Token) -> bool:
    """Whether some list holds a word as a name, and it is none of those in all texts: `gas in`, not `van Doorn`."""
    return token.may_be_name and (token.text in PARTICLES or token.text not in read_terms().general)


def _is_strange(token: Token) -> bool:
    """Whether nothing vouches for a capitalised word: beside others of the kind, and nothing else, it is a name."""
    return token.strange and len(token.text) >= _SHORT_NAME


def _stands_free(folded: Folded, token: Token) -> bool:
    """Whether a single name is long enough, no part of a compound such as `X-WISE`, and not in lower case."""
    text = folded.text
    if folded.source.islower():
        return False
    before, after = text[max(0, token.start - 1) : token.start], text[token.end : token.end + 1]
    return len(token.text) >= _LONG_NAME and not {before, after} & {"-", "/", "."}
