"""When a centre is open."""

from __future__ import annotations

from datetime import date

from bot import wording
from bot.answers import centers, open_now
from bot.dialogue.turn import Turn
from desk.messages import Reply
from knowledge import hours
from knowledge.types import Center

GENERAL_HOURS = "Mo-Fr 09:00-18:00; PH off"
"""Of the centres in general: the Hall's statement of January 2021 (gurianews.com/?p=780343)."""


def answer(turn: Turn) -> Reply:
    """Answers "when is it open?", also for a day that was named."""
    center = centers.target(turn)
    if center is None:
        return _lines(
            turn, turn.say("hours.general", week=wording.week(turn.locale, GENERAL_HOURS)), GENERAL_HOURS
        )
    centers.remember(turn, center, turn.parse.place.place)
    name = turn.center_name(center)
    if not center.hours:
        return Reply((turn.say("hours.unknown", center=name), turn.say("verify")), turn.locale)
    week = turn.say("hours.week", center=name, week=wording.week(turn.locale, center.hours))
    return _lines(turn, week, center.hours, center)


def _lines(turn: Turn, week: str, spec: str, center: Center | None = None) -> Reply:
    asked = _asked_day(turn, spec)
    state = asked or open_now.sentence(turn, spec)
    texts = [" ".join([week, turn.say("hours.holidays")]), state]
    short = [state, week] if asked else [week, state]
    if turn.parse.day is not None and turn.parse.day.kind == "holiday":
        short = [week, asked or turn.say("hours.holidays")]
    if center is None or center.verified_on is None:
        texts.append(turn.say("verify"))
        short.append(turn.say("verify.sms"))
    return Reply(tuple(texts), turn.locale, short=tuple(short))


def _asked_day(turn: Turn, spec: str) -> str | None:
    spoken = turn.parse.day
    if spoken is None:
        return None
    if spoken.kind == "holiday":
        return turn.say("hours.holidays") if "PH off" in spec else None
    if spoken.kind == "weekend":
        return "\n".join(_ordinary_day(turn, spec, weekday) for weekday in (5, 6))
    return _one_day(turn, spec, spoken.day) if spoken.day is not None else None


def _ordinary_day(turn: Turn, spec: str, weekday: int) -> str:
    return _state(turn, wording.day_name(turn.locale, weekday), hours.ordinary_week(spec)[weekday])


def _one_day(turn: Turn, spec: str, day: date) -> str:
    name = wording.day(turn.locale, day)
    spans = hours.spans_on(spec, day)
    if not spans and hours.is_holiday(day):
        return turn.say("hours.day.holiday", day=name)
    return _state(turn, name, spans)


def _state(turn: Turn, day: str, spans: tuple[hours.Span, ...]) -> str:
    name = day[:1].upper() + day[1:] if wording.base(turn.locale) != "ka" or turn.locale == "ka-Latn" else day
    if spans:
        return turn.say("hours.day.open", day=name, spans=wording.spans(spans))
    return turn.say("hours.day.closed", day=name)
