"""The blueprint to which the modules of this page add their views."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("questions", __name__, url_prefix="/questions")
