"""One text message in, at most one out: recording, opting out, limits, paging, and the assistant in between."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from desk import contacts, conversations, intake, outbox
from desk.contacts import Contact
from desk.intake import InboundMessage
from desk.messages import Assistant, Inbound, Outgoing, Understanding
from desk.privacy import mask_address
from knowledge.types import Locale
from sms_gateway import keywords, numbers, paging, policy, sentences
from sms_gateway.keywords import Keyword
from sms_gateway.sentences import Sentence
from sms_gateway.settings import SmsSettings
from store import clock
from store.database import Database
from store.statements import insert_row

log = structlog.get_logger()

PAGES_KEPT = timedelta(hours=24)
"""How long "M" brings the next page; later it would bring yesterday's answer."""

TRIES = 3
"""First messages of a new number can collide twice: at the very first secret, and at the contact."""

Silence = Literal[
    "again", "stopped", "not_answerable", "provider_answered", "machine", "loop", "echo", "budget", "assistant"
]


@dataclass(frozen=True, slots=True)
class Exchange:
    """What became of a message. ``outgoing`` is the queued answer where it does not ride on the webhook's answer;
    ``silence`` says why nothing is said."""

    texts: tuple[str, ...] = ()
    understanding: Understanding | None = None
    outgoing: Outgoing | None = None
    silence: Silence | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    texts: tuple[str, ...] = ()
    understanding: Understanding | None = None
    silence: Silence | None = None


@dataclass(frozen=True, slots=True)
class _Turn:
    """One message inside its transaction; ``fault`` names the exception that broke the first attempt."""

    session: Session
    inbound: Inbound
    row: InboundMessage
    contact: Contact
    keyword: Keyword | None
    answered_by_provider: bool
    fault: str | None
    recent: policy.Recent

    @property
    def meaning(self) -> keywords.Meaning | None:
        """What the keyword asks for; "yes" is START for somebody who said stop, and no keyword for others."""
        meaning = self.keyword.meaning if self.keyword else None
        if meaning == "start_if_stopped":
            return "start" if self.stopped else None
        return meaning

    @property
    def stopped(self) -> bool:
        return self.contact.opted_out_at is not None

    @property
    def locale(self) -> Locale:
        if self.keyword is not None and self.keyword.locale is not None:
            return self.keyword.locale
        spoken = policy.last_language(self.session, self.contact.id)
        return sentences.locale_of(self.contact.resident.locale, spoken, self.inbound.text)


class _AssistantBroke(Exception):
    pass


class SmsFront:
    """The text-message front of the assistant. Safe to share between threads."""

    def __init__(self, database: Database, assistant: Assistant, settings: SmsSettings) -> None:
        """Nothing is opened here; each message has its own transaction."""
        self._database = database
        self._assistant = assistant
        self._settings = settings

    def receive(self, inbound: Inbound, opt_out_type: str = "") -> list[str]:
        """Answers one message: the texts to send back, one or none. One that comes again gets the same answer.

        ``opt_out_type`` is Twilio's word that it has answered a keyword itself: STOP, START or HELP.
        Raises what the database raises when it cannot be reached; what the assistant raises becomes an apology.
        """
        return list(self.exchange(inbound, opt_out_type).texts)

    def receive_and_queue(self, inbound: Inbound, lease: tuple[str, timedelta] | None) -> Outgoing | None:
        """Answers one message by a row of the outbox, written in the same transaction and returned for sending.

        With a lease (owner, how long) the caller sends it at once; without one the delivery loop does. None where
        there is nothing to say, or where the message came before and its answer is on its way.
        """
        return self.exchange(inbound, queue=True, lease=lease).outgoing

    def catch_up(
        self,
        inbound: Inbound,
        kept_at: datetime,
        opt_out_type: str = "",
        *,
        lease: tuple[str, timedelta] | None = None,
    ) -> Outgoing | None:
        """Answers a message that was kept elsewhere while the database was away, by a row of the outbox.

        An answer from before ``kept_at`` was committed and never said, as the database went away at that moment:
        it is said now. One from later was said when the message came again.
        """
        exchange = self.exchange(inbound, opt_out_type, queue=True, lease=lease)
        if exchange.outgoing is not None or not exchange.texts:
            return exchange.outgoing
        with self._database.write() as session:
            contact = contacts.find(session, inbound.channel, inbound.address, lock=True)
            row = intake.find(session, inbound)
            if contact is None or row is None or row.answered_at is None or row.answered_at > kept_at:
                return None
            return _enqueue(session, contact, row, exchange.texts, lease)

    def exchange(
        self,
        inbound: Inbound,
        opt_out_type: str = "",
        *,
        queue: bool = False,
        lease: tuple[str, timedelta] | None = None,
    ) -> Exchange:
        """What ``receive`` and ``receive_and_queue`` do, with what was understood."""
        started, fault, tries = clock.now(), None, 0
        while True:
            try:
                with self._database.write() as session:
                    exchange = self._within(session, inbound, opt_out_type, fault, queue, lease)
                break
            except _AssistantBroke as broke:
                fault = type(broke.__cause__).__name__
                log.error(
                    "assistant_broke",
                    channel=inbound.channel,
                    address=mask_address(inbound.address),
                    fault=fault,
                    where=_where(broke.__cause__),
                )
            except IntegrityError:
                tries += 1
                if tries == TRIES and fault is not None:
                    raise
                if tries == TRIES:  # no race: the answer itself breaks a rule of the database
                    tries, fault = 0, IntegrityError.__name__
        log.info(
            "text_answered",
            channel=inbound.channel,
            address=mask_address(inbound.address),
            silence=exchange.silence,
            ms=round((clock.now() - started).total_seconds() * 1000, 1),
        )
        return exchange

    def _within(
        self,
        session: Session,
        inbound: Inbound,
        opt_out_type: str,
        fault: str | None,
        queue: bool,
        lease: tuple[str, timedelta] | None,
    ) -> Exchange:
        received = intake.draft(session, inbound)
        row = received.row
        if received.again or received.contact is None:
            return Exchange(tuple(row.reply), silence=None if row.reply else "again")
        told = keywords.of_opt_out_type(opt_out_type)
        word = told or (keywords.read(inbound.text) if inbound.choice is None else None)
        recent = policy.Recent(session, received.contact.id, nothing=received.first)
        turn = _Turn(session, inbound, row, received.contact, word, told is not None, fault, recent)
        said = self._limited(turn, self._decide(turn))
        intake.finish(row, said.understanding, list(said.texts))
        _write_down(turn)
        queued = _queue(turn, said, lease) if queue and said.texts else None
        return Exchange(said.texts, said.understanding, queued, said.silence)

    def _decide(self, turn: _Turn) -> _Said:
        """Who may be answered, and by whom: a keyword's own sentence, or the conversation."""
        meaning, stopped = turn.meaning, turn.stopped
        if meaning == "stop":
            contacts.opt_out(turn.session, turn.contact)
        if not self._answerable(turn.inbound):
            return _Said(silence="not_answerable")
        if meaning == "stop":
            return _Said(silence="stopped") if stopped else _sentence(turn, "stopped", "stop")
        if meaning == "start" and (stopped or turn.answered_by_provider):
            contacts.opt_in(turn.session, turn.contact)
            return _sentence(turn, "started", "start")
        if meaning == "help":
            return _sentence(turn, "help", "help")
        if stopped:
            return _Said(silence="stopped")
        if policy.written_by_machine(turn.inbound.text):
            return _Said(silence="machine")
        if turn.recent.is_loop(turn.row.text):
            return _Said(silence="loop")
        left = policy.budget(turn.contact, self._settings.replies_per_hour)
        return self._converse(turn) if left == "open" else _Said()

    def _answerable(self, inbound: Inbound) -> bool:
        number = numbers.read(inbound.address)
        if number.address in self._settings.own_numbers:
            return False
        return number.may_be_answered(self._settings.allowed_prefixes)

    def _converse(self, turn: _Turn) -> _Said:
        if turn.fault is not None:
            turn.row.fault = turn.fault[:80]
            return _Said((sentences.say("fault", turn.locale),))
        if paging.asks_for_more(turn.inbound.text):
            said = _next_page(turn)
            if said is not None:
                return said
        return self._ask_assistant(turn)

    def _ask_assistant(self, turn: _Turn) -> _Said:
        try:
            answer = self._assistant.answer(turn.session, turn.inbound, turn.contact.id)
        except IntegrityError:
            raise
        except Exception as error:
            raise _AssistantBroke from error
        shown = paging.render(answer.reply, turn.inbound.channel)
        _keep(turn, shown[1:])
        silence: Silence | None = None if shown else "assistant"
        return _Said(tuple(shown[:1]), answer.understanding, silence)

    def _limited(self, turn: _Turn, said: _Said) -> _Said:
        """What is really said, once the budget and the memory of our last answers have been asked."""
        if said.silence is not None:
            return said
        if turn.answered_by_provider:
            return _Said((), said.understanding, "provider_answered")
        left = policy.budget(turn.contact, self._settings.replies_per_hour)
        if left == "spent":
            return _Said((), said.understanding, "budget")
        texts = said.texts or (sentences.say("limit", turn.locale),)
        if turn.recent.repeats_us(list(texts)):
            return _Said((), said.understanding, "echo")
        policy.spend(turn.session, turn.contact)
        return _Said(texts, said.understanding)


def _write_down(turn: _Turn) -> None:
    """Sends to the database all that the turn has changed; what it refuses of the assistant's is a fault."""
    try:
        insert_row(turn.session, turn.row)
        turn.session.flush()
    except IntegrityError:
        raise
    except Exception as error:
        if turn.fault is not None:
            raise
        raise _AssistantBroke from error


def _where(error: BaseException | None) -> str:
    """The line that raised; a whole traceback could carry what the resident wrote."""
    frames = traceback.extract_tb(error.__traceback__) if error else []
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""


def _sentence(turn: _Turn, sentence: Sentence, intent: str) -> _Said:
    locale = turn.locale
    return _Said((sentences.say(sentence, locale),), Understanding(intent, 1.0, locale))


def _next_page(turn: _Turn) -> _Said | None:
    """The page that "M" brings; None where there is none and the word may mean something else."""
    kept = conversations.of(turn.session, turn.contact.id)
    if kept.pages and clock.now() - (kept.pages_at or kept.updated_at) <= PAGES_KEPT:
        page, *rest = kept.pages
        conversations.keep_pages(turn.session, turn.contact.id, rest)
        return _Said((str(page),))
    if len(paging.bare(turn.inbound.text)) == 1:
        return _Said((sentences.say("no_more", turn.locale),))
    return None


def _keep(turn: _Turn, pages: list[str]) -> None:
    forgotten = turn.contact.forget_at is not None
    conversations.keep_pages(turn.session, turn.contact.id, [] if forgotten else pages)


def _queue(turn: _Turn, said: _Said, lease: tuple[str, timedelta] | None) -> Outgoing | None:
    return _enqueue(turn.session, turn.contact, turn.row, said.texts, lease)


def _enqueue(
    session: Session,
    contact: Contact,
    row: InboundMessage,
    texts: tuple[str, ...],
    lease: tuple[str, timedelta] | None,
) -> Outgoing | None:
    queued = outbox.enqueue(session, contact, "reply", f"reply:{row.dedupe_key}"[:160], texts, lease=lease)
    return outbox.outgoing(queued, contact.address) if queued is not None else None
