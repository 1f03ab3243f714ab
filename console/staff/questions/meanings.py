"""What a text may mean, in the words of the page: an intent, a service, or none of our business."""

from __future__ import annotations

from collections.abc import Sequence

from bot import wording
from bot.understanding.parse import INTENTS
from console.staff.parts import parts
from console.staff.words import locale, say
from knowledge.types import Service

SERVICE = "service"
NOT_OURS = "none"

TAUGHT_INTENTS: tuple[str, ...] = tuple(
    intent for intent in INTENTS if intent not in {SERVICE, NOT_OURS, "stop", "start", "forget_me"}
)
"""What a text may be taught to mean. What is final, such as stopping, takes the resident's own clear words."""


def of(intent: str, service: str | None) -> str:
    """A meaning in words."""
    if service is None:
        return say(f"questions.intent.{intent}")
    known = parts().knowledge().services.get(service)
    return say("questions.intent.about", service=service_name(known) if known is not None else service)


def choices() -> list[tuple[str, str]]:
    """What a text may be taught to mean, each with its name."""
    return [(intent, of(intent, None)) for intent in TAUGHT_INTENTS]


def services() -> list[tuple[str, str]]:
    """The slugs and names of the catalogue, by name."""
    found = parts().knowledge().services.values()
    return sorted(((one.slug, service_name(one)) for one in found), key=lambda one: one[1])


def service_name(service: Service) -> str:
    """A service as the visitor's language calls it."""
    return service.names[wording.base(locale())]


def read(meaning: str) -> tuple[str, str | None] | None:
    """The intent and the service of a choice; None for what is no choice."""
    kind, _, slug = meaning.partition(":")
    if kind == SERVICE:
        return (SERVICE, slug) if slug in parts().knowledge().services else None
    return (meaning, None) if meaning in (*TAUGHT_INTENTS, NOT_OURS) else None


def told(meaning: str) -> str:
    """What the understanding says of a text ("service, id-card, Kachreti"), its intent and service in words."""
    intent, *rest = meaning.split(", ")
    known = parts().knowledge().services
    named: Sequence[str] = [service_name(known[one]) if one in known else one for one in rest]
    return ", ".join((say(f"questions.intent.{intent}"), *named))
