"""The shipped services in YAML."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge.interchange import BadFile
from knowledge.interchange.catalogue import read_catalogue

ENTRY = """
- slug: {slug}
  category: identity
  tie: stated
  tie_source: http://example.org
  names: {{ka: "მოწმობა", en: "ID card", ru: "Карта", az: "Kart", hy: "Քարտ"}}
  synonyms:
    ka: ["აიდი", "ბარათი"]
    ka-Latn: [ID barati]
  fee:
    text: {{ka: "45 ₾.", en: "GEL 45.", ru: "GEL 45.", az: "GEL 45.", hy: "GEL 45։"}}
    source: http://example.org/fee
    as_of: 2022-05-01
"""


def _faults(folder: Path) -> list[str]:
    with pytest.raises(BadFile) as caught:
        read_catalogue(folder)
    return str(caught.value).splitlines()


def test_an_entry_is_told_as_a_row_of_a_services_file(tmp_path: Path) -> None:
    (tmp_path / "napr.yaml").write_text(ENTRY.format(slug="second"), encoding="utf-8")
    (tmp_path / "psda.yaml").write_text(ENTRY.format(slug="first"), encoding="utf-8")
    first, second = read_catalogue(tmp_path).records
    assert (first.key, first.values["provider"]) == (("first",), "psda")
    assert (second.key, second.values["provider"]) == (("second",), "napr")
    assert first.values["synonyms_ka"] == ("აიდი", "ბარათი")
    assert first.values["synonyms_ka_latn"] == ("ID barati",)
    assert first.values["fee_as_of"] == date(2022, 5, 1)
    assert first.values["who_ka"] == ""


def test_a_fault_names_the_file_and_the_slug(tmp_path: Path) -> None:
    entry = (
        ENTRY.format(slug="card")
        .replace('ru: "Карта"', 'ru: "Card"')
        .replace("    source: http", "    sauce: http")
    )
    (tmp_path / "psda.yaml").write_text(entry, encoding="utf-8")
    assert _faults(tmp_path) == [
        "psda.yaml: card, fee.sauce: expected no such key; perhaps 'source'",
        "psda.yaml: card, name_ru: found 'Card', expected text in Cyrillic letters, at most 200 characters",
        "psda.yaml: card, fee_source: expected the whole of fee: five languages and a source, or nothing",
    ]


def test_one_slug_in_two_files_is_named_with_both(tmp_path: Path) -> None:
    for provider in ("psda", "napr"):
        (tmp_path / f"{provider}.yaml").write_text(ENTRY.format(slug="card"), encoding="utf-8")
    assert _faults(tmp_path) == [
        "napr.yaml: card, slug: found 'card', expected its own slug; psda.yaml: card has the same"
    ]


def test_what_is_not_a_list_of_services_is_named(tmp_path: Path) -> None:
    (tmp_path / "psda.yaml").write_text("- just a text\n", encoding="utf-8")
    (tmp_path / "napr.yaml").write_text("- slug: [unclosed\n", encoding="utf-8")
    (tmp_path / "ssa.yaml").write_text("- slug: s\n  names: short\n", encoding="utf-8")
    found = "\n".join(_faults(tmp_path))
    assert "psda.yaml: found 'just a text', expected a list of services" in found
    assert "napr.yaml: found 'while parsing" in found
    assert "ssa.yaml: s, names: found 'short', expected a mapping with ka, en, ru, az, hy" in found
