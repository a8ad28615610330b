"""A folder that shows what was not released: links to the originals, or copies of them where that was asked for."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deid.errors import InputOutputError
from deid.outcome import Failed, Outcome, Quarantined

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Quarantine:
    """`DIR/reason/digest`: the digest is that of the source in the audit log. What it leads to names patients."""

    root: Path
    copies: bool = False

    def prepare(self) -> None:
        """Make the folder, for its owner only.

        Raises:
            InputOutputError: It can't be made.
        """
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(error) from None

    def update(self, source: str, path: Path, outcome: Outcome, *, may_copy: bool = True) -> None:
        """Show how a source ended; what was shown of it before is taken away.

        Args:
            source: The keyed digest of its path, as in the audit log.
            path: The source. One that can't be read is shown without a copy.
            outcome: How it ended.
            may_copy: Whether the path stands for this source alone; an archive is only linked to.

        Raises:
            InputOutputError: The folder can't be written.
        """
        try:
            for reason in self.root.iterdir():
                (reason / source).unlink(missing_ok=True)
            if isinstance(outcome, Quarantined | Failed):
                self._show(self.root / outcome.reason.value / source, path, copy=self.copies and may_copy)
        except OSError as error:
            raise self._unusable(error) from None

    def _show(self, name: Path, path: Path, *, copy: bool) -> None:
        name.parent.mkdir(mode=0o700, exist_ok=True)
        if not (copy and path.is_file() and os.access(path, os.R_OK)):
            name.symlink_to(path)
            return
        partial = name.with_suffix(".part")
        shutil.copyfile(path, partial)
        partial.rename(name)

    def _unusable(self, error: OSError) -> InputOutputError:
        return InputOutputError(
            f"the quarantine folder can't be written: {self.root} ({os.strerror(error.errno or 0)})",
            remedy="check its permissions and the space on its disk, or name another with --quarantine",
        )
