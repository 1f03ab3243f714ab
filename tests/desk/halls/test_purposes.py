"""Purposes that staff should look at, in five languages, and those that nobody should be asked about."""

from __future__ import annotations

import pytest

from desk.halls.purposes import suspicions

SUSPECT = [
    ("party", "პარტიის წევრების შეხვედრა"),
    ("party", "politikuri shexvedra"),
    ("party", "Political meeting of our members"),
    ("party", "собрание партии"),
    ("party", "партийное собрание"),
    ("party", "siyasi partiyanın iclası"),
    ("party", "կուսակցության հանդիպում"),
    ("election", "წინასაარჩევნო შეხვედრა"),
    ("election", "არჩევნებისთვის მზადება"),
    ("election", "meeting with voters before the elections"),
    ("election", "встреча с избирателями"),
    ("election", "предвыборная кампания"),
    ("election", "seçkilərə hazırlıq"),
    ("election", "ընտրությունների հանդիպում"),
    ("agitation", "სააგიტაციო? აგიტაცია"),
    ("agitation", "агитация за кандидата"),
    ("agitation", "təbliğat yığıncağı"),
    ("agitation", "քարոզարշավ"),
    ("religion", "რელიგიური შეკრება"),
    ("religion", "qadageba da locva"),
    ("religion", "Bible study and worship"),
    ("religion", "проповедь и молитва"),
    ("religion", "чтение библии"),
    ("religion", "dini moizə"),
    ("religion", "կրոնական քարոզ"),
    ("religion", "աղոթք"),
]

HARMLESS = [
    "beekeeping training", "birthday party", "children's parties", "a job interview with candidates",
    "library day",
    "film evening", "English course", "meeting of the dairy cooperative", "first aid", "parents' meeting",
    "ბიბლიოთეკის დღე", "მეფუტკრეობის ტრენინგი", "დაბადების დღე", "სოფლის კრება", "მშობელთა კრება", "კინოს ჩვენება",
    "ტურიზმის განვითარება", "bibliotekis dge", "mepoutkreobis treningi", "soflis kreba",
    "день библиотеки", "обучение пчеловодов", "день рождения", "собрание села",
    "кино для детей", "партнёры по бизнесу",
    "kitabxana günü", "arıçılıq təlimi", "ad günü", "kənd yığıncağı", "dil kursu", "tədbir",
    "գրադարանի օր", "մեղվաբուծության դասընթաց", "ծննդյան տոն", "գյուղի ժողով", "ֆիլմի ցուցադրում", "",
]  # fmt: skip


@pytest.mark.parametrize(("why", "subject"), SUSPECT)
def test_a_purpose_that_looks_forbidden_is_flagged(why: str, subject: str) -> None:
    assert why in suspicions(subject)


@pytest.mark.parametrize("subject", HARMLESS)
def test_a_harmless_purpose_is_not(subject: str) -> None:
    assert suspicions(subject) == []
