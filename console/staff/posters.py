"""Posters: a sheet for the wall of each centre, with the ways to write to us, in the languages of its villages.

Which languages a village speaks no source of ours says: whoever prints the sheet chooses them.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from bot import names, wording
from bot.answers.account import LANGUAGE_NAMES
from console.staff import access, telegram
from console.staff.objects import center_itself
from console.staff.parts import parts
from console.staff.visitors import visitor
from console.staff.words import locale
from knowledge.types import BASE_LOCALES, BaseLocale, Center

pages = Blueprint("posters", __name__, url_prefix="/posters")


@dataclass(frozen=True, slots=True)
class Block:
    """What the sheet says in one language."""

    language: BaseLocale
    title: str
    center: str
    what: str
    telegram: str
    sms: str


@pages.get("")
@access.signed_in
def page() -> str:
    """The centres of the member, each with its poster."""
    snapshot, scope = parts().knowledge(), visitor().scope
    listed = [
        (names.center(locale(), center, snapshot), center.id)
        for center in snapshot.centers.values()
        if scope.covers(center.id)
    ]
    return render_template("staff/posters.html", centers=sorted(listed))


@pages.get("/<int:center_id>")
@access.of_center(center_itself)
def sheet(center_id: int) -> ResponseReturnValue:
    """The sheet as it is printed, under the choice of languages."""
    center = parts().knowledge().centers.get(center_id)
    if center is None:  # added a moment ago, and this process has not heard of it
        abort(404)
    chosen = [one for one in BASE_LOCALES if one in request.args.getlist("language")] or ["ka"]
    way, number = telegram.to_center(center.slug), parts().sms.reply_number
    return render_template(
        "staff/poster.html",
        center=center,
        blocks=[_block(one, center, bool(way.link)) for one in chosen],
        chosen=chosen,
        choices={one: LANGUAGE_NAMES[one] for one in BASE_LOCALES},
        way=way,
        bot_name=parts().bot_name(),
        number=number,
    )


def _block(language: BaseLocale, center: Center, has_telegram: bool) -> Block:
    return Block(
        language,
        wording.say(language, "poster.title"),
        names.center(language, center, parts().knowledge()),
        wording.say(language, "poster.what"),
        wording.say(language, "poster.telegram"),
        wording.say(language, "poster.sms" if has_telegram else "poster.sms_only"),
    )
