"""A case goes on under the version it began with, whatever becomes of the power meanwhile."""

from __future__ import annotations

import pytest

from yichuang.cases import commands
from yichuang.cases.tests import given
from yichuang.catalogue import commands as catalogue
from yichuang.catalogue import queries
from yichuang.catalogue.models import ItemVersion
from yichuang.core.actor import Actor
from yichuang.core.refusal import Refusal
from yichuang.identity.tests import given as identity

pytestmark = pytest.mark.django_db
AT = given.AT
STREET = "阎良区凤凰路街道办事处"


def adjusted(w: given.World, **line: str) -> None:
    """The power of the world's item is adjusted, from the proposal to its effect."""
    identity.department(STREET)
    body = identity.department("阎良区民政局")
    officer = identity.staff("田民政", department=body)[1]

    def staff(name: str, role: str) -> Actor:
        return identity.staff(name, roles=(role,))[1]

    editor, today = staff("周目录", "catalogue_editor"), AT.date()
    lines = [{"code": w.version.item_code, **line}]
    row = catalogue.propose_adjustment(title="调整", basis="国务院决定", lines=lines, by=editor, at=AT)
    catalogue.ask_opinions(row.pk, departments=[body.pk], by=editor, at=AT)
    catalogue.give_opinion(row.pk, answer="agree", by=officer, at=AT)
    catalogue.send_to_legal(row.pk, by=editor, at=AT)
    catalogue.pass_legal_review(row.pk, by=staff("法审员", "legal_reviewer"), at=AT)
    catalogue.approve_adjustment(row.pk, number="函1号", approved_on=today, by=staff("方局长", "head"), at=AT)
    row = catalogue.publish_adjustment(row.pk, number="发1号", published_on=today, effective_on=today, by=editor, at=AT)
    assert row.state == "effected", row.troubles


@pytest.mark.parametrize("line", [{"way": "cancel"}, {"way": "delegate", "to": STREET}])
def test_an_accepted_case_is_decided_under_its_version(line):
    w = given.world()
    case = given.accepted_case(w)
    adjusted(w, **line)
    assert ItemVersion.objects.get(pk=w.version.id).state == "retired"
    later = given.later
    commands.pass_step(case.number, step="examine", opinion="符合条件", by=w.handler, at=later(1))
    commands.pass_step(case.number, step="review", opinion="同意", by=w.reviewer, at=later(1, 1))
    commands.grant(case.number, opinion="同意", by=w.reviewer, at=later(2))
    case = commands.issue(case.number, by=w.handler, at=later(2, 1))
    assert (case.version_id, case.department_id) == (w.version.id, w.department.pk)
    assert case.licence_id


def test_a_cancelled_power_is_open_to_nobody():
    w = given.world()
    adjusted(w, way="cancel")
    with pytest.raises(Refusal) as no:
        queries.current(w.version.item_id)
    assert no.value.status == 404
    assert queries.search(w.version.name) == []
