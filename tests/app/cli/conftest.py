"""Running commands inside the tests: their logging is left out, as it would take over that of the tests."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from app import bootstrap, logs
from app.bootstrap import Neighbour
from app.cli import main
from knowledge import models, snapshot
from knowledge.snapshot import Snapshot
from tests.app.conftest import SetUp

Mezobeli = Callable[..., Result]
"""``mezobeli("ask", "text", input="...")`` runs the command and gives what came of it."""


@pytest.fixture(autouse=True)
def _no_logging(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(logs, "configure", lambda _settings: None)
    with capture_logs():
        yield
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@pytest.fixture
def mezobeli(set_up: SetUp, tmp_path: Path) -> Mezobeli:
    """The command in an empty folder with a database file of its own."""
    set_up(database_url=f"sqlite:///{tmp_path / 'mezobeli.db'}")

    def run(*arguments: object, input: str | bytes | None = None) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], input=input)

    return run


@pytest.fixture(autouse=True)
def _known_already(known: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """What ships with the project is read once for all commands: that takes most of a second."""
    really = snapshot.build

    def build(session: Session) -> Snapshot:
        return known if models.version(session) == known.version else really(session)

    monkeypatch.setattr(snapshot, "build", build)


@pytest.fixture
def answering(mezobeli: Mezobeli, neighbour: Neighbour, monkeypatch: pytest.MonkeyPatch) -> Mezobeli:
    """The same, with the neighbour of the session, which is built and has learned already."""
    monkeypatch.setattr(bootstrap, "build", lambda _settings: neighbour)
    return mezobeli


@pytest.fixture
def shipped(seeded_template: Path, tmp_path: Path) -> Path:
    """The file that `mezobeli` uses, filled."""
    return Path(shutil.copy(seeded_template, tmp_path / "mezobeli.db"))
