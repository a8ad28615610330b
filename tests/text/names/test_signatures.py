"""Initials that someone signed with go; abbreviations that stand in the same places stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from deid.text import TextEngine

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("XR CHEST tech: jt", "XR CHEST tech:"),
        ("AX VIBRANT (XG)", "AX VIBRANT"),
        ("CT ABDOMEN (HG)", "CT ABDOMEN"),
        ("CT ABDOMEN MTR QY", "CT ABDOMEN MTR"),
        ("RM DE RODILLA TÉCNICO BFI", "RM DE RODILLA TÉCNICO"),
        ("CT CHEST Kowalczyk / GO", "CT CHEST"),
        ("ct chest kowalczyk / fhx", "ct chest"),
        ("CT CHEST called to the ward by KMB", "CT CHEST called to the ward"),
        ("CT CHEST - EV", "CT CHEST"),
        ("CT CHEST KB", "CT CHEST"),
        ("CT CHEST KQB KQB", "CT CHEST"),
        ("Gadovist 7.5 ml, checked OG/OG", "Gadovist 7.5 ml, checked"),
        ("CT CHEST [QX]", "CT CHEST"),
        ("KMB: CT CHEST", ": CT CHEST"),
        ("CT CHEST 12.03.2021 UG", "CT CHEST"),
        ("CT CHEST (2017-06-22/UM)", "CT CHEST"),
        ("CT CHEST QJ 10:42:31", "CT CHEST 10:42:31"),
        ("CT CHEST JR/tm", "CT CHEST"),
        ("Tech: QPT, CT CHEST", "Tech:, CT CHEST"),
        ("CT CHEST scanned by BT @ 10:42", "CT CHEST scanned @ 10:42"),
        ("Scanned: DJQ; Checked: DJQ", "Scanned:; Checked:"),
        ("CT CHEST 12.03.2021 wet read QX", "CT CHEST wet read"),
        ("Radiographers JTN and JTX", "Radiographers"),
        ("CT CHEST op GK chk QX", "CT CHEST chk"),
        ("QX / QX 12.03.2021", ""),
        ("FJ:FJ 12.03.2021", ""),
        ("3D QX 12.03.2021", "3D"),
        ("~QX", "~"),
        ("CT CHEST <QX>", "CT CHEST"),
        ("CT CHEST by KMB/CK", "CT CHEST"),
        ("Schicht QX, MRT Schulter rechts", "Schicht, MRT Schulter rechts"),
        ("CT CHEST (Wolterbeek/BX)", "CT CHEST"),
        ("CT thorax KMB 12.03.2021", "CT thorax"),
        ("X-thorax staand QX 18 maart 2008", "X-thorax staand"),
        ("Injetado 10:42 KMB, tórax", "Injetado 10:42, tórax"),
        ("Ingespoten 10:42:31 KMB CT thorax", "Ingespoten 10:42:31 CT thorax"),
        ("Dose drawn KMB, checked QX", "Dose drawn, checked"),
        ("Reader 1 KMB reader 2 QX", "Reader 1 reader 2"),
        ("CT chest plan KMB QA QX", "CT chest plan QA"),
        ("Biometry by KX for cataract", "Biometry for cataract"),
        ("Lab: KX, CT thorax", "Lab:, CT thorax"),
        ("MBB'er KX, CT thorax", "MBB'er, CT thorax"),
        ("KM 10:42:31 WE; Kopf nativ", "KM 10:42:31; Kopf nativ"),
        ("Konstanzprüfung LCA 12.03.2021", "Konstanzprüfung"),
        ("controlo de qualidade tmz 01.05.2015", "controlo de qualidade"),
        ("QA AC 1 May 2015", "QA"),
        ("TR DI / interno Kowalczyk: tórax", "TR / interno: tórax"),
        ("Chest screened by KV/Loretta; scan OK", "Chest screened; scan OK"),
        ("XR ABD 1V FLAT:Kowalczyk:TR:02/09/09", "XR ABD 1V FLAT:::"),
        ("Opname veld 2 OC 19/11/2016", "Opname veld 2"),
        ("TR: GI 03.24.2021", "TR:"),
        ("BC:BC 14 SEP 2024", ""),
        ("JZ Jul 18, 2016 AX T1", "AX T1"),
        ("Typed GD Dec 21, 2014", "Typed"),
        ("qjx / qjx 08/25/11", ""),
        ("Wrong side? ANK to check", "Wrong side? to check"),
        ("MAMMO RIGHT tech notes: pt moved (NF)", "MAMMO RIGHT tech notes: pt moved"),
        ("Trainee NHS, chest", "Trainee, chest"),
        ("Pt onrustig, laborant IS", "Pt onrustig, laborant"),
        ("CT hals geprikt door RA", "CT hals geprikt"),
        ("IRM genou (injecté par UA)", "IRM genou (injecté)"),
        ("CT Becken Befunder: IC", "CT Becken Befunder:"),
        ("CT CHEST RT(R): ED", "CT CHEST RT(R):"),
        ("CT CHEST Operator ID: OR", "CT CHEST Operator ID:"),
        ("CT CHEST rpt x2 motion OE", "CT CHEST rpt x2 motion"),
        ("NAC FBP Selvatici/OS", "NAC FBP"),
        ("HALLORAN/HALLORAN/ZP AX 3D DYN", "AX 3D DYN"),
        ("1.25 60 KEV ML RT(R)", "1.25 60 KEV RT(R)"),
        ("AX 3D DYN;05/20/2018;DDR;OK", "AX 3D DYN;;OK"),
        ("D: 24 JAN 2022 T: 20220124 EP COPY PROVIDED", "D: T: COPY PROVIDED"),
        ("ID checked by RL and RL.", "ID checked."),
        ("ID checked by KMB and WL.", "ID checked."),
        ("GJ/GJ STANDARD DIAGNOSTIC", "STANDARD DIAGNOSTIC"),
        ("Pankreaskopf vergrößert (Kälin/DX)", "Pankreaskopf vergrößert"),
        ("Cefalea, CI firmado 2 julio 2008 LMP", "Cefalea, CI firmado"),
    ],
)
def test_signed(engine: TextEngine, text: str, left: str) -> None:
    assert engine.clean(text, ()).text == left


@pytest.mark.parametrize(
    "text",
    [
        "T1 VIBE (BH)",
        "PET (NAC)",
        "US OB TWINS DI/DI",
        "MPR checked CT/CT",
        "AX / COR",
        "CHEST / ABD",
        "Volume / BSA",
        "Biplane (MOD)",
        "Ejection fraction by US",
        "CT CHEST - CE",
        "CT CHEST BU",
        "CT CHEST PV",
        "PET NSC LUNG INIT STG",
        "FDG 2AFOV PELVIS W/CAT",
        "CHEST AP/lat",
        "SEG: FDG CHEST",
        "Lab: CT thorax",
        "KM 10:42; Kopf nativ",
        "QC 3 of 4",
        "CT to follow, US to confirm",
        "TECH TO CALL",
        "TR 500 TE 20",
        "Contrast by CT/MR protocol",
        "Repeat XR",
        "Effusion, checked by CT and MR.",
        "AX/AX T1",
        "Op 3 CT",
        "laborant is aanwezig",
    ],
)
def test_not_signed(engine: TextEngine, text: str) -> None:
    assert engine.clean(text, ()).text == text


@pytest.mark.parametrize(
    "text", ["CT HEAD WO 12.03.2020", "CT ABD PEL 12.03.2020", "XR CHEST PA 12.03.2020", "CT CHEST PE 12.03.2020"]
)
def test_views_and_parts_before_a_date_are_no_initials(engine: TextEngine, text: str) -> None:
    assert engine.clean(text, ()).text == text.removesuffix(" 12.03.2020")


@pytest.mark.parametrize("letters", ["AC", "MM", "CM", "RL", "KB"])
def test_on_a_line_signed_after_date_and_time(engine: TextEngine, letters: str) -> None:
    verdict = engine.judge_line(f"12/03/2021 10:42 {letters}", ())
    assert verdict.spans[-1].end == len("12/03/2021 10:42 XY")


@pytest.mark.parametrize("line", ["Operator KMB", "Technologist AJX", "Technologisl AJX", "OPERATOR/WHB"])
def test_on_a_line_initials_behind_a_label_are_no_part_of_it(engine: TextEngine, line: str) -> None:
    assert engine.judge_line(line, ()).spans[-1].end == len(line)
