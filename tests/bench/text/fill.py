"""Filling templates: the text, where in it someone is identified, and where it is clinical."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.bench.text.short import short

if TYPE_CHECKING:
    import datetime as dt
    from random import Random

    from deid.identity.known_values import KnownValue
    from tests.bench.text.edition import Edition
    from tests.bench.text.person import Person

_SLOT = re.compile(r"\{(\w+)\}")
_DATES = ("%m/%d/%Y", "%m.%d.%Y", "%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%d-%b-%Y", "%m/%d/%y", "%d %b %Y", "%b %d, %Y")
_WORDS = ("%B %d, %Y", "%d %B %Y", "%A, %B %d", "%B %Y")
_MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text: what slot it fills, empty for the template's own words."""

    slot: str
    text: str

    @property
    def identifies(self) -> bool:
        """Whether it is an identifying value."""
        return self.slot.isupper()


@dataclass(frozen=True, slots=True)
class Sample:
    """A test string in pieces, the set and locale it counts for, and the known values that go with it (or none)."""

    group: str
    locale: str
    parts: tuple[Part, ...]
    known: tuple[KnownValue, ...] = ()
    listed: bool = True
    """Whether every name in it is on a list that deid ships."""

    @property
    def text(self) -> str:
        """The string itself."""
        return "".join(part.text for part in self.parts)

    def ranges(self, *, identifying: bool) -> list[tuple[int, int, str]]:
        """Places of the identifying pieces, or of the clinical ones, with their slots."""
        found, end = [], 0
        for part in self.parts:
            start, end = end, end + len(part.text)
            if part.slot and part.identifies == identifying:
                found.append((start, end, part.slot))
        return found


@dataclass(frozen=True, slots=True)
class Filler:
    """Fills templates of an edition, in English or another language, with a random state of its own."""

    edition: Edition
    random: Random
    language: str = ""

    def fill(self, template: str, person: Person) -> tuple[Part, ...]:
        """The pieces of a template filled for a person."""
        return tuple(
            Part("", piece) if index % 2 == 0 else Part(piece, self._value(piece, person))
            for index, piece in enumerate(_SLOT.split(template))
            if piece
        )

    def _value(self, slot: str, person: Person) -> str:
        if slot in ("clinical", "clinical2"):
            comments = self.edition.lines("comments") if slot == "clinical2" else ()
            own = self.edition.lines(self.language) if self.language else comments
            return self.random.choice(own or self.edition.descriptions())
        if slot.islower():
            return self._display(slot)
        if slot in ("DATE_SHORT", "BIRTH6", "SUBJECT", "INITIALS", "USER", "STATION"):
            return short(slot, person, self.random)
        if slot in ("DATE", "BIRTH", "DATE_WORDS"):
            return self._date(person.birth if slot == "BIRTH" else person.study, words=slot == "DATE_WORDS")
        return _personal(slot, person, self.random)

    def _display(self, slot: str) -> str:
        random = self.random
        if slot == "time":
            return f"{random.randint(0, 23):02d}:{random.randint(0, 59):02d}:{random.randint(0, 59):02d}"
        if slot == "display":
            return random.choice(self.edition.lines("displays"))
        return random.choice(self.edition.words({"side": "sides", "body": "body parts"}[slot]))

    def _date(self, day: dt.date, *, words: bool) -> str:
        random = self.random
        if self.language:
            month = _MONTHS[self.language].split()[day.month - 1]
            named = f"{day.day}. {month} {day.year}" if self.language == "de" else f"{day.day} {month} {day.year}"
            return random.choice((f"{day:%d.%m.%Y}", f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}", named))
        text = day.strftime(random.choice(_WORDS if words else _DATES))
        return text.upper() if random.random() < 0.3 else text


def _personal(slot: str, person: Person, random: Random) -> str:
    years = person.study.year - person.birth.year
    values = {
        "PHYSICIAN": person.physician_last,
        "PHYSICIAN_FULL": f"{person.physician_first} {person.physician_last}",
        "TECH": person.technologist,
        "AGE": random.choice((f"{years:03d}Y", f"{years}Y", f"{years} yrs", f"{years} y/o")),
        "SEX": random.choice("MF"),
        "SEX_AGE": random.choice((f"{years}Y/M", f"F {years}", f"M{years:03d}Y", f"{years}Y F")),
        "AGE90": str(random.randint(90, 104)),
    }
    return values.get(slot) or str(getattr(person, slot.lower()))
