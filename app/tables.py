"""Every module that has tables, imported so that the metadata is whole (for migrations and their test)."""

from __future__ import annotations

from desk import (
    audit,
    carriers,
    contacts,
    conversations,
    fan_out,
    intake,
    jobs,
    outbox,
    pauses,
    privacy,
    questions,
    staff,
    tallies,
    traffic,
)
from desk.accounts import models as accounts
from desk.announcements import headcount, progress
from desk.announcements import models as announcements
from desk.events import models as events
from desk.halls import bans, bookings, calendar, rules, waiting
from knowledge import history, models, taught, uploads

MODULES = (
    *(audit, contacts, conversations, intake, outbox, privacy, questions, staff),
    *(carriers, fan_out, jobs, pauses),
    *(headcount, progress, tallies, traffic),
    *(bans, bookings, calendar, rules, waiting),
    accounts,
    announcements,
    events,
    models,
    *(history, taught, uploads),
)
