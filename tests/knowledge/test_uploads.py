"""A file waits for its "carry out", for whoever sent it and not for ever."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from knowledge import uploads
from knowledge.uploads import Upload
from store import clock
from store.database import Database


def test_a_file_waits_for_who_sent_it(database: Database) -> None:
    with clock.fixed(clock.now()), database.write() as session:
        row = uploads.keep(session, "served", "../My file.CSV", b"\x00\xff", "staff:Nino")
        assert uploads.find(session, row.id, "staff:Keti") is None
        found = uploads.find(session, row.id, "staff:Nino")
        assert found is not None
        with uploads.opened(found) as path:
            assert (path.name, path.read_bytes()) == ("file.csv", b"\x00\xff")
        assert not path.exists()
        with clock.fixed(clock.now() + uploads.KEPT + timedelta(seconds=1)):
            assert uploads.find(session, row.id, "staff:Nino") is None
            uploads.keep(session, "served", "other.csv", b"", "staff:Nino")
        assert session.scalar(select(func.count()).select_from(Upload)) == 1
