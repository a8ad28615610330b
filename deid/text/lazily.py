"""Regular expressions that are compiled when they are first asked: those of plain headers ask few of the long ones."""

from __future__ import annotations

import re
from typing import Any, cast


class _Expression:
    """Stands for the compiled expression; each of its methods is found in the instance the second time."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a compiled expression has
        value = getattr(re.compile(self.pattern, self._flags), name)
        self.__dict__[name] = value
        return value


_all: list[_Expression] = []


def compile_lazily(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """What can be used like `re.compile(pattern, flags)`, at the top of a module."""
    made = _Expression(pattern, flags)
    _all.append(made)
    return cast("re.Pattern[str]", made)


def compile_all() -> None:
    """Compile them now, where several processes are to have them in common."""
    for one in _all:
        for method in ("search", "match", "fullmatch", "finditer", "sub"):
            getattr(one, method)
