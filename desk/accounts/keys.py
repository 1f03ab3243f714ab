"""Secrets of the server itself, such as the one that signs cookies, the same for all processes."""

from __future__ import annotations

import secrets

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from desk.accounts.models import ServerKey


def of(session: Session, name: str) -> str:
    """The secret of that name (256 random bits), made where there is none; two makers at once get the same."""
    found = session.get(ServerKey, name)
    if found is None:
        insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
        fresh = {"name": name, "value": secrets.token_hex(32)}
        session.execute(insert(ServerKey).values(fresh).on_conflict_do_nothing())
        found = session.get_one(ServerKey, name)
    return found.value
