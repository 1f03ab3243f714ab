"""Every module that has tables, imported so that the metadata is whole (for migrations and their test)."""

from __future__ import annotations

from desk import contacts, conversations, intake, outbox, privacy, questions
from knowledge import models

MODULES = (contacts, conversations, intake, outbox, privacy, questions, models)
