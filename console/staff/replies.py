"""How a view answers: a part of a page for htmx, or the way back to a page where scripts are off."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from console.staff.cookies import PATH


def is_htmx() -> bool:
    """Whether htmx asks, and takes a part of the page."""
    return "HX-Request" in request.headers


def done(sentence: str, back: str, part: str | None = None, *, worked: bool = True) -> ResponseReturnValue:
    """What a form came to. ``part`` is for htmx; else ``back`` shows the sentence on top of the page."""
    if part is not None and is_htmx():
        return part
    flash(sentence, "good" if worked else "bad")
    return redirect(back, 303)


def local(address: str | None) -> str:
    """The address where it is one of the console's own, else that of Today: nobody is led elsewhere."""
    wanted = address or ""
    own = wanted == PATH or wanted.startswith((f"{PATH}/", f"{PATH}?"))
    return wanted if own and "\\" not in wanted and wanted.isprintable() else url_for("staff.today.page")
