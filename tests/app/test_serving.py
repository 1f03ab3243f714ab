"""``mezobeli run`` as real processes: started in an empty folder, fed with data, killed and started again."""

from __future__ import annotations

import csv
import socket
import threading
import time
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path

import pytest

from app import settings
from app.bootstrap import Neighbour
from app.serving import check_address
from app.settings import BadSettings
from store import schema
from store.database import Database
from tests.app import process
from tests.app.conftest import SetUp
from tests.app.process import Served
from tests.app.test_settings import PUBLIC

RENEWED_WITHIN = 5.0
ENDED_WITHIN = 8.0


@pytest.fixture(scope="module")
def served(neighbour: Neighbour, cache_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A process that was started in an empty folder."""
    with process.serving(tmp_path_factory.mktemp("served"), cache_dir) as running:
        yield running


def test_an_empty_folder_becomes_a_database_with_knowledge(served: Served) -> None:
    database = Database(f"sqlite:///{served.folder / 'var' / 'mezobeli.db'}")
    assert schema.current_revision(database) == schema.newest_revision()
    database.close()
    status, ready = served.ask("/readyz")
    assert status == 200
    assert '"database":"ok"' in ready
    assert served.ask("/healthz") == (200, "ok\n")


def test_it_says_where_to_try_it(served: Served) -> None:
    assert f"http://127.0.0.1:{served.port}/try" in served.log
    assert f"{PUBLIC['public_url']}/staff/link/" in served.log  # cookies are for https there
    assert "mezobeli chat" in served.log
    assert "Telegram: off (set MEZOBELI_TELEGRAM_TOKEN)" in served.log
    assert "SMS:      on" in served.log


def test_pages_and_metrics_answer(served: Served) -> None:
    status, page = served.ask("/try")
    assert status == 200
    assert "Plain phone" in page
    assert served.ask("/try/static/try.js")[0] == 200
    assert "mezobeli_knowledge_version" in served.ask("/metrics")[1]
    assert served.ask("/nowhere")[0] == 404


def test_a_signed_text_message_is_answered_and_an_unsigned_is_not(served: Served) -> None:
    (answer,) = served.text("sad aris uaxloesi centri kachretshi", "SMsigned")
    assert "Kachreti" in answer
    assert served.ask("/sms/inbound", b"Body=hello")[0] == 403
    assert "555123456" not in served.log


def test_the_page_to_try_answers_on_both_channels(served: Served) -> None:
    text = served.try_out(channel="sms", sender="a", text="nearest centre in Kachreti")
    chat = served.try_out(channel="telegram", sender="a", text="nearest centre in Kachreti")
    assert (text["intent"], chat["intent"]) == ("nearest_center", "nearest_center")
    assert (text["encoding"], chat["encoding"]) == ("GSM-7", None)


def test_a_busy_port_is_one_friendly_sentence(served: Served, tmp_path: Path) -> None:
    ended = process.command(tmp_path, "run", port=str(served.port))
    assert ended.returncode == 2
    assert ended.stdout == ""
    (sentence,) = ended.stderr.splitlines()
    assert f"port {served.port} of 127.0.0.1 is taken" in sentence
    assert f"MEZOBELI_PORT to another port, such as {served.port + 1}" in sentence
    assert list(tmp_path.iterdir()) == []


def test_data_imported_by_another_process_are_in_force_within_seconds(served: Served, tmp_path: Path) -> None:
    file = served.folder / "centers.csv"
    assert process.command(served.folder, "export", "centers", file.name).returncode == 0
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    for row in rows:
        if row["slug"] == "kachreti":
            row.update(name_en="Newkachreti", phone="+995 32 240 55 05", verified_on="2026-11-20")
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert "mezobeli_knowledge_version 1.0" in served.ask("/metrics")[1]
    imported = process.command(served.folder, "import", "centers", file.name)
    done = time.monotonic()
    assert imported.returncode == 0, imported.stderr
    assert "centers: 0 added, 1 changed, 0 removed, 57 unchanged" in imported.stdout
    while "mezobeli_knowledge_version 2.0" not in served.ask("/metrics")[1]:
        assert time.monotonic() - done < RENEWED_WITHIN
        time.sleep(0.1)
    (answer,) = served.try_out(channel="sms", sender="new", text="nearest centre in Kachreti")["texts"]
    assert "Newkachreti" in answer
    assert served.process.poll() is None


def test_what_was_answered_outlives_a_loss_of_power(neighbour: Neighbour, cache_dir: Path, tmp_path: Path) -> None:
    answered: dict[int, list[str]] = {}
    with process.serving(tmp_path, cache_dir) as first:
        first.text("Akhalsopeli", "SMasked", sender="+995555000001")
        threads = [threading.Thread(target=_text_on, args=(first, answered, start)) for start in range(4)]
        for thread in threads:
            thread.start()
        while len(answered) < 20:
            time.sleep(0.01)
        first.kill()
        for thread in threads:
            thread.join()
    with process.serving(tmp_path, cache_dir) as second:
        for number, answer in answered.items():
            assert second.text(f"completely different {number}", f"SM{number}", _sender(number)) == answer
        (chosen,) = second.text("1", "SMchosen", sender="+995555000001")
        assert "Akhalsopeli" in chosen  # the choice of the killed process is still open
        assert second.ask("/readyz")[0] == 200
        assert second.terminate() < ENDED_WITHIN
        assert second.process.returncode == 0
        assert "Traceback" not in second.log


def _sender(number: int) -> str:
    return f"+9955552{number:05}"


def _text_on(served: Served, answered: dict[int, list[str]], start: int) -> None:
    """Texts until nobody answers any more."""
    for number in range(start, 4_000, 4):
        try:
            answered[number] = served.text(
                f"where is a centre in Lagodekhi {number}", f"SM{number}", _sender(number)
            )
        except (OSError, HTTPException):
            return


def test_a_host_that_is_not_here_is_named(set_up: SetUp) -> None:
    for host in ("192.0.2.1", "no.such.host.invalid"):
        set_up(host=host, port=str(process.free_port()))
        with pytest.raises(BadSettings, match="MEZOBELI_HOST"):
            check_address(settings.load())


def test_a_free_port_is_left_free(set_up: SetUp) -> None:
    port = process.free_port()
    set_up(port=str(port))
    check_address(settings.load())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))
        probe.listen(1)
        with pytest.raises(BadSettings, match=f"port {port} of 127.0.0.1 is taken"):
            check_address(settings.load())
