"""What a member of staff asks for: the commands ``/today``, ``/announce``, ``/noshow``, and pressed buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.dialogue.turn import Turn
from bot.staff import absence, announcing, handling, today
from desk import staff
from desk.messages import Reply
from desk.staff import StaffMember

_COMMANDS: Mapping[str, Callable[[Turn, StaffMember, str], Reply]] = {
    "/today": today.show,
    "/announce": announcing.begin,
    "/noshow": absence.which,
}


_ABSENCE: Mapping[str, handling.Action] = {
    "absent": absence.ask,
    "noshow": absence.mark,
    "came": absence.leave,
}


def pressed(turn: Turn, what: str) -> Reply | None:
    """A pressed ``desk:<action>:<value>``; None for one that is nothing of this account's."""
    action, _, value = what.partition(":")
    if action not in announcing.ACTIONS:
        return handling.pressed(turn, what, _ABSENCE)
    member = staff.by_contact(turn.session, turn.contact)
    return announcing.pressed(turn, member, action, value) if member is not None else None


def commanded(turn: Turn) -> Reply | None:
    """The answer to a command of staff; None for any other text, and for who is not staff."""
    command, _, rest = turn.inbound.text.strip().partition(" ")
    handler = _COMMANDS.get(command)
    member = staff.by_contact(turn.session, turn.contact) if handler is not None else None
    if handler is None or member is None:
        return None
    turn.state.pending, turn.state.choices = None, []
    return handler(turn, member, rest.strip())
