"""Every kind of event that the source records has a name, and every name has its event."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from yichuang.site import wiring

SOURCE = Path(__file__).resolve().parents[2]
KIND = re.compile(r"[a-z]+(\.[a-z_]+)+")


def modules() -> Iterator[tuple[str, Path, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).parts
        if "tests" not in parts and "migrations" not in parts:
            yield parts[0], path, ast.parse(path.read_text(encoding="utf-8"))


def constants(node: ast.AST | None) -> set[str]:
    """The texts that an expression may be: a constant, or one of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return constants(node.body) | constants(node.orelse)
    return set()


def named(name: str, trees: list[ast.Module]) -> set[str]:
    """The kinds that a variable, attribute or keyword of that name is given anywhere in the package."""
    found: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            if (
                (isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets))
                or (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name)
                or (isinstance(node, ast.keyword) and node.arg == name)
            ):
                found |= constants(node.value)
    return {text for text in found if KIND.fullmatch(text)}


def recorded() -> dict[str, str]:
    """kind -> where the source makes such an event."""
    read = list(modules())
    packages: dict[str, list[ast.Module]] = {}
    for package, _, tree in read:
        packages.setdefault(package, []).append(tree)
    found: dict[str, str] = {}
    for package, path, tree in read:
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Event"):
                continue
            first = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "kind"), None)
            if isinstance(first, (ast.Attribute, ast.Subscript)):
                continue  # read back from the log
            kinds = named(first.id, packages[package]) if isinstance(first, ast.Name) else constants(first)
            where = f"{path.relative_to(SOURCE)}:{node.lineno}"
            assert kinds, f"{where}: this test cannot tell which kind of event this is"
            found |= dict.fromkeys(kinds, where)
    return found


def test_every_kind_of_event_has_a_name_and_every_name_an_event():
    made = recorded()
    assert len(made) > 80
    nameless = {kind: where for kind, where in made.items() if kind not in wiring.KINDS}
    assert nameless == {}, "give each a line in its package's kinds.py"
    assert [kind for kind in wiring.KINDS if kind not in made] == [], "names of events that nothing records"


def test_names_are_words_and_differ_within_their_object():
    for kind, name in wiring.KINDS.items():
        assert re.search(r"[\u4e00-\u9fff]", str(name)), kind
        assert kind.partition(".")[0] in wiring.OBJECTS, kind
    by_object = [(kind.partition(".")[0], str(name)) for kind, name in wiring.KINDS.items()]
    assert len(set(by_object)) == len(by_object)
