"""A running process: which parts it has, starting them and stopping them.

The all-in-one process has every role. On many machines each process has one: ``web`` takes webhooks and serves
pages, ``telegram`` polls Telegram, ``worker`` delivers the outbox.
"""

from __future__ import annotations

from typing import Literal

import structlog

from app import bootstrap, jobs
from app.bootstrap import Neighbour
from app.channels import sms_settings, telegram_settings
from bot import wording
from bot.telegram import TelegramFront
from desk import slowness
from desk.carriers import Carrier
from desk.messages import Channel
from scheduler.delivery import DeliveryLoop
from scheduler.tick import Job, Tick
from sms_gateway import providers
from sms_gateway.dispatch import ReplyDispatcher
from sms_gateway.front import SmsFront
from sms_gateway.outages import Outages
from sms_gateway.spool import Spool

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
        self._ways: dict[Channel, tuple[Carrier, ...]] = providers.ways(self.sms_settings)
        self.dispatcher = self._dispatcher()
        if self.telegram is not None:
            self._ways["telegram"] = (self.telegram.carrier(),)
        self.outages = self._outages() if "web" in roles else None
        works = "worker" in roles
        self.delivery = DeliveryLoop(neighbour.database, self._ways, bootstrap.process_name()) if works else None
        self.tick = Tick(neighbour.database, [*jobs.of(neighbour), self._watch()]) if works else None

    def start(self) -> None:
        """Begins to watch the knowledge, to talk to Telegram, to deliver, to tick and to empty the spool."""
        self.neighbour.knowledge.start()
        if self.telegram is not None:
            self.telegram.start(receive=self._takes_in())
        if self.delivery is not None:
            self.delivery.start()
        if self.tick is not None:
            self.tick.start()
        if self.outages is not None:
            self.outages.start()
        log.info("started", roles=",".join(sorted(self.roles)), channels=",".join(sorted(self._ways)) or "none")

    def stop(self) -> None:
        """Ends the background work; what is under way is finished or left to another process."""
        if self.outages is not None:
            self.outages.stop()
        if self.tick is not None:
            self.tick.stop()
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
        ways = self._ways.get("sms")
        wanted = "web" in self.roles and self.sms_settings.provider == "smsgate"
        return ReplyDispatcher(self.neighbour.database, ways[0]) if ways and wanted else None

    def _watch(self) -> Job:
        watched = [carrier for ways in self._ways.values() for carrier in ways]
        look = jobs.once(self.neighbour.database, lambda session: slowness.look(session, watched))
        return Job("watch carriers", jobs.MINUTE, look)

    @property
    def text_carriers(self) -> tuple[Carrier, ...]:
        """Who carries text messages and WhatsApp."""
        return (*self._ways.get("sms", ()), *self._ways.get("whatsapp", ()))

    def _outages(self) -> Outages:
        spool = Spool(self.neighbour.settings.spool_dir)
        database = self.neighbour.database
        return Outages(spool, self.sms, database, self.sms_settings, self.dispatcher, self.text_carriers)
