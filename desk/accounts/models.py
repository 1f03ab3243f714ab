"""The tables of accounts. Nothing that opens a door is kept as it is: passwords as argon2, tokens as digests."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, BigId

LinkKind = Literal["first", "invite", "reset"]
"""``first`` belongs to nobody yet: whoever opens it becomes the first administrator."""


class StaffAccount(Base):
    """What a member signs in with. A member without a row, or without a password, cannot sign in.

    ``code_step`` is the last time step whose code was used: neither it nor an earlier one is taken again.
    ``console_locale`` is the language of the console where the member chose one.
    """

    __tablename__ = "staff_accounts"

    staff_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("staff_members.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    email: Mapped[str | None] = mapped_column(String(120), unique=True)  # in small letters
    password: Mapped[str | None] = mapped_column(Text)  # argon2id
    password_at: Mapped[datetime | None]
    code_secret: Mapped[str | None] = mapped_column(String(64))  # base32, as authenticator apps read it
    code_step: Mapped[int] = mapped_column(BigId, default=0)
    console_locale: Mapped[str | None] = mapped_column(String(8))


class StaffSession(Base):
    """That somebody is signed in on a browser, which holds the token; ``digest`` is all that we keep of it.

    While ``is_whole`` is false only the password was right: the second factor is still to come.
    ``offered_secret`` is the second factor being set up.
    """

    __tablename__ = "staff_sessions"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff_members.id", ondelete="CASCADE"), index=True)
    is_whole: Mapped[bool]
    offered_secret: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class OneTimeLink(Base):
    """A link that lets somebody set a password once; only the digest of its token is kept."""

    __tablename__ = "staff_links"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    staff_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("staff_members.id", ondelete="CASCADE"), index=True
    )
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SignInCount(Base):
    """How often signing in was tried of late for one account or from one address, of which we keep a digest."""

    __tablename__ = "staff_sign_ins"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)  # then it is counted anew
