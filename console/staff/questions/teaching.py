"""Teaching: what a group of questions means is said, its effect is shown, and then it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot import names
from bot.dialogue import teaching as lessons
from bot.dialogue.teaching import Lesson
from console.staff import access
from console.staff.parts import parts
from console.staff.questions import listing, meanings
from console.staff.questions.blueprint import pages
from console.staff.visitors import visitor
from console.staff.words import locale, say
from desk import intake, questions, teaching
from desk.likeness import Group, grouped
from desk.privacy import mask_text
from desk.questions import Asked
from knowledge.interchange.problems import BadFile
from knowledge.taught import Taught, keys_of
from knowledge.types import LOCALES, Locale, Place

WORDS_LIMIT = 120
"""Characters of a synonym or of a place's other name."""

OPEN_DAYS = 90
"""Open questions of so many days are tried with a lesson."""

ANSWERED = 400
"""So many of the latest answered texts are tried with a lesson."""

_LONGEST_ID = 9


class NoLesson(ValueError):
    """The form does not say what to teach; carries the id of the sentence that says so."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it was sent: the lesson, and the fields that send it again."""

    lesson: Lesson
    title: str
    fields: tuple[tuple[str, str], ...]


@pages.get("/<int:question_id>")
@access.at_least("editor")
def teach(question_id: int) -> str:
    """A group of questions, and what they may be taught to mean."""
    with parts().database.read() as session:
        return _page(_group(session, question_id), question_id)


@pages.post("/<int:question_id>/effect")
@access.at_least("editor")
def effect(question_id: int) -> ResponseReturnValue:
    """What a lesson would do. Changes nothing."""
    with parts().database.read() as session:
        group = _group(session, question_id)
        try:
            form = _form()
        except NoLesson as error:
            return _page(group, question_id, problem=say(str(error)))
        except Several as error:
            return _page(group, question_id, places=error.places)
        open_ = [one.text for one in questions.most_asked(session, OPEN_DAYS, 2 * ANSWERED)]
        answered = intake.answered_texts(session, ANSWERED)
    would = lessons.effect(parts().reader(), parts().knowledge(), form.lesson, open_, answered)
    return render_template(
        "staff/questions_effect.html",
        question_id=question_id,
        form=form,
        effect=would,
        mask=mask_text,
        told=meanings.told,
        all_open=len(open_),
        is_exact=bool(form.lesson.texts),
        own=[one.text for one in group.questions if one.text not in would.answered],
    )


@pages.post("/<int:question_id>/teach")
@access.at_least("editor")
def save(question_id: int) -> ResponseReturnValue:
    """Keeps a lesson. Its questions are open no longer."""
    back = url_for("staff.questions.teach", question_id=question_id)
    try:
        form = _form()
    except (NoLesson, Several):
        flash(say("questions.no_lesson"), "bad")
        return redirect(back, 303)
    with parts().database.read() as session:
        open_ = [one.text for one in questions.most_asked(session, OPEN_DAYS, 2 * ANSWERED)]
    answers = lessons.answered(parts().reader(), parts().knowledge(), form.lesson, open_)
    try:
        with parts().database.write() as session:
            _keep(session, form.lesson, answers)
    except BadFile as error:
        flash(say("questions.refused", what=error.problems[0].expected), "bad")
        return redirect(back, 303)
    flash(say("questions.taught", count=len(answers)), "good")
    return redirect(url_for("staff.questions.page"), 303)


@pages.post("/taught/<int:taught_id>/forget")
@access.at_least("editor")
def forget(taught_id: int) -> ResponseReturnValue:
    """Takes back a text that was taught."""
    with parts().database.write() as session:
        was_there = teaching.forget(session, taught_id, visitor().actor)
    flash(say("questions.forgotten") if was_there else say("questions.gone"), "good" if was_there else "bad")
    return redirect(url_for("staff.questions.page") + "#taught", 303)


class Several(ValueError):
    """Several settlements have the name that was given."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.places = tuple(places)
        super().__init__(f"{len(places)} settlements")


def _group(session: Session, question_id: int) -> Group:
    """The open questions that are like that one; that one alone where it is open no longer."""
    text = teaching.text_of(session, question_id)
    if text is None:
        abort(404)
    asked = questions.most_asked(session, OPEN_DAYS, listing.TEXTS)
    found = listing.group_of(text, grouped(asked))
    if found is not None:
        return found
    row = session.get_one(questions.Question, question_id)
    return Group((Asked(row.text, row.language, row.outcome, 1, row.id, row.asked_at),))


def _page(group: Group, question_id: int, *, problem: str = "", places: Sequence[Place] = ()) -> str:
    snapshot = parts().knowledge()
    return render_template(
        "staff/questions_teach.html",
        group=group,
        question_id=question_id,
        problem=problem,
        places=[(place.id, names.place(locale(), place, snapshot)) for place in places],
        sent=request.form,
        meanings=meanings.choices(),
        services=meanings.services(),
        locales=LOCALES,
        language=listing.language_name,
        limit=WORDS_LIMIT,
    )


def _form() -> Form:
    """What the form teaches. Raises NoLesson, and Several where the settlement is not certain."""
    how = request.form.get("how", "")
    if how == "service":
        return _of_service()
    if how == "place":
        return _of_place()
    return _of_texts(meanings.NOT_OURS if how == "none" else request.form.get("meaning", ""))


def _of_service() -> Form:
    slug, words, chosen = request.form.get("service", ""), _words(), request.form.get("locale", "")
    service = parts().knowledge().services.get(slug)
    if service is None or chosen not in LOCALES:
        raise NoLesson("questions.choose_service")
    title = say("questions.lesson.service", words=words, service=meanings.service_name(service))
    fields = (("how", "service"), ("words", words), ("service", slug), ("locale", chosen))
    return Form(Lesson(words, chosen, service=slug), title, fields)


def _of_place() -> Form:
    words, snapshot = _words(), parts().knowledge()
    place = _place(request.form.get("place_id", ""), request.form.get("place", ""))
    title = say("questions.lesson.place", words=words, place=names.place(locale(), place, snapshot))
    return Form(
        Lesson(words, place=place.id), title, (("how", "place"), ("words", words), ("place_id", str(place.id)))
    )


def _place(number: str, name: str) -> Place:
    snapshot = parts().knowledge()
    is_number = number.isascii() and number.isdigit() and len(number) <= _LONGEST_ID
    chosen = snapshot.places.get(int(number)) if is_number else None
    if chosen is not None:
        return chosen
    found = snapshot.gazetteer.find(name[:WORDS_LIMIT])
    if not found.places:
        raise NoLesson("questions.no_place")
    if len(found.places) > 1:
        raise Several(found.places)
    return found.places[0]


def _of_texts(meaning: str) -> Form:
    known, texts = meanings.read(meaning), request.form.getlist("text")
    if known is None:
        raise NoLesson("questions.choose_meaning")
    said = [text[: questions.QUESTION_LIMIT] for text in texts if keys_of(text)][: listing.TEXTS]
    if not said:
        raise NoLesson("questions.choose_texts")
    spoken = request.form.get("locale", "")
    written: Locale = next((one for one in LOCALES if one == spoken), "ka")
    intent, service = known
    lesson = Lesson(texts=tuple(Taught(text, written, intent, service) for text in said))
    title = say("questions.lesson.texts", count=len(said), meaning=meanings.of(intent, service))
    how = ("how", "none") if intent == meanings.NOT_OURS else ("meaning", meaning)
    return Form(lesson, title, (how, ("locale", written), *(("text", text) for text in said)))


def _words() -> str:
    words = " ".join(request.form.get("words", "").replace("|", " ").split())
    if not keys_of(words) or len(words) > WORDS_LIMIT:
        raise NoLesson("questions.no_words")
    return words


def _keep(session: Session, lesson: Lesson, answers: Sequence[str]) -> None:
    by = visitor().actor
    if lesson.service is not None:
        teaching.teach_service(session, lesson.service, lesson.locale, lesson.words, answers, by)
    elif lesson.place is not None:
        teaching.teach_place(session, lesson.place, lesson.words, answers, by)
    else:
        teaching.teach_texts(session, lesson.texts, answers, by)
