"""Loading a spaCy pipeline: the one that ships with `deid`, none, or one that the profile names. Nothing is fetched."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import spacy

from deid.errors import EnvironmentFault
from deid.text.ner.tagger import FACTORY

if TYPE_CHECKING:
    from spacy.language import Language

OWN, OFF = "own", "off"
OWN_MODEL = Path(__file__).parents[1] / "model"
_UNUSED = ("parser", "lemmatizer", "attribute_ruler", "tagger", "senter", "morphologizer")
_REMEDY = "install it as its makers say (deid downloads nothing), or correct `nlp:` in the profile"


@lru_cache(maxsize=2)
def load_pipeline(nlp: str) -> Language:
    """The pipeline, loaded once a process.

    Args:
        nlp: `own`, `off`, or the name or path of an installed spaCy pipeline with named entities.

    Raises:
        EnvironmentFault: when there is no such pipeline, or it can't be loaded, or finds no named entities.
    """
    if nlp == OFF:
        return spacy.blank("xx")
    if nlp == OWN:
        pipeline = _load(str(OWN_MODEL), "that ships with deid can't be loaded", "install deid again")
        pipeline.get_pipe(FACTORY).freeze()
        return pipeline
    if not spacy.util.is_package(nlp) and not Path(nlp).is_dir():
        raise EnvironmentFault(f"the spaCy pipeline `{nlp}` that the profile names is not installed", remedy=_REMEDY)
    pipeline = _load(nlp, "that the profile names can't be loaded by this version of spaCy", _REMEDY)
    if "ner" not in pipeline.pipe_names and FACTORY not in pipeline.pipe_names:
        raise EnvironmentFault(
            f"the spaCy pipeline `{nlp}` that the profile names has no NER component",
            remedy="name one that has, or correct `nlp:` in the profile",
        )
    return pipeline


def _load(name: str, trouble: str, remedy: str) -> Language:
    try:
        return spacy.load(name, exclude=_UNUSED)
    except (OSError, ValueError, ImportError) as error:  # no files, not of this version, a language or part missing
        raise EnvironmentFault(f"the spaCy pipeline `{Path(name).name}` {trouble}", remedy=remedy) from error


def is_own(pipeline: Language) -> bool:
    """Whether a pipeline is of our kind: it reads texts as they are, and its entities carry scores."""
    return FACTORY in pipeline.pipe_names
