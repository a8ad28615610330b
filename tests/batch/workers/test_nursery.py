from __future__ import annotations

import subprocess
import sys

CODE = """
import os, sys
from deid.batch.workers import blas
from deid.batch.workers.hiring import one_thread_each
from deid.batch.processed import Processing
from deid.identity.key import Key
from deid.profile import load_profile

with blas.one_thread(), one_thread_each():
    child = os.fork()
    if not child:
        Processing(load_profile("basic", ()), Key(bytes(32)), True, None)().share()
        os._exit(len(os.listdir("/proc/self/task")))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
"""Forks, loads, and exits with the number of threads."""


def test_models_start_no_thread_so_that_workers_can_be_forked_with_them() -> None:
    assert subprocess.run([sys.executable, "-c", CODE], check=False).returncode == 1
