"""The locales of invented people: which count as English, which names are of elsewhere, and who speaks what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Locales:
    """Locales by the sets that they are for."""

    english: tuple[str, ...]
    world: tuple[str, ...]
    scripts: tuple[str, ...]
    languages: dict[str, tuple[str, ...]]


MIMESIS = Locales(
    english=("en", "en-gb", "en-au", "en-ca"),
    world=(
        "az", "cs", "da", "de", "de-at", "de-ch", "es", "es-mx", "et", "fi", "fr", "hr", "hu", "is", "it", "nl",
        "nl-be", "no", "pl", "pt", "pt-br", "sk", "sv", "tr",
    ),
    scripts=("ar-sa", "ar-eg", "el", "fa", "ja", "kk", "ko", "ru", "uk", "zh"),
    languages={
        "de": ("de", "de-at", "de-ch"), "fr": ("fr",), "es": ("es", "es-mx"), "it": ("it",), "nl": ("nl", "nl-be"),
        "pt": ("pt", "pt-br"),
    },
)  # fmt: skip
FAKER_JS = Locales(
    english=("en", "en-gh", "en-in", "en", "en-za", "en-ng"),
    world=(
        "af", "az", "cs", "da", "de", "de-ch", "es", "es-mx", "fi", "fr", "fr-be", "fr-ch", "fr-sn", "hr", "hu", "id",
        "it", "lv", "nl", "nl-be", "no", "pl", "pt", "pt-br", "ro", "sk", "sr", "sv", "tr", "uz", "vi", "yo", "zu",
    ),
    scripts=("ar", "el", "fa", "he", "hy", "ja", "ka", "ko", "ru", "th", "uk", "zh", "zh-tw"),
    languages={
        "de": ("de", "de-ch"), "fr": ("fr", "fr-be", "fr-ch", "fr-sn"), "es": ("es", "es-mx"), "it": ("it",),
        "nl": ("nl", "nl-be"), "pt": ("pt", "pt-br"),
    },
)  # fmt: skip
"""Of @faker-js/faker: Afrikaans, Yoruba and Zulu names, and scripts that mimesis has no people of."""
FIFTH = Locales(
    english=("en", "en-gb", "en", "en-ie", "en-gb", "en-in", "en-ng"),
    world=(
        "cs", "da", "de", "de-ch", "es", "es-mx", "fi", "fr", "fr-be", "hu", "it", "nl", "nl-be", "no", "pl", "pt",
        "pt-br", "ro", "sk", "sv", "tl", "tr", "vi",
    ),
    scripts=("ar", "bg", "el", "ja", "ko", "ru", "uk", "zh"),
    languages={
        "de": ("de", "de-ch"), "fr": ("fr", "fr-be"), "es": ("es", "es-mx"), "it": ("it",), "nl": ("nl", "nl-be"),
        "pt": ("pt", "pt-br"),
    },
)  # fmt: skip
"""Of chance, fakerator and casual, and written down by hand: Irish, Tagalog and Bulgarian names for the first time."""
SIXTH = Locales(
    english=("en", "en-gb", "en", "en-au", "en-ie", "en-gb", "en-cr"),
    world=(
        "al", "cn", "cs", "da", "de", "de-at", "de-ch", "es", "es-ar", "es-mx", "fi", "fr", "fr-be", "fr-ca", "hr",
        "hu", "id", "in", "it", "it-ch", "jp", "kr", "lt", "ng", "nl", "nl-be", "ph", "pk", "pl", "pt", "pt-br", "ro",
        "so", "sq", "sv", "tr", "vn",
    ),
    scripts=("ar", "el", "fa", "he", "hi", "ja", "ko", "ru", "sr", "th", "uk", "zh"),
    languages={
        "de": ("de", "de-at", "de-ch"), "fr": ("fr", "fr-be", "fr-ca"), "es": ("es", "es-ar", "es-mx"),
        "it": ("it", "it-ch"), "nl": ("nl", "nl-be"), "pt": ("pt", "pt-br"),
    },
)  # fmt: skip
"""Written down by hand: names of Asia and Africa as headers hold them, in Latin letters (`al`, `cn`, `so` …)."""
NINTH = Locales(
    english=("en", "en-gb", "en", "en-nz", "en-gb", "en-za"),
    world=(
        "eg", "ma", "iq", "ta", "hn", "bd", "lk", "cn", "vn", "my", "ng", "ke", "eth", "gh", "sn", "pl", "cs", "sr",
        "rl", "tr", "sv", "no", "is", "fi", "hu", "ro", "gl", "ir", "de", "fr", "es", "it", "nl", "pt",
    ),
    scripts=("ar", "el", "ru", "uk", "bg", "zh", "ja", "ko", "he", "th", "hi"),
    languages={
        "de": ("de", "de-at"), "fr": ("fr", "fr-be"), "es": ("es", "es-mx"), "it": ("it",), "nl": ("nl", "nl-be"),
        "pt": ("pt", "pt-br"),
    },
)  # fmt: skip
"""Written down by hand: names of Egypt, the Maghreb, South India, Ethiopia, Kenya, Iceland (`ta`, `rl` …)."""
ELEVENTH = Locales(
    english=("en", "en-gb", "en-ca", "en-ie"),
    world=(
        "in", "np", "vn", "cn", "kr", "jp", "id", "ph", "mm", "th-lat", "kh", "pk", "ir-lat", "al", "tr", "ku", "eth",
        "so", "ng", "gh", "ke", "za", "ht", "pi", "pl", "cs", "hu", "ro", "bg-lat", "gr-lat", "sr-lat", "sq", "lt",
        "lv", "fi", "sv", "da", "no", "is", "am-lat", "ge-lat", "kz-lat", "il", "de", "fr", "fr-ma", "es", "es-pe",
        "it", "nl", "pt-br",
    ),
    scripts=("ru", "uk", "el", "ar", "he", "zh", "ja", "ko", "hi", "th", "ka", "hy"),
    languages={
        "de": ("de", "de-at", "de-ch"), "fr": ("fr", "fr-be", "fr-ma"), "es": ("es", "es-mx", "es-pe"),
        "it": ("it", "it-ch"), "nl": ("nl", "nl-be"), "pt": ("pt", "pt-br"),
    },
)  # fmt: skip
"""Written down by hand: names of Nepal, Burma, Cambodia, Haiti, the Pacific, Armenia, Georgia, Peru (`np`, `mm` …)."""
