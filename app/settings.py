"""The settings: environment variables ``MEZOBELI_*``, checked once at start.

A wrong or half-given setting ends the start with one sentence that says which and how to mend it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from store.database import BadDatabaseUrl, parse_url

PREFIX = "MEZOBELI_"

_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_BOT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{3,8}")


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


class BadSettings(ValueError):
    """The settings cannot be used; the text says which and how to mend it."""


class Settings(BaseSettings):
    """Every setting with its default. Empty values count as not given."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)
    threads: int = Field(default=8, ge=1, le=256)
    metrics_port: int | None = Field(default=None, ge=1, le=65535)
    database_url: str = "sqlite:///var/mezobeli.db"
    cache_dir: Path = Path("var/cache")
    public_url: str = ""
    secret_key: SecretStr | None = None
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    try_page: bool = True
    spool_dir: Path = Path("var/spool")
    keep_texts_days: int = Field(default=180, ge=1, le=36_500)

    telegram_token: SecretStr | None = None
    telegram_name: str = ""
    telegram_api_base: str = "https://api.telegram.org"
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_secret: SecretStr | None = None

    sms_provider: Literal["twilio", "smsgate"] = "twilio"
    sms_reply_number: str = ""
    sms_prefixes: Annotated[list[str], NoDecode, BeforeValidator(_split)] = ["+995"]
    sms_replies_per_hour: int = Field(default=30, ge=1)
    sms_fail_over: bool = False
    sms_fail_over_after: int = Field(default=3, ge=1, le=100)
    sms_fail_over_minutes: int = Field(default=5, ge=1, le=1_440)

    sms_price_tetri: float | None = Field(default=None, ge=0, le=10_000)
    approval_from: int = Field(default=500, ge=1)

    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr | None = None
    twilio_from: str = ""
    twilio_api_base: str = "https://api.twilio.com"
    twilio_per_second: float = Field(default=10.0, gt=0, le=1_000)

    smsgate_url: str = ""
    smsgate_login: str = ""
    smsgate_password: SecretStr | None = None
    smsgate_signing_key: SecretStr | None = None
    smsgate_seconds_apart: float = Field(default=2.0, ge=0.05, le=3_600)
    smsgate_daily: int = Field(default=1_000, ge=0)

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        try:
            parse_url(value)
        except BadDatabaseUrl as error:
            raise ValueError(str(error)) from error
        return value

    @field_validator("public_url", "telegram_api_base", "twilio_api_base", "smsgate_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).netloc):
            raise ValueError("write a whole address such as https://neighbour.example.org")
        return value.rstrip("/")

    @field_validator("telegram_token")
    @classmethod
    def _token_shape(cls, value: SecretStr | None) -> SecretStr | None:
        number, _, rest = value.get_secret_value().partition(":") if value else ("1", "", "x")
        if not number.isdigit() or not rest:
            raise ValueError("copy the whole token from BotFather; it looks like 123456789:AAF...")
        return value

    @field_validator("telegram_name")
    @classmethod
    def _bot_name(cls, value: str) -> str:
        name = value.removeprefix("https://t.me/").removeprefix("@")
        if name and not _BOT_NAME.fullmatch(name):
            raise ValueError("write the bot's name as BotFather gave it, such as mezobeli_bot")
        return name

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _secret_shape(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not _WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("write 16 to 256 letters, digits, hyphens and underscores; Telegram takes no others")
        return value

    @field_validator("secret_key")
    @classmethod
    def _key_length(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value.get_secret_value()) < 32:
            raise ValueError("write 32 or more random letters and digits; without it a key is made by itself")
        return value

    @field_validator("sms_reply_number")
    @classmethod
    def _reply_number(cls, value: str) -> str:
        if value and not _NUMBER.fullmatch(value):
            raise ValueError("write a number without spaces, such as +995555123456, or a short code")
        return value

    @field_validator("sms_prefixes")
    @classmethod
    def _prefixes(cls, value: list[str]) -> list[str]:
        if not value or not all(prefix.startswith("+") and prefix[1:].isdigit() for prefix in value):
            raise ValueError("write country prefixes with a plus, separated by commas, such as +995,+374")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Settings:
        together = {
            "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM": (
                self.twilio_account_sid,
                self.twilio_auth_token,
                self.twilio_from,
            ),
            "SMSGATE_URL, SMSGATE_LOGIN, SMSGATE_PASSWORD and SMSGATE_SIGNING_KEY": (
                self.smsgate_url,
                self.smsgate_login,
                self.smsgate_password,
                self.smsgate_signing_key,
            ),
        }
        for names, values in together.items():
            if any(values) and not all(values):
                raise ValueError(f"{names} belong together: give all of them or none")
        if self.twilio_account_sid and not self.public_url:
            raise ValueError(
                "PUBLIC_URL is needed with Twilio, whose signature covers it: "
                "the address under which Twilio reaches this server, such as https://neighbour.example.org"
            )
        if self.telegram_mode == "webhook":
            if not self.telegram_token:
                raise ValueError("TELEGRAM_MODE=webhook needs TELEGRAM_TOKEN: get one from @BotFather")
            if not self.public_url.startswith("https://"):
                raise ValueError("TELEGRAM_MODE=webhook needs PUBLIC_URL, and Telegram only calls https://")
            if not self.telegram_webhook_secret:
                raise ValueError(
                    "TELEGRAM_MODE=webhook needs TELEGRAM_WEBHOOK_SECRET: 16 or more letters and digits"
                )
        if self.sms_provider == "smsgate" and not self.smsgate_url:
            raise ValueError("SMS_PROVIDER=smsgate needs SMSGATE_URL and its login, password and signing key")
        if self.sms_fail_over and not (self.smsgate_url and self.twilio_account_sid):
            raise ValueError("SMS_FAIL_OVER needs both providers: give TWILIO_ACCOUNT_SID and SMSGATE_URL")
        if self.smsgate_url and self.sms_provider == "twilio" and not self.twilio_account_sid:
            raise ValueError("SMS_PROVIDER must be smsgate for SMSGATE_URL to be used: no Twilio account is given")
        return self


def web_address(settings: Settings) -> str:
    """Where people reach the web pages: the public address, else the one that the server listens on."""
    return settings.public_url or listening_address(settings)


def listening_address(settings: Settings) -> str:
    """The address on which the server listens, as a browser takes it."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def load(**overrides: object) -> Settings:
    """Reads the environment (and ``.env``). Raises BadSettings with one line for each setting that is wrong."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        raise BadSettings("\n".join(_sentence(dict(problem)) for problem in error.errors())) from None


def _sentence(problem: dict[str, object]) -> str:
    where = problem.get("loc")
    name = str(where[0]).upper() if isinstance(where, tuple) and where else ""
    words = str(problem.get("msg", "")).removeprefix("Value error, ")
    if not name:
        return PREFIX + words
    if problem.get("type") == "value_error":
        return f"{PREFIX}{name}: {words}"
    return f"{PREFIX}{name}: {words[:1].lower()}{words[1:]} (it is {str(problem.get('input'))[:40]!r})"
