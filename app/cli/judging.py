"""Judging the understanding: ``evaluate`` on labelled questions, ``transcript`` of whole conversations."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from app import bootstrap, evaluation
from app import transcript as transcripts
from knowledge import place_eval
from knowledge.snapshot import Snapshot


@click.command()
@click.option(
    "--min",
    "minimum",
    type=click.FloatRange(0, 1),
    default=0.0,
    help="Exit 1 where the share of right answers (0 to 1) of a file, or of the places, is below.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the report to a Markdown file."
)
@click.option(
    "--places",
    type=click.IntRange(min=0),
    metavar="N",
    help="Also try N settlements (0: all) in every habit of writing, with and without a typing error.",
)
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def evaluate(obj: Any, minimum: float, out: Path | None, places: int | None, files: tuple[Path, ...]) -> None:
    """Say how well the questions of FILES are understood, and with --places how well places are.

    A file holds JSON lines {"text", "intent", "place"?, "service"?, "language"?}.
    """
    if not files and places is None:
        raise click.UsageError("give FILES of questions, --places N, or both")
    asked = [(file, _questions(file)) for file in files]
    neighbour = bootstrap.build(obj.settings(quiet=True))
    written, worst = [], 1.0
    for file, questions in asked:
        report = evaluation.evaluate(neighbour.reader, neighbour.knowledge.current, questions)
        written += evaluation.lines(report, f"{file.name} ({report.overall.all} questions)")
        worst = min(worst, report.overall.value)
        click.echo("\n".join(evaluation.lines(report, file.name)))
        half, nearly_all = (evaluation.percentile(report.milliseconds, share) for share in (0.5, 0.99))
        click.echo(f"{half:.2f} ms for half of them, {nearly_all:.2f} ms for 99 %")
    if places is not None:
        page, share = _places(neighbour.knowledge.current, places)
        written.append(page)
        worst = min(worst, share)
        click.echo(page)
    if out is not None:
        out.write_text("\n".join(["# How well questions are understood", "", *written]), encoding="utf-8")
    if worst < minimum:
        click.echo(f"below {minimum:.1%}", err=True)
        sys.exit(1)


def _questions(file: Path) -> list[evaluation.Labelled]:
    try:
        return evaluation.read_questions(file)
    except evaluation.BadQuestions as error:
        click.echo(f"{file.name}: {error}", err=True)
        sys.exit(2)


def _places(snapshot: Snapshot, sample: int) -> tuple[str, float]:
    """The report on that many settlements, its headings one level down, and the share of right answers."""
    known = list(snapshot.places.values())
    report = place_eval.evaluate(snapshot.gazetteer, place_eval.generate(known, min(sample, len(known))))
    both = [report.total(errors) for errors in (0, 1)]
    page = "".join(f"#{line}" if line.startswith("#") else line for line in report.markdown().splitlines(True))
    return page, sum(tally.right for tally in both) / max(1, sum(tally.total for tally in both))


@click.command()
@click.option("--write", is_flag=True, help="Write the pages in docs/ anew instead of printing them.")
@click.pass_obj
def transcript(obj: Any, write: bool) -> None:
    """Replay the conversations of docs/transcript.yaml and docs/bookings.yaml."""
    neighbour = bootstrap.build(obj.settings(quiet=True))
    for one in transcripts.TRANSCRIPTS:
        text = transcripts.written(neighbour, one)
        if write:
            one.page.write_text(text, encoding="utf-8")
            click.echo(f"{one.exchanges()} exchanges written to {one.page}")
        else:
            click.echo(text)
