"""What was committed is on the disk before anybody is told so, and one flush serves all who wait."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from knowledge import models
from store import durability
from store.database import Database


class Disk:
    """Stands for the disk: keeps which files were flushed, can be held up, and can fail."""

    def __init__(self) -> None:
        self.flushed: list[int] = []
        self.open = threading.Event()
        self.open.set()
        self.entered = threading.Semaphore(0)
        self.broken = False

    def flush(self, file: int) -> None:
        self.entered.release()
        assert self.open.wait(30)
        if self.broken:
            raise OSError("the disk is broken")
        self.flushed.append(os.fstat(file).st_ino)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    made = Disk()
    monkeypatch.setattr(durability, "_to_disk", made.flush)
    yield made
    made.open.set()


def touch(database: Database) -> None:
    with database.write() as session:
        models.touch(session)


def log_of(database: Database) -> Path:
    return Path(f"{database.url.database}-wal")


def test_the_log_is_flushed_after_each_commit(sqlite_database: Database, disk: Disk) -> None:
    touch(sqlite_database)
    touch(sqlite_database)
    assert disk.flushed == [log_of(sqlite_database).stat().st_ino] * 2


def test_nothing_is_flushed_where_nothing_was_committed(sqlite_database: Database, disk: Disk) -> None:
    with pytest.raises(RuntimeError), sqlite_database.write() as session:
        models.touch(session)
        raise RuntimeError
    assert disk.flushed == []


def test_those_who_wait_share_a_flush_and_others_write_meanwhile(sqlite_database: Database, disk: Disk) -> None:
    disk.open.clear()
    threads = [threading.Thread(target=touch, args=(sqlite_database,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    assert disk.entered.acquire(timeout=30)
    log = sqlite_database._log
    assert log is not None
    while log._asked < 6:  # all commit, and wait for the disk, though the first flush still runs
        assert any(thread.is_alive() for thread in threads)
    assert version(sqlite_database) == 6
    assert all(thread.is_alive() for thread in threads)
    disk.open.set()
    for thread in threads:
        thread.join()
    assert len(disk.flushed) <= 2
    assert version(sqlite_database) == 6


def test_a_log_that_was_made_anew_is_flushed(sqlite_database: Database, disk: Disk) -> None:
    touch(sqlite_database)
    sqlite_database.engine.dispose()  # the last connection takes the log away
    touch(sqlite_database)
    assert disk.flushed[-1] == log_of(sqlite_database).stat().st_ino


def test_a_broken_disk_is_told_to_whoever_wrote(sqlite_database: Database, disk: Disk) -> None:
    disk.broken = True
    with pytest.raises(OperationalError, match="the disk is broken"):
        touch(sqlite_database)
    disk.broken = False
    touch(sqlite_database)
    assert len(disk.flushed) == 1


def test_a_database_in_memory_has_no_log(disk: Disk) -> None:
    database = Database("sqlite://")
    with database.write() as session:
        session.execute(text("CREATE TABLE things (id INTEGER)"))
    assert disk.flushed == []
    database.close()


def version(database: Database) -> int:
    with database.read() as session:
        return models.version(session)
