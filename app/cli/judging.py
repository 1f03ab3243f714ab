"""Judging the understanding: ``evaluate`` on labelled questions, ``transcript`` of whole conversations."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from app import bootstrap, evaluation
from app import transcript as transcripts


@click.command()
@click.option(
    "--min", "minimum", type=click.FloatRange(0, 1), default=0.0, help="Exit 1 below this share (0 to 1)."
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the report to a Markdown file."
)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def evaluate(obj: Any, minimum: float, out: Path | None, files: tuple[Path, ...]) -> None:
    """Say how well the questions of FILES are understood.

    A file holds JSON lines {"text", "intent", "place"?, "service"?, "language"?}.
    """
    neighbour = bootstrap.build(obj.settings(quiet=True))
    written, worst = [], 1.0
    for file in files:
        try:
            questions = evaluation.read_questions(file)
        except evaluation.BadQuestions as error:
            click.echo(f"{file.name}: {error}", err=True)
            sys.exit(2)
        report = evaluation.evaluate(neighbour.reader, neighbour.knowledge.current, questions)
        written += evaluation.lines(report, f"{file.name} ({report.overall.all} questions)")
        worst = min(worst, report.overall.value)
        click.echo("\n".join(evaluation.lines(report, file.name)))
        half, nearly_all = (evaluation.percentile(report.milliseconds, share) for share in (0.5, 0.99))
        click.echo(f"{half:.2f} ms for half of them, {nearly_all:.2f} ms for 99 %")
    if out is not None:
        out.write_text("\n".join(["# How well questions are understood", "", *written]), encoding="utf-8")
    if worst < minimum:
        click.echo(f"below {minimum:.1%}", err=True)
        sys.exit(1)


@click.command()
@click.option("--write", is_flag=True, help=f"Write {transcripts.WRITTEN.name} anew instead of printing it.")
@click.pass_obj
def transcript(obj: Any, write: bool) -> None:
    """Replay the conversations of docs/transcript.yaml."""
    neighbour = bootstrap.build(obj.settings(quiet=True))
    text = transcripts.written(neighbour)
    if write:
        transcripts.WRITTEN.write_text(text, encoding="utf-8")
        click.echo(f"{transcripts.exchanges()} exchanges written to {transcripts.WRITTEN}")
    else:
        click.echo(text)
