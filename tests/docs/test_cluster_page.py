"""The examples of the cluster page start workers as deid needs them, as far as can be told without such a cluster."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "cluster.md").read_text("utf-8")


def example(module: str) -> str:
    """The Python example that imports a module."""
    (code,) = [code for code in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if module in code]
    return str(code)


def test_slurm_jobs_start_workers_with_the_key_and_without_a_nanny() -> None:
    pytest.importorskip("dask_jobqueue")
    names: dict[str, Any] = {}
    exec(example("dask_jobqueue").split("cluster.scale")[0], names)  # noqa: S102 - the page is ours
    script = names["cluster"].job_script()
    names["cluster"].close()
    assert "export DEID_KEY_FILE=/secure/deid.key\n" in script
    assert re.search(r"dask_worker tcp://.* --nthreads 8 .*--no-nanny", script)


def test_kubernetes_containers_start_workers_with_the_key_and_without_a_nanny() -> None:
    pytest.importorskip("dask_kubernetes")
    names: dict[str, Any] = {}
    exec(example("dask_kubernetes").split("cluster = ")[0], names)  # noqa: S102 - the page is ours
    worker = names["spec"]["spec"]["worker"]["spec"]["containers"][0]
    assert worker["args"][0] == "dask-worker"
    assert worker["args"][-3:] == ["--no-nanny", "--nthreads", "8"]
    assert {"name": "DEID_KEY_FILE", "value": "/secure/deid.key"} in worker["env"]
