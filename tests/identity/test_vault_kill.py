"""A writer that is killed loses nothing that it had acknowledged, and leaves a vault that is read and written on."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from deid.identity.key import Key
from deid.identity.mapping import InstanceMapping, Kind, Pair
from deid.identity.vault import Vault, VaultReader

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 8
KEY = Key(bytes(32))
WRITER = """
import sys
from pathlib import Path
from deid.identity.key import Key
from deid.identity.mapping import InstanceMapping, Kind, Pair
from deid.identity.vault import Vault
with Vault(Path(sys.argv[1]), Key(bytes(32))) as vault:
    for number in range(10**9):
        old = f"{sys.argv[2]}.{number}"
        vault.append(InstanceMapping("DEID", -400, (Pair(Kind.UID, old, "x" * 50_000 + str(number)),)))
        print(old, flush=True)
"""


def test_killed_while_appending(tmp_path: Path) -> None:
    path = tmp_path / "vault"
    randomness = random.Random(20261121)  # noqa: S311 - moments, not secrets
    acknowledged: set[str] = set()
    for kill in range(KILLS):
        command = [sys.executable, "-c", WRITER, str(path), str(kill)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(randomness.uniform(0.0, 0.2))
        process.kill()
        lines = [first, *process.communicate()[0].splitlines(keepends=True)]
        acknowledged |= {line.strip() for line in lines if line.endswith("\n")}
        there = {pair.old for one in VaultReader(path, KEY) for pair in one.pairs}
        assert acknowledged <= there
        assert len(there - acknowledged) <= kill + 1, "at most the record of which it could not tell any more"
    with Vault(path, KEY) as vault:
        vault.append(InstanceMapping("DEID", -400, (Pair(Kind.UID, "last", "new"),)))
    assert "last" in {pair.old for one in VaultReader(path, KEY) for pair in one.pairs}
