"""Tables to take away, as CSV or XLSX; no cell of them is run as a formula."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, get_args

from flask import Response, abort

from knowledge.interchange.writing import write_table

Ending = Literal["csv", "xlsx"]

_TYPES: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table(name: str, ending: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """The rows as a file of that name. Ends the request with 404 for another ending."""
    if ending not in get_args(Ending):
        abort(404)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.{ending}"
        write_table(path, name, list(header), [list(row) for row in rows])
        content = path.read_bytes()
    given = Response(content, content_type=_TYPES[ending])
    given.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return given
