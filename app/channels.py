"""What each channel's front needs to know, out of the settings."""

from __future__ import annotations

from app.settings import Settings
from bot.telegram import TelegramSettings
from sms_gateway.settings import SmsSettings


def telegram_settings(settings: Settings, hotline: str) -> TelegramSettings:
    """The part of the settings that the Telegram front needs."""
    return TelegramSettings(
        token=settings.telegram_token.get_secret_value() if settings.telegram_token else "",
        api_base=settings.telegram_api_base,
        mode=settings.telegram_mode,
        public_url=settings.public_url,
        webhook_secret=settings.telegram_webhook_secret.get_secret_value()
        if settings.telegram_webhook_secret
        else "",
        hotline=hotline,
    )


def sms_settings(settings: Settings) -> SmsSettings:
    """The part of the settings that the SMS gateway needs."""
    status = f"{settings.public_url}/sms/status" if settings.public_url else ""
    return SmsSettings(
        provider=settings.sms_provider,
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token.get_secret_value() if settings.twilio_auth_token else "",
        from_=settings.twilio_from,
        api_base=settings.twilio_api_base,
        public_url=settings.public_url,
        status_callback=status,
        reply_number=settings.sms_reply_number,
        allowed_prefixes=tuple(settings.sms_prefixes),
        replies_per_hour=settings.sms_replies_per_hour,
        smsgate_url=settings.smsgate_url,
        login=settings.smsgate_login,
        password=settings.smsgate_password.get_secret_value() if settings.smsgate_password else "",
        signing_key=settings.smsgate_signing_key.get_secret_value() if settings.smsgate_signing_key else "",
        twilio_per_second=settings.twilio_per_second,
        phone_seconds_apart=settings.smsgate_seconds_apart,
        phone_daily=settings.smsgate_daily,
        fail_over=settings.sms_fail_over,
        fail_over_after=settings.sms_fail_over_after,
        fail_over_minutes=settings.sms_fail_over_minutes,
    )
