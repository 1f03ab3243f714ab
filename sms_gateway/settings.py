"""What the text-message front needs to know; ``app`` fills it from the environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Provider = Literal["twilio", "smsgate"]


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """The providers and the limits. Addresses without a trailing slash; times in seconds.

    ``from_`` is Twilio's sender: a number, an alphanumeric name or a messaging service (``MG...``).
    ``public_url`` is the address under which the providers reach us, which Twilio's signature covers.
    ``reply_number`` is the number that residents are told to text. Secrets that are empty let nobody in.
    ``phone_daily`` is the most that the phone sends in a day, 0 for no end. With ``fail_over`` the other provider
    takes over after ``fail_over_after`` failures in a row; with each ``fail_over_minutes`` since the last one a
    tenth of the texts comes back.
    """

    provider: Provider = "twilio"
    account_sid: str = ""
    auth_token: str = ""
    from_: str = ""
    whatsapp_from: str = ""
    api_base: str = "https://api.twilio.com"
    public_url: str = ""
    status_callback: str = ""
    reply_number: str = ""
    allowed_prefixes: tuple[str, ...] = ("+995",)
    replies_per_hour: int = 30
    smsgate_url: str = ""
    login: str = ""
    password: str = ""
    signing_key: str = ""
    timestamp_tolerance: int = 300
    send_timeout: float = 10.0
    twilio_per_second: float = 10.0
    phone_seconds_apart: float = 2.0
    phone_daily: int = 1_000
    fail_over: bool = False
    fail_over_after: int = 3
    fail_over_minutes: int = 5

    @property
    def has_twilio(self) -> bool:
        """Whether there is a Twilio account to send with."""
        return bool(self.account_sid and self.auth_token and (self.from_ or self.whatsapp_from))

    @property
    def has_smsgate(self) -> bool:
        """Whether there is a phone to send with."""
        return bool(self.smsgate_url and self.password)

    @property
    def two_way(self) -> bool:
        """Whether a resident can answer a text that we send; where not, no text may speak of answering.

        International providers reach Georgia one way only: the network writes over a numeric sender, so a Twilio
        sender counts as two-way only where it is the very number that residents are told to text.
        """
        if self.provider == "smsgate":
            return True
        return self.from_.startswith("+") and self.from_ == self.reply_number

    @property
    def own_numbers(self) -> frozenset[str]:
        """Our own numbers, which are never answered: we would be talking to ourselves."""
        return frozenset({self.from_, self.whatsapp_from, self.reply_number} - {""})
