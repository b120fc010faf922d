"""Rules that every template of the house keeps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template

from yichuang.site import wiring

SOURCE = Path(__file__).resolve().parents[2]
TEMPLATES = {str(p.relative_to(p.parents[len(p.relative_to(root).parts) - 1])): p
             for root in SOURCE.glob("*/templates") for p in sorted(root.rglob("*.html"))}  # fmt: skip
BASES = {"core/base.html", "core/portal.html", "core/desk.html"}
ALONE = {"500.html", "cases/desk/preview.html"}
"""What stands without a frame: the page for when everything failed, and the empty sheet inside a case's page."""
COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?{%\s*endcomment\s*%}", re.S)


def words(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_the_content_security_policy_finds_nothing_inline(name):
    text = words(TEMPLATES[name])
    assert not re.search(r"<style\b", text), "styles live in style sheets"
    assert not re.search(r"\sstyle\s*=", text), "styles live in style sheets"
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text), "scripts live in files"
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text), "scripts live in files"
    assert not re.search(r"\bhx-on\b|\bhx-vals=.js:|javascript:", text), "nothing is evaluated"
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", text), "no request leaves for elsewhere"
    assert "no-referrer" not in text, "a form of such a page comes from nowhere, and is refused as forged"


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_template_can_be_read(name):
    get_template(name)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_page_stands_in_a_frame(name):
    text = words(TEMPLATES[name])
    is_page = "<html" in text or re.search(r"{%\s*block\s+(title|content)\b", text)
    if is_page and name not in BASES | ALONE:
        assert re.match(r"\s*{%\s*extends\b", text)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_form_that_changes_something_carries_its_token(name):
    for form in re.findall(r"<form\b.*?</form>", words(TEMPLATES[name]), re.S):
        if re.search(r"""method=["']post["']""", form, re.I):
            assert "{% csrf_token %}" in form


CHINESE = re.compile(r"[\u4e00-\u9fff]")
TRANSLATED = re.compile(
    r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}|{%.*?%}|{{.*?}}|<svg.*?</svg>", re.S
)
LANGUAGE_NAMES = re.compile(r'<span lang="zh-Hans">[^<]*</span>')


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_every_word_can_be_translated(name):
    if name == "500.html":  # stands without anything else, and says it in both languages
        return
    text = LANGUAGE_NAMES.sub("", TRANSLATED.sub("", words(TEMPLATES[name])))
    left = [line.strip() for line in text.splitlines() if CHINESE.search(line)]
    assert not left


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_every_static_file_is_there(name):
    for file in re.findall(r"{%\s*static\s+[\"']([^\"']+)[\"']", words(TEMPLATES[name])):
        assert finders.find(file), file


def test_every_icon_is_in_the_sprite():
    sprite = (SOURCE / "core/static/core/icons.svg").read_text(encoding="utf-8")
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    used = {name for path in TEMPLATES.values() for name in re.findall(r"{%\s*icon\s+[\"']([^\"']+)[\"']", words(path))}
    used |= {name for path in TEMPLATES.values() for name in re.findall(r"icon_name=[\"']([^\"']+)[\"']", words(path))}
    used |= {link.icon for links in wiring.NAV.values() for link in links if link.icon}
    assert used <= known


def test_third_party_parts_are_served_and_nothing_else_of_their_packages():
    assert finders.find("tabler/css/tabler.min.css")
    assert not finders.find("tabler/css/tabler-flags.css")
    names = {name for finder in finders.get_finders() for name, storage in finder.list([]) if storage}
    assert "htmx.min.js" in names
