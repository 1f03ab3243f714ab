"""Settings: what is wrong or half given ends the start with one sentence that names it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from app import settings
from app.cli import main
from app.settings import BadSettings
from tests.app.conftest import SetUp

TWILIO = {
    "twilio_account_sid": "AC" + "0" * 32,
    "twilio_auth_token": "secret-token",
    "twilio_from": "+995322000000",
}
PUBLIC = {"public_url": "https://neighbour.example.org"}
PHONE = {
    "smsgate_url": "http://10.0.0.5:8080",
    "smsgate_login": "sms",
    "smsgate_password": "secret-password",
    "smsgate_signing_key": "secret-key",
}
TOKEN = "123456789:AAFsecret"
WEBHOOK = {"telegram_mode": "webhook", "telegram_token": TOKEN, "telegram_webhook_secret": "a" * 16, **PUBLIC}


def without(given: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in given.items() if key != name}


WRONG: list[tuple[dict[str, str], str]] = [
    ({"port": "http"}, "MEZOBELI_PORT"),
    ({"port": "0"}, "MEZOBELI_PORT"),
    ({"port": "65536"}, "MEZOBELI_PORT"),
    ({"threads": "0"}, "MEZOBELI_THREADS"),
    ({"trusted_proxies": "-1"}, "MEZOBELI_TRUSTED_PROXIES"),
    ({"log_format": "xml"}, "MEZOBELI_LOG_FORMAT"),
    ({"log_level": "loud"}, "MEZOBELI_LOG_LEVEL"),
    ({"try_page": "perhaps"}, "MEZOBELI_TRY_PAGE"),
    ({"database_url": "mezobeli.db"}, "MEZOBELI_DATABASE_URL"),
    ({"database_url": "mysql://host/name"}, "MEZOBELI_DATABASE_URL"),
    ({"public_url": "neighbour.example.org"}, "MEZOBELI_PUBLIC_URL"),
    ({"telegram_token": "AAFsecret"}, "MEZOBELI_TELEGRAM_TOKEN"),
    ({"telegram_api_base": "api"}, "MEZOBELI_TELEGRAM_API_BASE"),
    ({"telegram_mode": "pigeon"}, "MEZOBELI_TELEGRAM_MODE"),
    (without(WEBHOOK, "telegram_token"), "TELEGRAM_TOKEN"),
    (without(WEBHOOK, "telegram_webhook_secret"), "TELEGRAM_WEBHOOK_SECRET"),
    ({**WEBHOOK, "telegram_webhook_secret": "short"}, "MEZOBELI_TELEGRAM_WEBHOOK_SECRET"),
    ({**WEBHOOK, "telegram_webhook_secret": "sixteen letters!"}, "MEZOBELI_TELEGRAM_WEBHOOK_SECRET"),
    (without(WEBHOOK, "public_url"), "PUBLIC_URL"),
    ({**WEBHOOK, "public_url": "http://neighbour.example.org"}, "PUBLIC_URL"),
    ({"sms_provider": "pigeon"}, "MEZOBELI_SMS_PROVIDER"),
    ({"sms_provider": "smsgate"}, "SMSGATE_URL"),
    (PHONE, "SMS_PROVIDER"),
    ({**TWILIO, **PUBLIC, "sms_fail_over": "true"}, "SMS_FAIL_OVER"),
    ({"twilio_per_second": "0"}, "MEZOBELI_TWILIO_PER_SECOND"),
    ({"sms_price_tetri": "-1"}, "MEZOBELI_SMS_PRICE_TETRI"),
    ({"sms_price_tetri": "9 tetri"}, "MEZOBELI_SMS_PRICE_TETRI"),
    ({"approval_from": "0"}, "MEZOBELI_APPROVAL_FROM"),
    ({"keep_texts_days": "0"}, "MEZOBELI_KEEP_TEXTS_DAYS"),
    ({"sms_reply_number": "call us"}, "MEZOBELI_SMS_REPLY_NUMBER"),
    ({"sms_prefixes": "995"}, "MEZOBELI_SMS_PREFIXES"),
    ({"sms_prefixes": ","}, "MEZOBELI_SMS_PREFIXES"),
    ({"sms_replies_per_hour": "0"}, "MEZOBELI_SMS_REPLIES_PER_HOUR"),
    ({**TWILIO, **PUBLIC, "twilio_api_base": "ftp://here"}, "MEZOBELI_TWILIO_API_BASE"),
    (TWILIO, "PUBLIC_URL"),
    *((without({**TWILIO, **PUBLIC}, name), name.upper()) for name in TWILIO),
    *((without({**PHONE, "sms_provider": "smsgate"}, name), name.upper()) for name in PHONE),
]


@pytest.mark.parametrize(("given", "named"), WRONG)
def test_a_wrong_or_half_given_setting_ends_the_start(set_up: SetUp, given: dict[str, str], named: str) -> None:
    set_up(**given)
    ended = CliRunner().invoke(main, ["run"])
    assert ended.exit_code == 2
    assert ended.stdout == ""
    (sentence,) = ended.stderr.splitlines()
    assert sentence.startswith("mezobeli: MEZOBELI_")
    assert named in sentence
    assert "secret-" not in sentence
    assert "AAFsecret" not in sentence


def test_every_wrong_setting_is_named_at_once(set_up: SetUp) -> None:
    set_up(port="x", log_level="loud")
    with pytest.raises(BadSettings) as caught:
        settings.load()
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["MEZOBELI_PORT", "MEZOBELI_LOG_LEVEL"]
    assert "it is 'x'" in lines[0]


def test_help_comes_whatever_the_settings_are(set_up: SetUp) -> None:
    set_up(port="x")
    for command in ([], ["run"], ["ask"], ["evaluate"], ["staff", "questions"], ["db", "upgrade"]):
        shown = CliRunner().invoke(main, [*command, "--help"])
        assert shown.exit_code == 0
        assert "Usage:" in shown.output


@pytest.mark.parametrize(
    "given",
    [
        {},
        WEBHOOK,
        {**TWILIO, **PUBLIC},
        {**PHONE, "sms_provider": "smsgate"},
        {**TWILIO, **PUBLIC, **PHONE},
        {**TWILIO, **PUBLIC, **PHONE, "sms_fail_over": "true"},
    ],
)
def test_whole_settings_are_taken(set_up: SetUp, given: dict[str, str]) -> None:
    set_up(**given)
    assert settings.load().port == 8080


def test_empty_values_count_as_not_given(set_up: SetUp) -> None:
    set_up(port="", telegram_token="", twilio_account_sid="", sms_prefixes="")
    assert settings.load() == settings.Settings()


def test_a_file_in_the_folder_is_read_and_the_environment_beats_it(set_up: SetUp, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MEZOBELI_PORT=8081\nMEZOBELI_THREADS=3\nOTHER=1\n", encoding="utf-8")
    set_up(port="8082", sms_prefixes="+995, +374", public_url="https://neighbour.example.org/")
    loaded = settings.load()
    assert (loaded.port, loaded.threads) == (8082, 3)
    assert loaded.sms_prefixes == ["+995", "+374"]
    assert loaded.public_url == "https://neighbour.example.org"


def test_secrets_do_not_show(set_up: SetUp) -> None:
    set_up(**WEBHOOK, **TWILIO)
    assert "secret" not in repr(settings.load()).replace("webhook_secret", "").replace("secret_key", "")


@pytest.mark.parametrize("url", ["postgresql://me:pass@127.0.0.1:1/none", "sqlite:////proc/nowhere/mezobeli.db"])
def test_a_database_that_is_not_there_is_one_sentence(set_up: SetUp, url: str) -> None:
    set_up(database_url=url)
    ended = CliRunner().invoke(main, ["run"])
    assert ended.exit_code == 2
    (sentence,) = ended.stderr.splitlines()
    assert sentence.startswith("mezobeli: MEZOBELI_DATABASE_URL: the database does not answer (")
    assert "pass" not in sentence


def test_a_file_that_is_no_database_is_one_sentence(set_up: SetUp, tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("shopping: bread, cheese, wine\n" * 100, encoding="utf-8")
    set_up(database_url="sqlite:///notes.db")
    ended = CliRunner().invoke(main, ["db", "status"])
    assert ended.exit_code == 2
    assert "not a database" in ended.stderr
