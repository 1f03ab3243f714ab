"""The second factor: codes of six digits from an authenticator app (RFC 6238), each of which is taken once."""

from __future__ import annotations

import pyotp
from sqlalchemy.orm import Session

from desk.accounts.models import StaffAccount
from store import clock

ISSUER = "Mezobeli"
STEP = 30
"""Seconds for which a code is shown."""

DRIFT = 1
"""Steps by which the clock of a telephone may be wrong, either way."""


def new_secret() -> str:
    """A secret to set up, in base32."""
    return pyotp.random_base32()


def address(secret: str, name: str) -> str:
    """The ``otpauth:`` address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=name, issuer_name=ISSUER)


def step_of(secret: str, code: str, after: int) -> int | None:
    """The time step later than ``after`` whose code that is; None for a wrong, an old and a used one."""
    cleaned = "".join(code.split())
    if not (len(cleaned) == 6 and cleaned.isascii() and cleaned.isdecimal()):
        return None
    now, made = int(clock.now().timestamp()) // STEP, pyotp.TOTP(secret, interval=STEP)
    for step in range(max(now - DRIFT, after + 1), now + DRIFT + 1):
        if pyotp.utils.strings_equal(made.at(step * STEP), cleaned):
            return step
    return None


def use(session: Session, staff_id: int, code: str) -> bool:
    """Whether that is a code of the member's, which is used up by it. Locks the account: of two one counts."""
    account = session.get(StaffAccount, staff_id, with_for_update=True, populate_existing=True)
    if account is None or account.code_secret is None:
        return False
    step = step_of(account.code_secret, code, account.code_step)
    if step is None:
        return False
    account.code_step = step
    session.flush()
    return True


def set_up(session: Session, staff_id: int, secret: str, code: str) -> bool:
    """Makes the secret the member's where the code shows that their app has it."""
    account = session.get(StaffAccount, staff_id, with_for_update=True, populate_existing=True)
    step = step_of(secret, code, 0)
    if account is None or step is None:
        return False
    account.code_secret, account.code_step = secret, step
    session.flush()
    return True
