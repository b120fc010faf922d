"""The English catalogue of words, without gettext's tools: collect, report, compile.

scripts/messages            renews locale/en/LC_MESSAGES/django.po from templates and Python, keeps every translation,
                            says what is untranslated (exit 1 when something is)
scripts/compile_messages.py writes django.mo from it
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PO = ROOT / "locale/en/LC_MESSAGES/django.po"
FUNCTIONS = {"_", "_lazy", "gettext", "gettext_lazy"}
HEADER = """\
# English words of the pages. Official names, laws and documents stay Chinese.
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


def of_python(path: Path) -> Iterator[str]:
    """The texts that a Python file asks to be translated."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            first = node.args[0]
            if name in FUNCTIONS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


TEXT = r"""(u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"(?<![\w.])(?:gettext|_)\(\s*{TEXT}", re.S)


def of_template(path: Path) -> Iterator[str]:
    """The texts of a template, as Django itself reads them."""
    from django.utils.translation.template import templatize

    for found in CALL.finditer(templatize(path.read_text(encoding="utf-8"), origin=str(path))):
        yield ast.literal_eval(found.group(1).removeprefix("u"))


def collect() -> dict[str, list[str]]:
    """text -> where it stands, in the order of files."""
    texts: dict[str, list[str]] = {}
    for path in sorted((ROOT / "src").rglob("*")):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        if path.suffix == ".py":
            found = of_python(path)
        elif path.suffix == ".html" and "templates" in path.parts:
            found = of_template(path)
        else:
            continue
        for text in found:
            places = texts.setdefault(text, [])
            place = str(path.relative_to(ROOT))
            if text and place not in places:
                places.append(place)
    texts.pop("", None)
    return texts


def read(path: Path = PO) -> dict[str, str]:
    """msgid -> msgstr of a catalogue without plurals or contexts."""
    entries: dict[str, str] = {}
    key, value, part = "", "", ""
    for line in [*path.read_text(encoding="utf-8").splitlines(), "msgid ''"] if path.exists() else []:
        if line.startswith("msgid "):
            if part == "msgstr":
                entries[key] = value
            key, value, part = ast.literal_eval(line[6:]), "", "msgid"
        elif line.startswith("msgstr "):
            value, part = ast.literal_eval(line[7:]), "msgstr"
        elif line.startswith('"'):
            more = ast.literal_eval(line)
            key, value = (key + more, value) if part == "msgid" else (key, value + more)
    return entries


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def renew() -> list[str]:
    """Write the catalogue anew; the texts without a translation."""
    known = read()
    lines, untranslated = [HEADER], []
    for text, places in collect().items():
        translation = known.get(text, "")
        if not translation:
            untranslated.append(text)
        flag = "#, python-format\n" if re.search(r"%\(\w+\)", text) else ""
        lines.append(f"#: {' '.join(places[:3])}\n{flag}msgid {quoted(text)}\nmsgstr {quoted(translation)}\n")
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_text("\n".join(lines), encoding="utf-8")
    return untranslated


def compiled(entries: dict[str, str]) -> bytes:
    """The .mo of a catalogue (the GNU format: two sorted tables of lengths and offsets, then the texts)."""
    pairs = sorted((k.encode(), v.encode()) for k, v in entries.items() if v)
    start = 7 * 4 + 16 * len(pairs)
    keys = b"".join(k + b"\0" for k, _ in pairs)
    values = b"".join(v + b"\0" for _, v in pairs)
    key_table, value_table = [], []
    key_at, value_at = start, start + len(keys)
    for key, value in pairs:
        key_table += [len(key), key_at]
        value_table += [len(value), value_at]
        key_at += len(key) + 1
        value_at += len(value) + 1
    head = (0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    numbers = [*head, *key_table, *value_table]
    return struct.pack(f"<{len(numbers)}I", *numbers) + keys + values


def compile_all() -> None:
    for path in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        path.with_suffix(".mo").write_bytes(compiled(read(path)))


def main() -> int:
    untranslated = renew()
    compile_all()
    for text in untranslated:
        sys.stdout.write(f"untranslated: {text}\n")
    sys.stdout.write(f"{len(read()) - 1} texts, {len(untranslated)} untranslated\n")
    return 1 if untranslated else 0


if __name__ == "__main__":
    from django.conf import settings

    settings.configure(USE_I18N=True)
    sys.exit(main())
