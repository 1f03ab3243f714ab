"""How much a view takes in: a page to which files are sent allows more than a form needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def takes_up_to(size: int) -> Callable[[View], View]:
    """Lets requests to the view be so many bytes long; longer ones end with 413."""

    def declare(view: View) -> View:
        view.body_limit = size  # type: ignore[attr-defined]
        return view

    return declare
