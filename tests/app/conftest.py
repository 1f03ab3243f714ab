"""The neighbour as shipped, learned once for the whole test session, and commands that answer with it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from app import bootstrap, settings
from app.bootstrap import Neighbour
from app.settings import PREFIX

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def cache_dir() -> Path:
    """Where learned models are kept between test sessions and shared between workers."""
    return Path(os.environ.get("MEZOBELI_CACHE_DIR") or ROOT / "var" / "cache").resolve()


@pytest.fixture(scope="session")
def neighbour(cache_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbour]:
    """Everything as it is shipped; of several workers the first one learns and the others wait for it."""
    cache_dir.mkdir(parents=True, exist_ok=True)
    database = tmp_path_factory.mktemp("neighbour") / "mezobeli.db"
    chosen = settings.load(database_url=f"sqlite:///{database}", cache_dir=cache_dir)
    with FileLock(cache_dir / "learning.lock"):
        built = bootstrap.build(chosen)
    yield built
    built.database.close()


SetUp = Callable[..., None]
"""``set_up(port="81")`` sets MEZOBELI_PORT for the test."""


@pytest.fixture
def set_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SetUp:
    """An empty folder and an environment without any setting, but for those that the test gives."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)

    def give(**given: str) -> None:
        for name, value in given.items():
            monkeypatch.setenv(PREFIX + name.upper(), value)

    return give
