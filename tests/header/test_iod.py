from __future__ import annotations

from deid.header.iod import AttributeType, attribute_types

CT, ENHANCED_MR, SR = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4.1", "1.2.840.10008.5.1.4.1.1.88.11"


def test_mandatory_modules_always_count() -> None:
    types = attribute_types(CT, ())
    assert types.of((), 0x00100010) == AttributeType("2")
    assert types.of((), 0x00080018) == AttributeType("1")
    assert types.of((), 0x00081030) == AttributeType("3")


def test_optional_module_counts_once_it_is_present() -> None:
    sponsor, protocol = 0x00120010, 0x00120020
    assert attribute_types(CT, (0x00100010,)).of((), sponsor) is None
    assert attribute_types(CT, (protocol,)).of((), sponsor) == AttributeType("1")


def test_nested_and_functional_group_paths() -> None:
    assert attribute_types(CT, ()).of((0x00081110,), 0x00081155) == AttributeType("1")
    shared = attribute_types(ENHANCED_MR, ()).of((0x52009229, 0x00081140), 0x00081155)
    assert shared == AttributeType("1")
    assert attribute_types(CT, ()).of((0x00189999,), 0x00081155) is None


def test_content_items_nest_in_content_items() -> None:
    content = 0x0040A730
    types = attribute_types(SR, (content,))
    once = types.of((content,), 0x0040A123)
    assert once is not None
    assert types.of((content, content, content), 0x0040A123) == once


def test_strictest_type_wins_and_unknown_classes_know_nothing() -> None:
    # Contrast/Bolus Agent is 2 in Contrast/Bolus; Acquisition Date is 3 in General Acquisition.
    assert attribute_types("1.2.3", (0x00100010,)).of((), 0x00100010) is None
    assert attribute_types(CT, (0x00180010,)).of((), 0x00180010) == AttributeType("2")


def test_table_names_source_and_generator() -> None:
    import json
    from importlib.resources import files

    about = json.loads(files("deid.header.tables").joinpath("iod_attribute_types.json").read_text())["about"]
    assert "PS3.3" in about["source"]
    assert "compact" in about["generator"]


def test_table_is_what_the_generator_makes_of_the_reference() -> None:
    import json
    from pathlib import Path

    import pytest

    from deid.header.tables.compact import TARGET, compact, dump

    reference = Path("/work/shared/reference/iod/attribute_types.json")
    if not reference.exists():
        pytest.skip("the reference is not part of the product")
    assert TARGET.read_text("utf-8") == dump(compact(json.loads(reference.read_text("utf-8"))))
