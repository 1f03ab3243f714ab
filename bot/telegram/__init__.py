"""The Telegram front: the only place in the project that knows Telegram.

``TelegramFront`` takes updates in by long polling or by a webhook, hands each to the assistant in one transaction
and sends the reply; ``TelegramFront.sender()`` carries the outbox. Both run on one asyncio loop in its own thread.
"""

from bot.telegram.front import TelegramFront
from bot.telegram.sender import TelegramSender
from bot.telegram.settings import Health, TelegramSettings

__all__ = ["Health", "TelegramFront", "TelegramSender", "TelegramSettings"]
