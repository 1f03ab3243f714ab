"""What a resident decides about themselves: village, language, stopping, coming back, being forgotten."""

from __future__ import annotations

from bot import wording
from bot.answers import centers, people
from bot.dialogue.state import Pending, State
from bot.dialogue.turn import Turn
from desk import contacts
from desk.messages import Choice, Reply
from knowledge.nearest import in_georgia
from knowledge.types import BASE_LOCALES, Locale, Place

AT_HOME, HOME_WITHIN = 1_500.0, 5_000.0
"""Metres to the middle of a settlement: within the first somebody is in it, beyond the second hardly."""

MUCH_FARTHER = 2.0
"""The next settlement must be so many times as far for the nearest to be taken without asking."""

AROUND = 4
"""Settlements that are asked about."""

LANGUAGE_NAMES: dict[Locale, str] = {
    "ka": "ქართული",
    "en": "English",
    "ru": "Русский",
    "az": "Azərbaycanca",
    "hy": "Հայերեն",
}


def set_home(turn: Turn) -> Reply:
    """Remembers the resident's village."""
    place = turn.parse.place.place
    if place is None:
        reply = Reply((turn.say("home.ask"),), turn.locale, asks_location=True)
        return turn.ask(reply, Pending("place", turn.parse.text, "set_home"))
    if turn.parse.place.kind == "fuzzy" and not turn.parse.bare:
        return _is_it_this(turn, place)
    return remember_home(turn, place)


def _is_it_this(turn: Turn, place: Place) -> Reply:
    """Asks before a word that only resembles a village becomes a home: it may be the resident's own name."""
    choices = (Choice(turn.place_name(place), f"home:{place.id}"),)
    asked = Reply((turn.say("home.ask"),), turn.locale, choices=choices, asks_location=True)
    return turn.ask(asked, Pending("place", turn.parse.text, "set_home"))


def home_at(turn: Turn, lat: float, lon: float) -> Reply:
    """Remembers the settlement at a shared location (in degrees), or asks which of those around it is meant."""
    if not in_georgia(lat, lon):
        return turn.reply("place.outside")
    around = [near for near in turn.snapshot.nearest_places(lat, lon, count=AROUND) if near.metres <= HOME_WITHIN]
    turn.state.pending = None
    if not around:
        return centers.at_location(turn, lat, lon)
    first = around[0]
    alone = len(around) == 1 or around[1].metres > MUCH_FARTHER * first.metres
    if alone and not first.about and first.metres <= AT_HOME:
        return remember_home(turn, first.point)
    return centers.ask_which(turn, tuple(near.point for near in around), "set_home")


def remember_home(turn: Turn, place: Place) -> Reply:
    """Remembers that settlement as the resident's, and says which centre is theirs."""
    contacts.set_home(turn.contact, place.id)
    turn.state.place = place.id
    confirmed = turn.say("home.set", place=turn.place_name(place))
    answer = centers.nearest(Turn(**{**vars(turn), "parse": turn.parse.at(place)}))
    return Reply(
        (confirmed, *answer.texts),
        turn.locale,
        short=(confirmed, *answer.wording(small_screen=True)),
        pins=answer.pins,
        offers=answer.offers,
    )


def language(turn: Turn) -> Reply:
    """Changes the language, or asks to which."""
    if turn.parse.wanted_language is not None:
        return set_language(turn, turn.parse.wanted_language)
    choices = tuple(Choice(LANGUAGE_NAMES[locale], f"lang:{locale}") for locale in BASE_LOCALES)
    return turn.ask(Reply((turn.say("language.ask"),), turn.locale, choices=choices), Pending("language"))


def set_language(turn: Turn, locale: Locale) -> Reply:
    """Answers in that language from now on."""
    contacts.choose_locale(turn.contact, locale)
    turn.locale = locale
    turn.state.language = locale
    return turn.reply("language.set")


def stop(turn: Turn) -> Reply:
    """Nothing more goes to this address until the resident comes back."""
    contacts.opt_out(turn.session, turn.contact)
    return turn.reply("stop.done", word="START")


def start(turn: Turn) -> Reply:
    """Welcomes a newcomer, or somebody who comes back."""
    returned = turn.contact.opted_out_at is not None
    contacts.opt_in(turn.session, turn.contact)
    if returned:
        return Reply((turn.say("start.done"),), turn.locale, offers=people.menu(turn))
    return people.greeting(turn)


def first_steps(turn: Turn) -> Reply:
    """Asks a newcomer on Telegram for the language; the village is asked next."""
    contacts.opt_in(turn.session, turn.contact)
    if turn.contact.resident.locale is not None:
        return people.greeting(turn)
    choices = tuple(Choice(LANGUAGE_NAMES[locale], f"hello:{locale}") for locale in BASE_LOCALES)
    return Reply((turn.say("greeting"), turn.say("language.ask")), turn.locale, choices=choices)


def hello(turn: Turn, locale: Locale) -> Reply:
    """The language was chosen at the start: asks for the village."""
    set_language(turn, locale)
    if turn.home is not None:
        return people.greeting(turn)
    asked = centers.ask_place(turn, "set_home")
    return Reply((turn.say("language.set"), *asked.texts), turn.locale, asks_location=True)


def forget_me(turn: Turn) -> Reply:
    """Asks whether everything shall be erased."""
    choices = (turn.choice("yes", "forget:yes"), turn.choice("no", "forget:no"))
    return turn.ask(Reply((turn.say("forget.ask"),), turn.locale, choices=choices), Pending("forget"))


def forget(turn: Turn, agreed: bool) -> Reply:
    """Marks the person for erasing at the end of the turn, or says that nothing was erased."""
    if not agreed:
        return turn.reply("forget.kept")
    turn.state = State()
    turn.forget = True
    return turn.reply("forget.done")


def locale_of(value: str) -> Locale | None:
    """The locale of a pressed language button."""
    return value if value in BASE_LOCALES else None


def written(locale: Locale) -> Locale:
    """The locale in which to go on: Latin Georgian is Georgian when it comes to choosing."""
    return wording.base(locale)
