from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CODE = """
import os, sys
from deid.batch.workers import blas
from deid.batch.workers.hiring import one_thread_each
from deid.batch.workers.nursery import without_threads
from deid.batch.processed import Processing
from deid.identity.key import Key
from deid.profile import load_profile

with blas.one_thread(), one_thread_each():
    child = os.fork()
    if not child:
        with without_threads():
            Processing(load_profile("basic", ()), Key(bytes(32)), True, None)().share()
        os._exit(len(os.listdir("/proc/self/task")))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
"""Forks, loads, and exits with the number of threads."""


def test_models_start_no_thread_so_that_workers_can_be_forked_with_them(tmp_path: Path) -> None:
    """Not even where pyarrow is installed, whose allocator starts one."""
    (tmp_path / "pyarrow.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    assert subprocess.run([sys.executable, "-c", CODE], env=environment, check=False).returncode == 1
