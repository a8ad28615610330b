"""People, places and numbers that fill the pages: names of many origins, and such as nobody has."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random

_WORDS = {
    section.split("]")[0].strip(): section.split("]")[1].split()
    for section in (Path(__file__).parent / "people.txt").read_text().split("[")[1:]
}
_SURNAMES, _GIVEN, _SYLLABLES, _ENDS, _PLACES = _WORDS.values()
_STREETS = ("12 Mill Lane", "Rua das Flores 41", "Kirchgasse 7", "8 rue des Tanneurs", "Calle Mayor 19", "Via Roma 3")


def _surname(random: Random) -> str:
    if random.random() < 0.4:
        return "".join(random.choices(_SYLLABLES, k=random.randint(1, 2))).title() + random.choice(_ENDS)
    return random.choice(_SURNAMES)


def _number(random: Random) -> str:
    form = random.choice(("########", "##-###-##", "@@######", "@#######", "####/##", "##.####"))
    return "".join(
        random.choice("0123456789") if c == "#" else random.choice("ABCDEFGHKLMNPRSTVWZ") if c == "@" else c
        for c in form
    )


def _day(random: Random, first: int, last: int) -> dt.date:
    return dt.date(random.randint(first, last), random.randint(1, 12), random.randint(1, 28))


def filling(seed: str, dates: str) -> dict[str, str]:
    """The values of the fields of a page.

    Args:
        seed: Tells one filling from another.
        dates: The form of dates.
    """
    random = Random(seed)  # noqa: S311 - not for secrets
    birth, study = _day(random, 1930, 2005), _day(random, 2008, 2025)
    staff = {
        key: f"{random.choice(_GIVEN)} {_surname(random)}" if random.random() < 0.7 else _surname(random)
        for key in ("ref", "md", "op")
    }
    last, first = _surname(random), random.choice(_GIVEN)
    values = {
        "Last": last, "last": last, "LAST": last.upper(), "First": first, "first": first, "FIRST": first.upper(),
        "pid": _number(random), "acc": _number(random), "birth": birth.strftime(dates), "study": study.strftime(dates),
        "age": str(study.year - birth.year), "hosp": random.choice(_PLACES), "city": random.choice(_PLACES),
        "street": random.choice(_STREETS), "phone": f"0{random.randint(100, 999)} {random.randint(100000, 9999999)}",
        "station": "".join(map(random.choice, ("ABCKLMRT", "ACELNOTX", "CRTX"))) + str(random.randint(2, 29)),
        "serial": f"{random.randint(1000, 99999)}-{random.randint(10, 99)}", **staff,
    }  # fmt: skip
    for row in range(1, 9):
        values |= {
            f"n{row}": f"{_surname(random)}, {random.choice(_GIVEN)}" if row % 2 else
                       f"{_surname(random).upper()} {random.choice(_GIVEN).upper()}",
            f"i{row}": _number(random), f"a{row}": _number(random), f"d{row}": _surname(random),
            f"t{row}": _surname(random) if row % 3 else "".join(random.choices("ABCDEFGHJKLMNPRSTVW", k=2)),
            f"b{row}": _day(random, 1930, 2005).strftime(dates),
        }  # fmt: skip
    return values
