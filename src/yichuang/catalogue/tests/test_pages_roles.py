"""Role x address of the catalogue's desk: who gets a page, who is refused, who is not told that it is there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from yichuang.catalogue import urls
from yichuang.catalogue.models import Law
from yichuang.catalogue.tests import given
from yichuang.catalogue.tests.test_editor_pages import signed_in

pytestmark = pytest.mark.django_db

OWN, OTHER = "阎良区行政审批服务局", "阎良区水务局"
ROLES = (
    ("catalogue_editor", OWN),
    ("catalogue_editor", OTHER),
    ("legal_reviewer", OWN),
    ("window_clerk", OWN),
    ("head", OWN),
    ("auditor", OWN),
    ("system_administrator", OWN),
)
# editor, editor of another department, legal reviewer, window clerk, head, auditor, system administrator, signed out.
# 405: may, by POST alone. 404: may, and this one is not there (or is not for them).
TABLE = {
    "adjustments": "200 200 200 200 200 200 200 302",
    "adjustment_new": "200 200 403 403 403 403 403 302",
    "adjustment_past": "200 200 403 403 403 403 403 302",
    "adjustment": "404 404 404 404 404 404 404 302",
    "adjustment_add_line": "405 405 403 403 403 403 403 302",
    "adjustment_remove_line": "405 405 403 403 403 403 403 302",
    "adjustment_act": "405 405 405 405 405 405 405 302",
    "desk": "200 200 200 200 200 200 403 302",
    "desk_lint": "200 200 200 200 200 200 403 302",
    "import": "200 200 403 403 403 403 403 302",
    "import_preview": "404 404 403 403 403 403 403 302",
    "bulk": "200 200 403 403 403 403 403 302",
    "bulk_preview": "404 404 403 403 403 403 403 302",
    "bulk_done": "404 404 403 403 403 403 403 302",
    "bulk_send": "405 405 403 403 403 403 403 302",
    "export": "405 405 403 403 405 405 403 302",
    "new_item": "200 200 403 403 403 403 403 302",
    "desk_item": "200 200 200 200 200 200 403 302",
    "begin_draft": "405 405 403 403 403 403 403 302",
    "compare": "200 200 200 200 200 200 403 302",
    "desk_version": "200 200 200 200 200 200 403 302",
    "edit_version": "200 403 403 403 403 403 403 302",
    "check_version": "405 405 403 403 403 403 403 302",
    "form_grid": "200 200 200 200 200 200 403 302",
    "form_paper": "200 200 200 200 200 200 403 302",
    "situations": "200 200 200 200 200 200 403 302",
    "desk_sheets": "200 200 200 200 200 200 403 302",
    "desk_sheet": "404 404 404 404 404 404 403 302",
    "desk_sheet_remove": "405 405 403 403 403 403 403 302",
    "version_act": "405 405 405 405 405 405 405 302",
    "version_change": "404 404 404 404 404 404 404 302",
    "remark": "405 405 405 403 403 403 403 302",
    "settle_remark": "405 405 405 403 403 403 403 302",
    "unanswered": "200 200 403 403 200 200 403 302",
    "question": "404 404 403 403 404 404 403 302",
    "needs_sent": "200 200 403 403 200 200 403 302",
    "need": "404 404 403 403 403 403 403 302",
    "reviews": "200 200 200 403 200 200 403 302",
    "reviews_approve": "403 403 405 403 403 403 403 302",
    "reviews_count": "200 200 200 403 200 200 403 302",
    "retire": "405 405 403 403 403 403 403 302",
    "desk_life": "200 200 200 200 200 200 403 302",
    "desk_life_new": "200 200 403 403 403 403 403 302",
    "desk_life_stage": "404 404 403 403 403 403 403 302",
    "desk_life_situation": "404 404 404 404 404 404 403 302",
    "desk_life_remove": "405 405 403 403 403 403 403 302",
    "desk_booklet": "405 405 403 403 403 403 403 302",
    "desk_booklet_edition": "404 404 404 404 404 404 403 302",
    "desk_lists": "200 200 200 403 200 200 403 302",
    "desk_list": "404 404 404 403 404 404 403 302",
    "listed_entries": "200 200 200 403 200 200 403 302",
    "listed_new": "200 200 403 403 403 403 403 302",
    "listed_entry": "404 404 404 403 404 404 403 302",
    "listed_unlist": "405 405 403 403 403 403 403 302",
    "desk_laws": "200 200 200 403 200 200 403 302",
    "new_law": "200 200 403 403 403 403 403 302",
    "desk_law": "200 200 200 403 200 200 403 302",
    "edit_law": "200 200 403 403 403 403 403 302",
    "add_law_version": "200 200 403 403 403 403 403 302",
    "law_tasks": "200 200 200 403 200 200 403 302",
    "law_task": "404 404 404 403 404 404 403 302",
}


def address(entry, item, draft):
    route, known = str(entry.pattern), {"seq": 1, "line": 1, "number": 1, "verb": "submit"}
    there = {"catalogue/versions/<int": draft, "catalogue/<int": item, "laws/<int": Law.objects.get().pk}
    known["pk"] = next((pk for start, pk in there.items() if route.startswith(start)), 10**6)
    known |= {"kind": "certificates" if "listed" in route else "form", "code": "licences" if "lists" in route else "m1"}
    return reverse(f"catalogue:{entry.name}", kwargs={name: known[name] for name in entry.pattern.converters})


def test_every_address_is_in_the_table():
    assert [entry.name for entry in urls.desk] == list(TABLE)


def test_each_role_gets_its_pages_and_no_others():
    version, draft = given.published_item(), given.draft(task_name="草稿")
    people = [signed_in("某某" + "甲乙丙丁戊己庚"[n], *one)[0] for n, one in enumerate(ROLES)]
    people.append(Client())
    for entry in urls.desk:
        url = address(entry, version.item_id, draft.pk)
        codes = [client.get(url).status_code for client in people]
        assert " ".join(map(str, codes)) == TABLE[entry.name], entry.name


def test_who_may_not_get_it_may_not_send_to_it_either():
    version, draft = given.published_item(), given.draft(task_name="草稿")
    for n, one in enumerate(ROLES):
        client, _ = signed_in("某某" + "甲乙丙丁戊己庚"[n], *one)
        for entry in urls.desk:
            if TABLE[entry.name].split()[n] == "403":
                answer = client.post(address(entry, version.item_id, draft.pk), {})
                assert answer.status_code == 403, (entry.name, one)
