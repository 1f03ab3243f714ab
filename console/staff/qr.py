"""Pictures that a telephone's camera reads."""

from __future__ import annotations

import segno


def picture(text: str) -> str:
    """A QR code of the text, as the address of an image."""
    return str(segno.make(text, error="m").svg_data_uri(scale=5, border=2))
