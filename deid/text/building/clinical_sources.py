"""Clinical text that is free to use: pydicom's tables, descriptions of the Imaging Data Commons, philter's words."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.metadata import distribution, version
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pydicom._dicom_dict import DicomDictionary, RepeatersDictionary

if TYPE_CHECKING:
    from collections.abc import Iterator

TEST = frozenset({
    "cmb_lca", "covid_19_ny_sbu", "cptac_pda", "hcc_tace_seg", "ispy1", "pancreatic_ct_cbct_seg", "tcga_kirc",
    "varepop_apollo",
})  # fmt: skip
"""Collections that `make bench-text` measures on; what it finds on them is counted, never looked at."""
TUNING = frozenset({
    "acrin_nsclc_fdg_pet", "ea1141", "qin_lung_ct", "remind", "rider_lung_pet_ct", "vestibular_schwannoma_mc_rc",
})  # fmt: skip
"""Collections whose failures are looked at (`python -m tests.bench.text --tune`)."""
NON_COMMERCIAL = frozenset({
    "breast_cancer_screening_dbt", "duke_breast_cancer_mri", "midrc_ricord_1a", "midrc_ricord_1b", "midrc_ricord_1c",
    "nsclc_radiomics_genomics",
})  # fmt: skip
"""Collections under a CC BY-NC licence: nothing that ships is made from them; the fifth edition measures on them."""
HELD_OUT = TEST | TUNING
"""Collections that neither the vocabulary nor the training strings may use."""
PSEUDO_PHI = "pseudo_phi_dicom_data"
"""MIDI-B's collection: invented identities in the descriptions. It is used for nothing."""
_BREEDS = 7480
"""The context group of animal breeds: `Bedlington terrier`."""
_FREE = ("CC BY 3.0", "CC BY 4.0")
_DESCRIPTIONS = ("SeriesDescription", "StudyDescription", "BodyPartExamined")


def concept_names() -> Iterator[str]:
    """The meanings of pydicom's coded concepts (PS3.16), animal breeds and species left out."""
    from pydicom.sr import _concepts_dict

    concepts = cast("dict[str, dict[str, dict[str, tuple[str, list[int]]]]]", _concepts_dict.concepts)
    for scheme, entries in concepts.items():
        if scheme == "ITIS_TSN":
            continue
        for codes in entries.values():
            for meaning, groups in codes.values():
                if "breed" not in meaning.lower() and _BREEDS not in groups:
                    yield meaning


def element_names() -> Iterator[str]:
    """The names of the data elements of PS3.6, repeating groups included."""
    for entry in (*DicomDictionary.values(), *RepeatersDictionary.values()):
        yield entry[2]


def element_keywords() -> Iterator[str]:
    """The keywords of the data elements: `PatientPosition` is one word on many screens."""
    for entry in (*DicomDictionary.values(), *RepeatersDictionary.values()):
        if entry[4]:
            yield entry[4]


@dataclass(frozen=True, slots=True)
class Description:
    """A series or study description or a body part of a public collection, and how many patients it was used for."""

    text: str
    collection: str
    patients: int


def descriptions(*, of: frozenset[str] | None = None) -> list[Description]:
    """The distinct descriptions of each public collection, in a stable order.

    Args:
        of: only those of these collections; otherwise all under a CC BY licence that are not held out.
    """
    from pyarrow import parquet

    columns = ["collection_id", "PatientID", "license_short_name", *_DESCRIPTIONS]
    source = package_file("idc-index-data", "idc_index_data/idc_index.parquet")
    table = parquet.read_table(source, columns=columns).to_pandas()
    if of:
        table = table[table.collection_id.isin(of)]
    else:
        table = table[table.license_short_name.isin(_FREE) & ~table.collection_id.isin(HELD_OUT)]
    table = table[table.collection_id != PSEUDO_PHI]
    counts: dict[tuple[str, str], int] = {}
    for column in _DESCRIPTIONS:
        used = table[["collection_id", "PatientID", column]].dropna().drop_duplicates()
        for (collection, text), patients in used.groupby(["collection_id", column]).size().items():
            counts[text, collection] = max(patients, counts.get((text, collection), 0))
    return [Description(text, collection, patients) for (text, collection), patients in sorted(counts.items())]


@dataclass(frozen=True, slots=True)
class PhilterLists:
    """The word lists of philter-lite, lower case: words of English and medicine, given names, surnames."""

    words: frozenset[str]
    given: frozenset[str]
    surnames: frozenset[str]


def philter_lists() -> PhilterLists:
    """Read the lists from the installed package, without its code."""
    lists = tomllib.loads(package_file("philter-lite", "philter_lite/filters/set.toml").read_text("utf-8"))
    return PhilterLists(*(frozenset(lists[key]) - {""} for key in ("nonames", "firstnames", "lastnames")))


def package_file(package: str, path: str) -> Path:
    """A file of an installed package.

    Raises:
        PackageNotFoundError: when the package is not installed.
    """
    return Path(str(distribution(package).locate_file(path)))


def source_versions(*packages: str) -> str:
    """`name version, …` of installed packages, for the head of a table."""
    return ", ".join(f"{package} {version(package)}" for package in packages)
