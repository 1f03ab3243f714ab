"""The snapshot that is in force now, renewed in the background when the data changes."""

from __future__ import annotations

import threading

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from knowledge import models, snapshot
from knowledge.snapshot import Snapshot
from store.database import Database

log = structlog.get_logger()

POLL_SECONDS = 2.0
"""How often the version is looked at; with the time to build, a change is in force within 5 s."""


class LiveKnowledge:
    """Holds the snapshot in force. ``current`` never waits and never asks the database."""

    def __init__(self, database: Database) -> None:
        """Builds the first snapshot at once; raises what the database raises where it cannot be read."""
        self._database = database
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        with database.read() as session:
            self._current = _ready(session)

    @property
    def current(self) -> Snapshot:
        """The snapshot in force. Take it once a question: it may be swapped between two looks."""
        return self._current

    def refresh(self) -> bool:
        """Looks at the data's version and swaps the snapshot where it changed; whether it did."""
        with self._database.read() as session:
            if models.version(session) == self._current.version:
                return False
            self._current = _ready(session)
        log.info("knowledge_renewed", version=self._current.version)
        return True

    def start(self) -> None:
        """Begins to look every POLL_SECONDS, in a daemon thread."""
        self._thread = threading.Thread(target=self._watch, name="knowledge", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the looking."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _watch(self) -> None:
        while not self._stop.wait(POLL_SECONDS):
            try:
                self.refresh()
            except SQLAlchemyError as error:
                # The old snapshot goes on answering while the database is away.
                log.warning("knowledge_not_renewed", error=type(error).__name__)
            except Exception:
                # Data that cannot be read must not end the looking: the next change may mend them.
                log.exception("knowledge_not_renewed")


def _ready(session: Session) -> Snapshot:
    """A new snapshot, its names indexed: no resident waits for that."""
    built = snapshot.build(session)
    built.gazetteer.index()
    return built
