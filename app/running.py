"""A running process: which parts it has, starting them and stopping them.

The all-in-one process has every role. On many machines each process has one: ``web`` takes webhooks and serves
pages, ``telegram`` polls Telegram, ``worker`` delivers the outbox.
"""

from __future__ import annotations

from typing import Literal

import structlog

from app import bootstrap
from app.bootstrap import Neighbour
from app.settings import Settings
from bot import wording
from bot.telegram import TelegramFront, TelegramSettings
from desk.messages import Channel, Sender
from scheduler.delivery import DeliveryLoop
from sms_gateway import providers
from sms_gateway.dispatch import ReplyDispatcher
from sms_gateway.front import SmsFront
from sms_gateway.settings import SmsSettings

log = structlog.get_logger()

Role = Literal["web", "telegram", "worker"]
ALL: frozenset[Role] = frozenset({"web", "telegram", "worker"})


class Running:
    """The parts of one process. ``start`` begins the background work, ``stop`` ends it in the right order."""

    def __init__(self, neighbour: Neighbour, roles: frozenset[Role] = ALL) -> None:
        """Makes the parts that the roles need and the settings allow; opens no connection yet."""
        self.neighbour = neighbour
        self.roles = roles
        self.sms_settings = sms_settings(neighbour.settings)
        self.sms = SmsFront(neighbour.database, neighbour.assistant, self.sms_settings)
        self.telegram = self._telegram(neighbour)
        self._senders: dict[Channel, Sender] = providers.senders(self.sms_settings)
        self.dispatcher = self._dispatcher()
        if self.telegram is not None:
            self._senders["telegram"] = self.telegram.sender()
        self.delivery = (
            DeliveryLoop(neighbour.database, self._senders, bootstrap.process_name())
            if "worker" in roles
            else None
        )

    def start(self) -> None:
        """Begins to watch the knowledge, to talk to Telegram and to deliver."""
        self.neighbour.knowledge.start()
        if self.telegram is not None:
            self.telegram.start(receive=self._takes_in())
        if self.delivery is not None:
            self.delivery.start()
        log.info("started", roles=",".join(sorted(self.roles)), channels=",".join(sorted(self._senders)) or "none")

    def stop(self) -> None:
        """Ends the background work; what is under way is finished or left to another process."""
        if self.delivery is not None:
            self.delivery.stop()
        if self.dispatcher is not None:
            self.dispatcher.close()
        if self.telegram is not None:
            self.telegram.stop()
        self.neighbour.knowledge.stop()
        self.neighbour.database.close()

    def _takes_in(self) -> bool:
        webhook = self.neighbour.settings.telegram_mode == "webhook"
        return ("web" in self.roles) if webhook else ("telegram" in self.roles)

    def _telegram(self, neighbour: Neighbour) -> TelegramFront | None:
        settings = neighbour.settings
        if settings.telegram_token is None:
            return None
        hotline = neighbour.knowledge.current.hotline.display
        return TelegramFront(
            neighbour.database, neighbour.assistant, wording.say, telegram_settings(settings, hotline)
        )

    def _dispatcher(self) -> ReplyDispatcher | None:
        sender = self._senders.get("sms")
        wanted = "web" in self.roles and self.sms_settings.provider == "smsgate"
        return ReplyDispatcher(self.neighbour.database, sender) if sender is not None and wanted else None


def telegram_settings(settings: Settings, hotline: str) -> TelegramSettings:
    """The part of the settings that the Telegram front needs."""
    return TelegramSettings(
        token=settings.telegram_token.get_secret_value() if settings.telegram_token else "",
        api_base=settings.telegram_api_base,
        mode=settings.telegram_mode,
        public_url=settings.public_url,
        webhook_secret=settings.telegram_webhook_secret.get_secret_value()
        if settings.telegram_webhook_secret
        else "",
        hotline=hotline,
    )


def sms_settings(settings: Settings) -> SmsSettings:
    """The part of the settings that the SMS gateway needs."""
    status = f"{settings.public_url}/sms/status" if settings.public_url else ""
    return SmsSettings(
        provider=settings.sms_provider,
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token.get_secret_value() if settings.twilio_auth_token else "",
        from_=settings.twilio_from,
        api_base=settings.twilio_api_base,
        public_url=settings.public_url,
        status_callback=status,
        reply_number=settings.sms_reply_number,
        allowed_prefixes=tuple(settings.sms_prefixes),
        replies_per_hour=settings.sms_replies_per_hour,
        smsgate_url=settings.smsgate_url,
        login=settings.smsgate_login,
        password=settings.smsgate_password.get_secret_value() if settings.smsgate_password else "",
        signing_key=settings.smsgate_signing_key.get_secret_value() if settings.smsgate_signing_key else "",
    )
