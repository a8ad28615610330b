"""Values as typed in haste: days in six digits, subjects of trials, initials, user names, names of stations."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

    from tests.bench.text.person import Person

_SHORT_DATES = ("%d%m%y", "%y%m%d", "%d.%m.%y", "%d %b", "%b %d", "%d%b%y", "%m-%d-%y")
_SUBJECTS = ("##-###", "####-##-###", "S####", "PT-####", "###-0##-#", "R##C###")
_STATIONS = ("AWP#####", "MRC#####", "HOST-####", "town", "town")


def short(slot: str, person: Person, random: Random) -> str:
    """What fills one of the short slots for a person."""
    first, last, town = person.first, person.last.replace(" ", ""), person.town.replace(" ", "")
    if slot == "DATE_SHORT":
        return person.study.strftime(random.choice(_SHORT_DATES))
    if slot == "BIRTH6":
        day = "%m%d%y" if person.locale == "en" else "%d%m%y"
        return person.birth.strftime(random.choice((day, "%y%m%d", day)))
    if slot == "SUBJECT":
        return _filled(random.choice(_SUBJECTS), random)
    if slot == "INITIALS":
        a, b, c = first[0], person.middle, last[0].upper()
        return random.choice((f"{a}.{c}.", f"{a}{c}", f"{a}. {c}.", f"{a}{b}{c}", f"{a}-{c}"))
    if slot == "USER":
        return random.choice((f"{first[0]}{last}", f"{last}{first[0]}", f"{first}.{last}")).lower().replace(" ", "")
    form = random.choice(_STATIONS)
    return random.choice((f"{town}MR1", f"CT_{town}", f"{town}-US2")) if form == "town" else _filled(form, random)


def _filled(form: str, random: Random) -> str:
    return "".join(random.choice(string.digits) if c == "#" else c for c in form)
