"""``mezobeli import`` and ``export``: what would change is said, every fault is named, all or nothing."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import data
from knowledge import interchange, models
from store.database import Database
from tests.app.cli.conftest import Mezobeli

Rows = list[dict[str, str]]


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: Rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def centers(mezobeli: Mezobeli, shipped: Path, tmp_path: Path) -> Path:
    """The shipped centres in a file."""
    path = tmp_path / "centers.csv"
    ended = mezobeli("export", "centers", path)
    assert (ended.exit_code, ended.stdout) == (0, f"58 centers written to {path}\n")
    return path


def change(path: Path, how: Callable[[Rows], object]) -> Path:
    rows = read(path)
    how(rows)
    return write(path, rows)


def version(path: Path) -> int:
    database = Database(f"sqlite:///{path}")
    with database.read() as session:
        number = models.version(session)
    database.close()
    return number


@pytest.mark.parametrize("kind", interchange.KINDS)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_was_exported_changes_nothing(
    mezobeli: Mezobeli, shipped: Path, tmp_path: Path, kind: str, ending: str
) -> None:
    if (kind, ending) == ("places", "xlsx"):
        pytest.skip("4,248 rows of Excel take seconds; tests/knowledge/interchange has them")
    path = tmp_path / f"file.{ending}"
    assert mezobeli("export", kind, path).exit_code == 0
    ended = mezobeli("import", kind, path)
    assert ended.exit_code == 0, ended.output
    assert ended.stdout.startswith(f"{kind}: 0 added, 0 changed, 0 removed, ")
    assert version(shipped) == 1


def test_a_dry_run_says_what_would_change_and_changes_nothing(
    mezobeli: Mezobeli, centers: Path, shipped: Path
) -> None:
    def alter(rows: Rows) -> None:
        rows[0]["phone"] = "+995 32 240 55 05"
        removed = rows.pop(1)
        rows.append({**removed, "slug": "new-centre"})

    change(centers, alter)
    dry = mezobeli("import", "centers", centers, "--dry-run")
    assert dry.exit_code == 0
    first, *details = dry.stdout.splitlines()
    assert first == "would change: centers: 1 added, 1 changed, 1 removed, 56 unchanged"
    assert "  + new-centre" in details
    assert "  ~ shashiani: phone: '' -> '+995322405505'" in details
    assert "  - sartichala" in details
    assert version(shipped) == 1

    done = mezobeli("import", "centers", centers)
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [first.removeprefix("would change: "), *details]
    assert version(shipped) == 2
    assert mezobeli("import", "centers", centers).stdout.startswith("centers: 0 added, 0 changed, 0 removed")
    assert version(shipped) == 2


def test_every_fault_is_named_and_nothing_is_imported(mezobeli: Mezobeli, centers: Path, shipped: Path) -> None:
    def alter(rows: Rows) -> None:
        rows[0]["phone"] = "call [bold]us[/bold] [/]"
        rows[2]["lat"] = "4"
        rows[3]["opened"] = "yesterday"
        rows[4]["name_en"] = "Changed"

    change(centers, alter)
    ended = mezobeli("import", "centers", centers)
    assert ended.exit_code == 1
    assert ended.stdout == ""
    assert "centers.csv: nothing was imported. 3 thing(s) to mend:" in ended.stderr
    shown = [[cell.strip() for cell in line.split("│")[1:-1]] for line in ended.stderr.splitlines()]
    rows = {(cells[0], cells[1]) for cells in shown if cells}
    assert {("2", "phone"), ("4", "lat"), ("5", "opened")} <= rows
    words = " ".join(" ".join(ended.stderr.replace("│", " ").split()).split())
    assert "[bold]" in words
    assert "'4'" in words
    assert "latitude" in words
    assert version(shipped) == 1
    again = change(
        centers, lambda rows: [rows[0].update(phone=""), rows[2].update(lat="41"), rows[3].update(opened="")]
    )
    assert mezobeli("import", "centers", again, "--dry-run").exit_code == 0


def test_many_faults_are_counted(mezobeli: Mezobeli, shipped: Path, tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    mezobeli("export", "places", path)
    change(path, lambda rows: [row.update(population="many") for row in rows[:250]])
    ended = mezobeli("import", "places", path)
    assert ended.exit_code == 1
    assert "250 thing(s) to mend" in ended.stderr
    assert "... and 50 more" in ended.stderr


def test_a_file_that_removes_most_rows_must_be_allowed_to(
    mezobeli: Mezobeli, centers: Path, shipped: Path
) -> None:
    change(centers, lambda rows: rows.__delitem__(slice(10, None)))
    dry = mezobeli("import", "centers", centers, "--dry-run")
    assert dry.exit_code == 1
    assert "refused without --allow-removals" in dry.stderr
    refused = mezobeli("import", "centers", centers)
    assert refused.exit_code == 1
    assert version(shipped) == 1
    taken = mezobeli("import", "centers", centers, "--allow-removals")
    assert taken.exit_code == 0, taken.output
    assert taken.stdout.startswith("centers: 0 added, 0 changed, 48 removed, 10 unchanged")
    assert "  ... and 28 more" in taken.stdout
    assert version(shipped) == 2


def test_a_long_file_shows_its_progress(
    mezobeli: Mezobeli, shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moves: list[tuple[str, int, int]] = []
    monkeypatch.setattr(data, "_bar", lambda _progress: lambda *move: moves.append(move))
    path = tmp_path / "places.csv"
    mezobeli("export", "places", path)
    change(path, lambda rows: [row.update(population="7") for row in rows])
    assert mezobeli("import", "places", path).exit_code == 0
    reading = [(done, total) for what, done, total in moves if what == "reading places.csv"]
    writing = [(done, total) for what, done, total in moves if what == "writing places"]
    for steps in (reading, writing):
        assert len(steps) >= 4
        assert steps == sorted(steps)
    assert reading[-1][0] == 4248
    assert writing[-1][0] == writing[-1][1] > 4_000


@pytest.mark.parametrize(
    "arguments",
    [
        ["import", "friends", "x.csv"],
        ["import", "centers", "nowhere.csv"],
        ["export", "friends", "x.csv"],
        ["import"],
    ],
)
def test_wrong_arguments_are_refused(mezobeli: Mezobeli, arguments: list[str]) -> None:
    ended = mezobeli(*arguments)
    assert ended.exit_code == 2
    assert "Usage:" in ended.stderr


@pytest.mark.parametrize("name", ["centers.pdf", "nowhere/centers.csv"])
def test_a_file_that_cannot_be_written_is_one_sentence(mezobeli: Mezobeli, shipped: Path, name: str) -> None:
    ended = mezobeli("export", "centers", name)
    assert ended.exit_code == 1
    assert ended.stderr.startswith("Error: ")
    assert "Traceback" not in ended.output


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x01", b"slug\n", b"PK\x03\x04 no workbook"])
@pytest.mark.parametrize("ending", ["csv", "xlsx", "pdf"])
def test_a_file_that_is_no_table_is_refused(
    mezobeli: Mezobeli, shipped: Path, tmp_path: Path, content: bytes, ending: str
) -> None:
    path = tmp_path / f"centers.{ending}"
    path.write_bytes(content)
    ended = mezobeli("import", "centers", path)
    assert ended.exit_code == 1, ended.output
    assert "nothing was imported" in ended.stderr
    assert version(shipped) == 1
