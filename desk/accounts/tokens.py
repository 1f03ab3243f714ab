"""Random tokens that are given away once; what we keep of them is their digest."""

from __future__ import annotations

import hashlib
import secrets


def make() -> tuple[str, str]:
    """A new token of 256 random bits, for an address or a cookie, and its digest for the database."""
    token = secrets.token_urlsafe(32)
    return token, digest(token)


def digest(token: str) -> str:
    """The digest of a token. Plain SHA-256 is enough: a random token cannot be guessed from it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
