"""An environment without settings, and commands that run in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.settings import PREFIX

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
