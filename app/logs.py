"""Log lines: one an event, as text for people or JSON for machines, and never with personal data."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from app.settings import Settings
from desk.privacy import mask_address, mask_text

_ADDRESSES = frozenset({"address", "phone", "number", "chat", "from_", "to"})
_TEXTS = frozenset({"text", "texts", "body", "question"})


def configure(settings: Settings) -> None:
    """Sets up structlog and the standard library's logging for the whole process."""
    level = getattr(logging, settings.log_level.upper())
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,  # before the mask: what broke may carry numbers, too
        mask,
    ]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=renderer))
    logging.basicConfig(handlers=[handler], level=max(level, logging.INFO), force=True)
    for chatty in ("httpx", "httpcore", "telegram", "twilio", "alembic", "urllib3", "apscheduler"):
        # Their lines carry addresses, tokens and texts, or come every few seconds and say nothing.
        logging.getLogger(chatty).setLevel(logging.WARNING)


def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Masks numbers and texts, wherever they turn up in a line."""
    for name, value in event.items():
        if name not in {"timestamp", "level"} and not name.startswith("_"):
            event[name] = _masked(name, value)
    return event


def _masked(name: str, value: Any) -> Any:
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(name, item) for item in value]
    if isinstance(value, dict):
        return {key: _masked(str(key), item) for key, item in value.items()}
    if name in _ADDRESSES:
        return mask_address(str(value))
    if name in _TEXTS:
        return f"<{len(str(value))} characters>"
    return mask_text(value) if isinstance(value, str) else value
