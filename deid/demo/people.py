"""The invented people, hospitals and studies of the examples. Every name says that it is made up."""

from __future__ import annotations

from dataclasses import dataclass

from deid.demo.truth import name_parts


@dataclass(frozen=True, slots=True)
class Person:
    """An invented patient. `name` is a PN value in the Specific Character Set `charset` (PS3.3 C.12.1.1.2)."""

    name: str
    patient_id: str
    birth_date: str
    sex: str
    age: str
    address: str
    telephone: str
    mother: str
    charset: str | list[str] | None = None

    @property
    def folder(self) -> str:
        """The patient's name as an export would use it for a folder."""
        return self.name.split("=")[0].replace("^", "_").replace(" ", "_")

    @property
    def secrets(self) -> tuple[str, ...]:
        """All identifying strings of the patient module."""
        return (
            *name_parts(self.name),
            *name_parts(self.mother),
            self.patient_id,
            self.birth_date,
            self.address,
            self.telephone,
        )


@dataclass(frozen=True, slots=True)
class Visit:
    """An invented study: who was seen where, when and by whom."""

    label: str
    """Names the study inside the project; not written into any file."""
    person: Person
    date: str
    time: str
    accession: str
    hospital: str
    hospital_address: str
    station: str
    referrer: str
    performer: str
    operator: str
    serial: str
    description: str
    request_id: str

    @property
    def secrets(self) -> tuple[str, ...]:
        """All identifying strings of the header that `deid.demo.headers` writes for this visit."""
        doctors = (part for name in (self.referrer, self.performer, self.operator) for part in name_parts(name))
        return (
            *self.person.secrets,
            *doctors,
            self.date,
            self.accession,
            self.hospital,
            self.hospital_address,
            self.station,
            self.serial,
            self.request_id,
        )


AMARA = Person(
    "Quillfeather^Amara^Oluwaseun",
    "QF-4031752",
    "19580417",
    "F",
    "067Y",
    "14 Nowhere Lane, Unreal-on-Sea",
    "+44 1632 960217",
    "Fauxbridge^Adaeze",
)
ZOE = Person(
    "Müsterfiction^Zoë^Élise",
    "MF-7719204",
    "19910308",
    "F",
    "034Y",
    "Erfundengasse 7, 99999 Nirgendwo",
    "+49 30 555 0417",
    "Phantasié^Renée",
    charset="ISO_IR 100",
)
LUDMILA = Person(
    "PRETENDOVA^LUDMILA",
    "PRT0058813",
    "19470922",
    "F",
    "078Y",
    "Vymyslena 12, Neznamo",
    "+420 555 019 884",
    "Nikdova^Bozena",
)
ROSALBA = Person(
    "Imaginario^Rosalba^Inês",
    "IMG-220917",
    "19691130",
    "F",
    "056Y",
    "Rua Inventada 33, Faz-de-Conta",
    "+351 21 555 0142",
    "Ficcional^Conceição",
    charset="ISO_IR 192",
)
PRIYA = Person(
    "Invented^Priyanka^Kaur",
    "INV-90031-7",
    "19850214",
    "F",
    "041Y",
    "9 Makebelieve Marg, Kalpanapur",
    "+91 22 5550 0173",
    "Kalpana^Harleen",
)
HANAKO = Person(
    "Kakuunin^Hanako=架空人^花子=かくうにん^はなこ",
    "KK-3300821",
    "19740105",
    "F",
    "052Y",
    "1-2-3 Kakuu, Souzou-shi",
    "+81 3 5550 0134",
    "Soramachi^Yuki",
    charset=["", "ISO 2022 IR 87"],
)
BART = Person(
    "Fauxley^Bartholomew^^Mr",
    "FX-6620041",
    "19330719",
    "M",
    "092Y",
    "3 Phoney Crescent, Falseford",
    "+1 555 0143 882",
    "Shamworth^Edith",
)
IVAN = Person(
    "Vymyshlenny^Ivan=Вымышленный^Иван",
    "VY-1184407",
    "19620611",
    "M",
    "063Y",
    "ul. Nesushchestvuyushchaya 5, Nigdegrad",
    "+7 495 555 0188",
    "Skazkina^Olga",
    charset="ISO_IR 192",
)

VISITS = {
    visit.label: visit
    for visit in (
        Visit(
            "ct",
            AMARA,
            "20260312",
            "101502",
            "ACC7740183",
            "Saint Nowhere Hospital",
            "1 Imaginary Road, Unreal-on-Sea",
            "CTNOWHERE03",
            "Madeupson^Gareth^^Dr",
            "Untruesdale^Beatrix",
            "Shammington^Jill",
            "SN-CT-558201",
            "CT chest, seen by Dr Madeupson",
            "RQ-5567210",
        ),
        Visit(
            "mr",
            ZOE,
            "20260127",
            "083011",
            "ACC1192847",
            "Klinikum Wolkenkuckucksheim",
            "Luftschlossallee 1, Nirgendwo",
            "MRWOLKE1",
            "Erfunden^Jürgen^^Prof",
            "Gedacht^Käthe",
            "Scheinbar^Uwe",
            "SN-MR-120077",
            "MR Schädel, Frau Müsterfiction",
            "RQ-2201844",
        ),
        Visit(
            "dx",
            LUDMILA,
            "20260505",
            "141233",
            "ACC5580911",
            "Nemocnice Nikde",
            "Pohadkova 8, Neznamo",
            "DXNIKDE2",
            "Smyslenka^Pavel^^MUDr",
            "Falesny^Tomas",
            "Jinde^Tereza",
            "SN-DX-007713",
            "Chest PA",
            "RQ-8840512",
        ),
        Visit(
            "us",
            ROSALBA,
            "20260218",
            "160927",
            "ACC3094426",
            "Hospital Inexistente",
            "Avenida Utopia 100, Faz-de-Conta",
            "USUTOPIA5",
            "Fingido^Álvaro^^Dr",
            "Suposta^Marília",
            "Quimera^Lúcia",
            "SN-US-889002",
            "Echo of Rosalba Imaginario",
            "RQ-1030554",
        ),
        Visit(
            "us-rgb",
            PRIYA,
            "20260603",
            "113355",
            "ACC9017733",
            "Kalpanik Clinic",
            "77 Dream Road, Kalpanapur",
            "USKALP9",
            "Mithya^Arjun^^Dr",
            "Jhootha^Meera",
            "Nakli^Sunil",
            "SN-US-314159",
            "US abdomen",
            "RQ-4477120",
        ),
        Visit(
            "cr",
            HANAKO,
            "20260409",
            "092118",
            "ACC6613508",
            "Kakuu Daigaku Byoin",
            "4-5-6 Yume, Souzou-shi",
            "CRKAKUU4",
            "Souzou^Taro^^Dr",
            "Maboroshi^Ken",
            "Yumemi^Aiko",
            "SN-CR-271828",
            "Knee, Kakuunin-san",
            "RQ-7781206",
        ),
        Visit(
            "sc",
            BART,
            "20251119",
            "150640",
            "ACC2250917",
            "Falseford Infirmary",
            "Sham Street 2, Falseford",
            "SCFALSE1",
            "Bogusby^Clarence^^Dr",
            "Mockridge^Anita",
            "Dummett^Roy",
            "SN-SC-161803",
            "Key image for Mr Fauxley",
            "RQ-6012399",
        ),
        Visit(
            "sr",
            IVAN,
            "20260711",
            "171945",
            "ACC8835020",
            "Nigdegrad Oblast Clinic",
            "pr. Mechty 16, Nigdegrad",
            "SRNIGDE7",
            "Nebylitsyn^Sergei^^Dr",
            "Vydumkina^Anna",
            "Mirazhov^Pyotr",
            "SN-SR-141421",
            "Echo report",
            "RQ-9902714",
        ),
    )
}
"""The studies by label."""
