"""Tables to take away, as CSV or XLSX; no cell of them is run as a formula."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from flask import Response, abort

from knowledge.interchange.writing import write_table

_TYPES: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

ENDINGS = tuple(_TYPES)
"""The files that are written."""


def table(name: str, ending: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """The rows as a file of that name. Ends the request with 404 for another ending."""
    listed = [list(row) for row in rows]
    return file(name, ending, lambda path: write_table(path, name, list(header), listed))


def file(name: str, ending: str, write: Callable[[Path], object]) -> Response:
    """What ``write`` puts into the file at a path, as a file of that name. Otherwise as ``table``."""
    if ending not in ENDINGS:
        abort(404)
    with tempfile.TemporaryDirectory(prefix="mezobeli-") as folder:
        path = Path(folder) / f"{name}.{ending}"
        write(path)
        content = path.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return Response(content, content_type=_TYPES[ending], headers=headers)
