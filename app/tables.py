"""Imports every module that has tables, so that the metadata is whole (for migrations and their test)."""

from __future__ import annotations

import desk.contacts
import desk.conversations
import desk.intake
import desk.outbox
import desk.privacy
import desk.questions
import knowledge.models  # noqa: F401
