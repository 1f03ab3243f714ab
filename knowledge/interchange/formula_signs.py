"""Keeps a spreadsheet from running a cell: an apostrophe goes before what would start a formula.

Reading takes it away again, so a value that begins so itself gets one more and comes back unharmed.
"""

from __future__ import annotations

import re

_STARTS = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")


def guarded(text: str) -> str:
    """The text as it may stand in a cell of a spreadsheet."""
    return "'" + text if _STARTS.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if _GUARDED.match(text) else text
