"""The benchmark measures what it says, at the smallest sizes."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from pytest_httpserver import HTTPServer
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from werkzeug import Request, Response

from bench import announcing, delivering, figures, halls, load, processes, texts, thinking, webhook
from bench.beside import measuring
from bench.beside.measuring import Beside
from bench.beside.ours import Outbox
from bench.processes import Kind
from bench.webhook import Posts
from bot.understanding import learning, phrases
from bot.understanding.reader import Reader
from knowledge.snapshot import Snapshot


def test_percentiles_are_of_the_sorted_values() -> None:
    assert figures.percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert figures.latency([0.001] * 99 + [0.5]) == figures.Latency(1.0, 500.0)
    assert figures.spread([1.0, 3.0, 2.0]) == "2 (1 to 3)"


def test_every_post_is_signed_as_twilio_signs_and_has_an_id_of_its_own() -> None:
    posts = Posts()
    made = [_form(post) for post in (*posts.from_new(3), *posts.from_known(3))]
    validator = RequestValidator(processes.AUTH_TOKEN)
    for form, signature in made:
        assert validator.validate(processes.PUBLIC_URL + webhook.PATH, form, signature)
    assert len({form["MessageSid"] for form, _ in made}) == 6
    senders = [form["From"] for form, _ in made]
    assert senders[:3] == senders[3:]
    assert len(set(senders)) == 3


def test_the_generator_sends_every_request_once_over_few_connections(
    httpserver: HTTPServer, tmp_path: Path
) -> None:
    seen: list[tuple[str, object]] = []

    def answer(request: Request) -> Response:
        seen.append((request.path, request.environ["REMOTE_PORT"]))
        return Response("x" * 10, status=200 if request.path != "/no" else 403)

    httpserver.expect_request("/no").respond_with_handler(answer)
    httpserver.expect_request("/yes").respond_with_handler(answer)
    load.write(tmp_path / "requests", [b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n" % path for path in (b"yes", b"no")])
    outcome = load.run(httpserver.port, 2, load.read(tmp_path / "requests"))
    assert sorted(path for path, _ in seen) == ["/no", "/yes"]
    assert outcome.refused == 1
    assert len(outcome.latencies) == 2
    assert outcome.rate > 0


def test_reading_and_looking_up_are_timed(known: Snapshot) -> None:
    reader = Reader(learning.learn(phrases.read_phrases(phrases.PHRASES / "en.jsonl")[:60], known))
    read = thinking.understanding(reader, known, questions=20)
    assert read.questions == 20
    assert 0 < read.again.p50 <= read.again.p99
    found = thinking.places(known, settlements=2)
    assert found.looked_up == len(texts.named_places(2))
    assert 0 < found.in_sentences.p50 <= found.in_sentences.p99


@pytest.mark.usefixtures("neighbour")  # has learned
def test_the_webhook_is_measured_beside_the_empty_route(cache_dir: Path, tmp_path: Path) -> None:
    found = webhook.measure("postgresql", tmp_path, cache_dir, requests=4, rounds=1)
    assert found.ratio > 0
    assert found.alone.p99 >= found.alone.p50 > 0
    assert len(found.rounds[0].new.latencies) == 4


def _form(post: bytes) -> tuple[dict[str, str], str]:
    head, _, body = post.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    return dict(parse_qsl(body.decode())), headers["X-Twilio-Signature"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_announcement_is_fanned_out_and_delivered(tmp_path: Path, kind: Kind) -> None:
    found = delivering.measure(kind, tmp_path, recipients=60, count=5)
    assert found.recipients == 60
    assert min(found.frozen, found.made, found.reply.rate) > 0
    assert 0 < found.reply.late.p50 <= found.reply.late.p99 < float("inf")
    assert 0 < found.reply.sent <= 60


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_country_is_written_to_and_a_reply_overtakes(tmp_path: Path, kind: Kind) -> None:
    found = announcing.measure(kind, tmp_path, recipients=200, replies=5)
    assert min(found.frozen, found.queued) > 0
    assert found.peak >= found.before > 1
    assert 0 < found.reply.late.p50 <= found.reply.late.p99 < float("inf")
    assert 0 < found.reply.sent <= 200


def test_a_hall_is_booked_by_many_and_a_full_calendar_searched(tmp_path: Path) -> None:
    found = halls.measure("sqlite", tmp_path, people=16, searches=10)
    assert (found.same.booked, found.own.booked) == (1, 16)
    assert min(found.same.rate, found.own.rate) > 0
    assert found.taken > 240 * 18  # the half-hours of the business days of a year
    assert found.nearest.p99 >= found.nearest.p50 > 0
    assert found.year.p50 > found.day.p50 > 0


def test_our_workers_deliver_all_that_waits_once_the_gate_is_open(tmp_path: Path) -> None:
    with processes.database("postgresql", tmp_path) as url:
        outbox = Outbox(url, people=30)
        assert measuring.rate(outbox, processes=2, tasks=30) > 0
        assert outbox.is_empty()
        outbox.fill(1)
        assert not outbox.is_empty()
        outbox.close()


def test_the_queues_are_told_beside_one_another() -> None:
    found = Beside(
        20, {1: {"ours": [300.0, 200.0, 100.0], "theirs": [100.0, 50.0, 10.0]}}, ("Celery (no server)",)
    )
    assert list(found.lines())[1:] == [
        "  processes    1",
        "    ours                           200 (100 to 300) a second",
        "    theirs                         50 (10 to 100) a second, of which ours is 4.0 (3.0 to 10.0) times",
        "  left out     Celery (no server)",
    ]
