from __future__ import annotations

import ctypes
import multiprocessing
import os
import resource
import time
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest

from deid.batch.workers.hiring import Hired
from deid.batch.workers.nursery import Nursery
from deid.batch.workers.pool import Lost, Pool, _Worker
from deid.errors import EnvironmentFault, Reason
from tests.batch.handlers import Doubling

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@pytest.fixture(autouse=True, params=[True, False], ids=["forked", "afresh"])
def forked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether workers come from a nursery."""
    if not request.param:
        monkeypatch.setattr(Nursery, "is_possible", lambda: False)
    return bool(request.param)


def outcomes(
    tasks: Iterable[object], *, size: int = 2, factory: Doubling | None = None, **limits: Any
) -> list[tuple[Any, Any]]:
    limits = {"time_limit": 20.0, **limits}
    with Pool(factory or Doubling(), size=size, **limits) as pool:
        return list(pool.run(tasks))


def test_results_come_in_the_order_of_the_tasks() -> None:
    assert outcomes(range(40)) == [(number, number * 2) for number in range(40)]


def test_no_task_is_lost_when_workers_crash_or_are_killed() -> None:
    results = outcomes([1, "segfault", 2, "killed", 3, "segfault", 4])
    lost = [task for task, result in results if result == Lost(Reason.WORKER_DIED)]
    assert lost == ["segfault", "killed", "segfault"]
    assert [result for task, result in results if isinstance(task, int)] == [2, 4, 6, 8]


def test_a_hanging_task_costs_only_itself() -> None:
    results = outcomes([1, "hang", 2], size=1, time_limit=1.0)
    assert results == [(1, 2), ("hang", Lost(Reason.TIME_LIMIT)), (2, 4)]


def test_a_worker_that_crashes_leaves_no_core_dump() -> None:
    """In one would lie the original that was worked on. Where cores go to a program, it asks for this limit, too."""
    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    try:
        assert outcomes(["core"]) == [("core", (0, 0))]
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)


def test_nothing_a_library_says_in_a_worker_reaches_the_console(capfd: pytest.CaptureFixture[str]) -> None:
    assert outcomes(["noise"]) == [("noise", "said")]
    assert capfd.readouterr() == ("", "")


def test_a_worker_computes_in_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    assert outcomes(["threads"]) == [("threads", "1")]
    assert os.environ["OMP_NUM_THREADS"] == "7"


def test_so_does_the_numpy_that_was_loaded_before(forked: bool) -> None:
    if forked:
        import numpy  # noqa: F401, ICN001

        ((_, threads),) = outcomes(["algebra"])
        assert set(threads) == {1}


def test_memory_is_bounded() -> None:
    assert outcomes(["memory"], memory_limit=4 << 30) == [("memory", "refused")]


@pytest.mark.parametrize(("factory", "tasks"), [(Doubling(fault=True), [1]), (Doubling(), [1, "fault", 2])])
def test_a_fault_of_the_whole_run_is_raised_with_its_remedy(factory: Doubling, tasks: list[object]) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        outcomes(tasks, factory=factory)
    assert caught.value.remedy


def test_workers_that_can_not_start_are_not_tried_for_ever() -> None:
    with pytest.raises(EnvironmentFault, match="did not start"):
        outcomes([1], factory=Doubling(death=True))


def test_workers_go_on_when_their_nursery_is_killed(forked: bool) -> None:
    with Pool(Doubling(), size=2, time_limit=20.0) as pool:
        results = pool.run(range(30))
        first = [next(results) for _ in range(5)]
        for child in multiprocessing.active_children() if forked else ():
            child.kill()
        assert [*first, *results] == [(number, number * 2) for number in range(30)]


def test_a_nursery_loads_before_anything_is_asked_of_it_and_forks_for_more_than_one_pool(
    forked: bool, tmp_path: Path
) -> None:
    if not forked:
        return
    with Nursery((tmp_path / "loaded").touch) as nursery:
        deadline = time.monotonic() + 20
        while not (tmp_path / "loaded").exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        for _ in range(2):
            with Pool(Doubling(), size=2, time_limit=20.0, nursery=nursery) as pool:
                assert list(pool.run([1, 2])) == [(1, 2), (2, 4)]
            assert multiprocessing.active_children()
    assert multiprocessing.active_children() == []


def test_where_no_process_is_to_be_had_there_is_no_nursery(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Nursery, "is_possible", lambda: True)
    monkeypatch.setattr(os, "fork", Mock(side_effect=BlockingIOError))
    assert Nursery.if_possible() is None


def test_nobody_waits_for_a_nursery_that_loads_for_nothing(forked: bool) -> None:
    if not forked:
        return
    start = time.monotonic()
    with Nursery(partial(time.sleep, 60)):
        pass
    assert time.monotonic() - start < 1
    assert multiprocessing.active_children() == []


def test_a_quick_worker_has_its_next_tasks_before_it_is_done_with_the_first() -> None:
    worker: _Worker[int] = _Worker(Hired(*multiprocessing.Pipe()[:1], ctypes.c_ulong(), lambda: None), deadline=0.0)
    assert worker.wants == 1
    worker.given.append((0, 0))
    assert worker.wants == 0, "it may be a slow one"
    worker.given.clear()
    worker.took(0.001, 1)
    for _ in range(2):
        worker.given.extend((number, number) for number in range(worker.wants))
    given = len(worker.given)
    assert worker.wants == 0
    for _ in range(given // 2):
        worker.given.popleft()
    assert worker.wants == given // 2


def test_a_pool_leaves_no_process_behind() -> None:
    with Pool(Doubling(), size=2, time_limit=20.0) as pool:
        pid, other = (int(str(result)) for _, result in pool.run(["who", "who"]))
        assert pid != other
    assert multiprocessing.active_children() == []
    for process in (pid, other):
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_tasks_are_taken_as_they_are_needed() -> None:
    taken = 0

    def endless() -> Iterable[int]:
        nonlocal taken
        while True:
            taken += 1
            yield taken

    with Pool(Doubling(), size=1, time_limit=20.0) as pool:
        results = pool.run(endless())
        for _ in range(5):
            next(results)
    assert taken < 50


def test_no_tasks_need_no_process() -> None:
    assert outcomes([]) == []


def test_tasks_that_wait_behind_one_that_kills_are_done_by_another_worker() -> None:
    tasks = [0, 3, 6, 9, "killed", 12, 15, 18, "segfault", 21, 24]
    results = outcomes(tasks, size=1)
    assert [task for task, _ in results] == tasks
    assert {task for task, result in results if isinstance(result, Lost)} == {"killed", "segfault"}
    assert all(result == task * 2 for task, result in results if isinstance(task, int))


def test_a_worker_that_was_killed_says_nothing_against_its_task(tmp_path: Path) -> None:
    tasks = [0, ("killed once", tmp_path / "a"), 3, 6, ("killed once", tmp_path / "b"), 9]
    results = outcomes(tasks, size=1)
    assert [task for task, _ in results] == tasks
    assert not [task for task, result in results if isinstance(result, Lost)]


def test_tasks_that_were_given_to_a_dead_worker_are_not_to_blame() -> None:
    def tasks() -> Iterable[int]:
        for number in range(6):
            time.sleep(0.1)  # so that it has answered
            for child in multiprocessing.active_children():
                child.kill()
            yield number * 3

    for _ in range(2):
        assert outcomes(tasks(), size=2) == [(number * 3, number * 6) for number in range(6)]


def test_of_quick_tasks_that_are_handed_over_together_the_one_that_kills_is_found() -> None:
    tasks: list[object] = [number * 3 for number in range(400)]
    for at, killer in ((37, "killed"), (150, "segfault"), (151, "hang"), (399, "killed")):
        tasks[at] = killer
    results = outcomes(tasks, time_limit=1.0)
    assert [task for task, _ in results] == tasks
    assert [task for task, result in results if isinstance(result, Lost)] == ["killed", "segfault", "hang", "killed"]
    assert all(result == task * 2 for task, result in results if isinstance(task, int))


def test_what_was_done_before_a_fault_comes_out_first() -> None:
    with Pool(Doubling(), size=2, time_limit=20.0) as pool:
        results = pool.run([0, 3, 1, 2, "fault", 6, 9, 12])
        assert [next(results)[0] for _ in range(4)] == [0, 3, 1, 2]
        with pytest.raises(EnvironmentFault):
            next(results)
