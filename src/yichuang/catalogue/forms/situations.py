"""Shapes of input of 情形引导: the questions as people answer them; the grid of an editor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yichuang.catalogue.rules.situations import GROUP, Situations
from yichuang.core.forms import Form
from yichuang.core.forms import field as kit_field


def answers(table: Situations, given: Mapping[str, Any]) -> dict[str, str]:
    """The answers that an address or a form carries ("situation.<question>"); others are as if they were not there."""
    found = {q.code: given.get(f"{GROUP}.{q.code}", "") for q in table.questions}
    return {q.code: found[q.code] for q in table.questions if found[q.code] in dict(q.choices)}


class AskedForm(Form):
    """The questions that are asked under the answers so far, as a choice each."""

    def __init__(self, table: Situations, given: Mapping[str, str]) -> None:
        super().__init__(initial={f"{GROUP}.{code}": value for code, value in given.items()}, auto_id="ask-%s")
        for question in table.asked(given):
            self.fields[f"{GROUP}.{question.code}"] = kit_field(
                "choice", label=question.label, choices=list(question.choices), help=question.help
            )
