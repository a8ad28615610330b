"""Words of departments other than radiology stay: of catheter laboratories, radiotherapy, dentists, vets, coroners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deid.identity.known_values import KnownValue, ValueKind

if TYPE_CHECKING:
    from deid.text import TextEngine

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "text",
    [
        "DEB-TACE segment 6, LHA 300-500 um",
        "MitraClip NTW, LVEDP 14",
        "TTE bicaval view, PISA EROA 0.3",
        "PSMA DCFPyL eyes-thigh, SUVpeak",
        "SBRT ITV/PTV, OAR PRV, gamma passrate",
        "Orfit mask, kneefix, Vac-Lok",
        "FMX 18, periapical 36 post RCT",
        "OCT RNFL, RPE, Pentacam, AS-OCT",
        "EUS FNB pancreas, ERCP CBD sweep",
        "UOQ microcalcs, RXCCL, Magseed",
        "VCUG grade 3 VUR, UVC UAC babygram",
        "Stifle TPLO, PennHIP, DMPLO carpus",
        "PMCTA postmortem, gunshot entry",
        "Klatskin tumor, Salter-Harris II, Grashey view",
        "Hund Hüfte ventrodorsal, Fesselgelenk Oxspring",
        "Scanner cérébral sans PDC, CPRE lithiase",
        "Muela del juicio retenida, FEVI 40",
        "Maschera termoplastica, fondo occhio",
        "Verstandskies, hartkatheterisatie via pols",
        "Dente do siso incluso, cintilografia óssea",
        "Sturz zu Hause, CT Kopf",
        "S/P lap chole, awaiting labs",
        "KEYNOTE-407 WK12, NSABP B-51, CROMIS SWI",
        "Ped struck, Whipple leak, Crohn flare",
        "OAx PD FatSat, ZIP2 TRF",
        "CT Schädel, V.a. ICB, DMS o.B.",
        "AngioTDM, masse surrénalienne fortuite",
        "Politrauma, Glasgow 9",
        "Via verde AVC, neo de mama",
        "Trauma della strada, codice rosso",
        "X-thorax op zaal, koliekpijn flank re",
        "Schüttelfrost, Nachtschweiß, Leukozytose",
        "Toux grasse, acouphènes, périnée",
        "Escalofríos, sudoración nocturna, rectorragia",
        "Rocche petrose, calo ponderale, brividi",
        "Hoest met slijm, nachtzweten, rectaal bloedverlies",
        "Calafrios, sudorese noturna, rouquidão",
        "BRBPR, HFpEF, r/o SBO, abn LFTs, s/p TAH-BSO",
        "IR biliary drain exchg, transvag US uptk",
        "CADstream kinetics, MIMvista contour, XperGuide",
        "fatNav FSEIR sLASER Qr40 BestDiast 70%",
        "Zosyn, Keppra, Lupron, ozempic held",
        "CTABDPELWWO",
        "Fremd-CT, Bilder verwackelt, bewegt, KHK, pAVK, TVT",
        "Doppler MI, TVP, contrôle KTC, clairance basse",
        "Doppler MMII TVP, EPOC, dolor FID",
        "TC addome smdc/cmdc, ecodoppler AAII",
        "CT abdomen blanco, pijn RFO, SEO 20 wk",
        "DPOC, DRC, exame suspenso",
    ],
)
def test_words_of_other_departments_stay(engine: TextEngine, text: str) -> None:
    assert engine.clean(text, ()).text == text


@pytest.mark.parametrize("text", ["Los Angeles grade C", "Ann Arbor stage II", "IMRT 9F, dose 70/33", "visit 12/24"])
def test_grades_and_fractions_are_no_towns_and_no_numbers(engine: TextEngine, text: str) -> None:
    assert engine.clean(text, ()).text == text


@pytest.mark.parametrize("name", ["KLATSKIN", "GALEAZZI", "ONYX"])
def test_eponyms_go_where_the_patient_is_called_so(engine: TextEngine, name: str) -> None:
    known = (KnownValue(f"{name}^Anna", ValueKind.PATIENT_NAME, "PatientName"),)
    assert engine.clean(f"CT CHEST {name}", known).text == "CT CHEST"
