"""From the decision of a case to the public record, through the verbs of cases."""

from __future__ import annotations

import pytest

from yichuang.cases.models import Case
from yichuang.cases.queries import form_of
from yichuang.cases.tests import given as cases
from yichuang.core.models import Message
from yichuang.core.verify import verify
from yichuang.licences.models import Licence
from yichuang.publicity.models import PublicRecord

pytestmark = pytest.mark.django_db
PUBLICITY = {"category": "普通", "content": "准予从事{name}经营活动。", "withhold": ""}


def test_a_grant_makes_the_record_and_the_licence_makes_it_public() -> None:
    case = cases.granted_case()
    row = PublicRecord.objects.get()
    assert (row.case_number, row.state, row.licensed) == (case.number, "pending", True)
    assert row.decision_number == Case.objects.get().decision_number != ""
    assert row.due_on > row.decided_on


def test_an_issued_licence_is_public_pushed_and_right_by_the_standard() -> None:
    case = cases.issued_case()
    row, licence = PublicRecord.objects.get(), Licence.objects.get()
    assert (row.state, row.problems) == ("published", [])
    assert (row.licence, row.record["XK_XKBH"], row.record["XK_XKZS"]) == (
        licence.identifier,
        licence.number,
        licence.name,
    )
    assert row.record["XK_XDR_MC"] == case.applicant.name
    assert row.record["XK_XKJGDM"] == case.department.uscc
    assert Message.objects.filter(adapter="credit.file", about=row.stream).count() == 1
    assert verify().clean


def test_the_content_names_what_was_declared() -> None:
    world = cases.world(publicity={**PUBLICITY, "content": "准予{place.name}在{place.address}经营。"})
    case = cases.granted_case(world)
    declared = form_of(case)
    assert declared
    place = declared.values["place"]
    assert PublicRecord.objects.get().record["XK_NR"] == f"准予{place['name']}在{place['address']}经营。"


def test_what_the_item_withholds_is_withheld() -> None:
    world = cases.world(publicity={**PUBLICITY, "withhold": "涉及商业秘密"})
    cases.issued_case(world)
    row = PublicRecord.objects.get()
    assert (row.state, row.reason) == ("withheld", "trade_secret")
    assert not Message.objects.filter(adapter="credit.file").exists()


def test_other_acts_than_licences_are_not_in_the_double_publicity() -> None:
    cases.issued_case(cases.world(task_type="07", catalog_code="000723023000", task_code="", task_handle_item=""))
    assert not PublicRecord.objects.exists()


def test_a_case_that_is_not_granted_leaves_no_record() -> None:
    cases.reviewed_case()
    assert not PublicRecord.objects.exists()
