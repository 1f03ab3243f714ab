"""The words of the console: in both languages, whole, and every id that a template or a page says is there."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from bot import wording
from console.staff import navigation, words
from console.staff.visitors import LOCALES
from knowledge.types import BaseLocale

CONSOLE = Path(words.__file__).parent
SAID = re.compile(r"""say\(\s*["']([a-z0-9_.]+)["']\s*[,)]""")
"""Ids that are said whole; those that are put together are tried by the tests of their pages."""


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_is_there_with_its_placeholders(locale: BaseLocale) -> None:
    english, other = words.catalogue("en"), words.catalogue(locale)
    assert sorted(english) == sorted(other)
    assert [name for name, text in other.items() if not text.strip()] == []
    assert [name for name in english if placeholders(english[name]) != placeholders(other[name])] == []


def test_no_id_is_the_bots_too() -> None:
    assert words.catalogue("ka").keys() & wording.catalogue("ka").keys() == set()


def test_georgian_sentences_are_georgian() -> None:
    latin = [name for name, text in words.catalogue("ka").items() if not re.search(r"[ა-ჰ{]", text)]
    assert latin == []


def test_what_is_said_is_there() -> None:
    sources = [*CONSOLE.rglob("*.html"), *CONSOLE.rglob("*.py")]
    said = {name for source in sources for name in SAID.findall(source.read_text(encoding="utf-8"))}
    assert said
    assert [name for name in sorted(said) if name not in words.catalogue("ka") and not wording.has(name)] == []
    assert [name for name in navigation.NAMES if f"frame.nav.{name}" not in words.catalogue("ka")] == []


def test_no_page_has_a_script_or_a_style_of_its_own() -> None:
    for page in CONSOLE.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|\|\s*safe|hx-on", text), (
            page.name
        )


def test_every_form_has_its_token() -> None:
    for page in CONSOLE.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert text.count('method="post"') == text.count("{{ csrf() }}"), page.name
