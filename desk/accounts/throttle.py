"""Counting tries to sign in, by account and by address, in rows: all processes count together.

A try is counted before the password is looked at, so that many at once cannot slip through. Names and addresses
are kept as digests and for a quarter of an hour only.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import case, delete, select
from sqlalchemy.orm import Session

from desk.accounts import tokens
from desk.accounts.models import SignInCount
from store import clock
from store.statements import carry_out, insert_into

WINDOW = timedelta(minutes=15)

BY_ACCOUNT = 8
"""Tries for one account within a window."""

BY_ADDRESS = 40
"""Tries from one address within a window: a whole agency may sit behind one."""


def take(session: Session, account: str, address: str) -> timedelta | None:
    """Counts a try; None where it may be made, else how long to wait."""
    waits = [
        _count(session, f"address:{address}", BY_ADDRESS),
        _count(session, f"account:{account}", BY_ACCOUNT),
    ]
    return max((wait for wait in waits if wait is not None), default=None)


def forgive(session: Session, account: str) -> None:
    """Forgets the tries for an account: somebody has shown that it is theirs."""
    session.execute(delete(SignInCount).where(SignInCount.digest == tokens.digest(f"account:{account}")))


def sweep(session: Session) -> int:
    """Deletes what is not counted any more; how many."""
    return carry_out(session, delete(SignInCount).where(SignInCount.ends_at <= clock.now()))


def _count(session: Session, key: str, most: int) -> timedelta | None:
    digest, moment = tokens.digest(key), clock.now()
    first = {"digest": digest, "tries": 1, "ends_at": moment + WINDOW}
    over = SignInCount.ends_at <= moment
    session.execute(
        insert_into(session, SignInCount)
        .values(first)
        .on_conflict_do_update(
            index_elements=[SignInCount.digest],
            set_={
                "tries": case((over, 1), else_=SignInCount.tries + 1),
                "ends_at": case((over, moment + WINDOW), else_=SignInCount.ends_at),
            },
        )
    )
    row = session.scalars(select(SignInCount).where(SignInCount.digest == digest)).one()
    session.refresh(row)
    return row.ends_at - moment if row.tries > most else None
