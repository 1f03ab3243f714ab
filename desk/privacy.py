"""Keeping what is known of people little: masks for logs and keyed digests for what must outlive "forget me"."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base

_DIGITS = re.compile(r"\+?\d(?:[\d\s().-]{4,}\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_keys: WeakKeyDictionary[Engine, bytes] = WeakKeyDictionary()


class Secret(Base):
    """A random value made at the first start, such as the key of the digests."""

    __tablename__ = "secrets"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(128))


def secret(session: Session, name: str) -> str:
    """The random value of that name; made and kept at the first call, also where several make it at once."""
    row = session.get(Secret, name)
    if row is None:
        try:
            with session.begin_nested():
                row = Secret(name=name, value=secrets.token_hex(32))
                session.add(row)
        except IntegrityError:
            row = session.get_one(Secret, name, populate_existing=True)
    return row.value


def address_digest(session: Session, channel: str, address: str) -> str:
    """A keyed digest of an address: tells whether it is the same one again, and nothing else."""
    bind = session.get_bind()
    key = _keys.get(bind.engine)
    if key is None:
        stored = session.get(Secret, "address_digest") is not None
        key = secret(session, "address_digest").encode()
        if stored:  # one made just now may still be rolled back
            _keys[bind.engine] = key
    return hmac.new(key, f"{channel}:{address}".encode(), hashlib.sha256).hexdigest()


def mask_address(address: str) -> str:
    """An address as logs may show it: its last two characters."""
    return "*" * max(0, len(address) - 2) + address[-2:]


def mask_text(text: str) -> str:
    """A resident's text without telephone numbers, personal numbers and mail addresses."""
    return _MAIL.sub("<mail>", _DIGITS.sub("<number>", text))
