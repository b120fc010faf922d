"""The English catalogue: whole, and true to the placeholders everywhere."""

from __future__ import annotations

import gettext
import importlib.util
import io
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts/messages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{2}")


def test_every_text_has_its_english(messages):
    known = messages.read()
    missing = {text: places[0] for text, places in messages.collect().items() if not known.get(text)}
    told = "\n".join(f"{place}: {text}" for text, place in missing.items())
    assert not missing, f"scripts/messages renews the catalogue; {len(missing)} texts have no English yet:\n{told}"


def test_no_translation_is_a_guess_or_still_chinese(messages):
    lines = messages.PO.read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if line.startswith("#,") and "fuzzy" in line]
    said = [words for text, words in messages.read().items() if text and CHINESE.search(words)]
    assert [words for words in said if not ENGLISH.search(words)] == [], "Chinese is quoted, as what people type"


def test_no_translation_loses_or_invents_a_placeholder(messages):
    for text, translation in messages.read().items():
        if text and translation:
            assert sorted(set(re.findall(r"%\(\w+\)[sd]", text))) == sorted(
                set(re.findall(r"%\(\w+\)[sd]", translation))
            ), text
            assert text.count("<a ") == translation.count("<a "), text
            assert text.count("{n}") == translation.count("{n}"), text


def test_what_is_compiled_can_be_read_by_gettext(messages):
    made = gettext.GNUTranslations(
        io.BytesIO(messages.compiled({"": "Content-Type: text/plain; charset=UTF-8\n", "甲": "A", "乙": ""}))
    )
    assert made.gettext("甲") == "A"
    assert made.gettext("乙") == "乙"


def test_a_catalogue_is_read_as_it_is_written(messages, tmp_path):
    path = tmp_path / "django.po"
    text = '多行\n“引号” "x" \\'
    path.write_text(
        f"{messages.HEADER}\nmsgid {messages.quoted(text)}\nmsgstr {messages.quoted('y' + text)}\n", encoding="utf-8"
    )
    assert messages.read(path)[text] == "y" + text
