"""Imports every module that has tables, so that the metadata is whole (for migrations and their test)."""

from __future__ import annotations

import knowledge.models  # noqa: F401
