"""Parts of the tests of the portal's application: a rich form, what a page asks, the pages one by one."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from yichuang.cases.models import Draft
from yichuang.cases.tests import given
from yichuang.cases.tests.people import People

RICH: dict[str, Any] = {
    "groups": [
        {
            "code": "place",
            "title": "经营场所",
            "fields": [
                {"code": "name", "label": "单位名称", "type": "text", "required": True, "source": "applicant.name"},
                {
                    "code": "kind",
                    "label": "场所类别",
                    "type": "choice",
                    "required": True,
                    "choices": [{"value": "hotel", "label": "宾馆"}, {"value": "barber", "label": "理发店"}],
                },
                {
                    "code": "rooms",
                    "label": "客房数",
                    "type": "integer",
                    "required": True,
                    "min": 1,
                    "when": {"field": "kind", "eq": "hotel"},
                },
                {"code": "opened", "label": "开业日期", "type": "date", "max": "today"},
                {"code": "area", "label": "面积", "type": "decimal"},
                {"code": "rent", "label": "年租金", "type": "money"},
                {
                    "code": "rest",
                    "label": "休息日",
                    "type": "choices",
                    "choices": [{"value": "6", "label": "周六"}, {"value": "7", "label": "周日"}],
                },
                {"code": "air", "label": "有集中空调", "type": "boolean"},
                {"code": "phone", "label": "电话", "type": "phone"},
                {"code": "person", "label": "负责人身份证", "type": "citizen_id"},
                {"code": "uscc", "label": "信用代码", "type": "uscc"},
                {"code": "address", "label": "地址", "type": "address"},
                {"code": "mail", "label": "邮箱", "type": "email"},
                {"code": "notes", "label": "说明", "type": "longtext"},
            ],
        },
        {
            "code": "staff",
            "title": "从业人员",
            "repeat": True,
            "min": 1,
            "max": 3,
            "fields": [{"code": "name", "label": "姓名", "type": "text", "required": True}],
        },
        {
            "code": "pool",
            "title": "泳池",
            "when": {"field": "place.kind", "eq": "hotel"},
            "fields": [{"code": "size", "label": "泳池面积", "type": "integer", "required": True}],
        },
    ]
}


class Fields(HTMLParser):
    """The inputs of a page by name, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.names: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name")
        if tag in ("input", "select", "textarea") and name:
            self.names.add(name)
            if given.get("type") in ("hidden", "text", "tel", "email", "date", None):
                self.values[name] = given.get("value") or ""


def fields(answer: Any) -> Fields:
    return Fields(answer.content.decode())


def begin(p: People, browser: Browser, **more: str) -> Draft:
    answer = browser.post(f"/apply/{p.w.version.item_id}/", {"applicant": str(p.w.applicant.pk), **more})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Draft.objects.get(applicant=p.w.applicant, item_id=p.w.version.item_id, case__isnull=True)


def at(draft: Draft, page: str) -> str:
    return f"/apply/drafts/{draft.pk}/{page}/"


def send(browser: Browser, draft: Draft, page: str, data: dict[str, Any], action: str = "next") -> Any:
    draft.refresh_from_db()
    return browser.post(at(draft, page), {"revision": str(draft.revision), "action": action, **data})


def photo(name: str = "照片.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, given.PNG, "image/png")


def filled(p: People, browser: Browser) -> Draft:
    """Everything of the plain item's application, one page after the other, up to the last one."""
    draft = begin(p, browser)
    answer = send(browser, draft, "place", {"place.name": "好味道", "place.address": "人民路8号"})
    assert answer["Location"].endswith("/hand-in/")
    for code in ("m1", "m2"):
        assert browser.post(at(draft, f"hand-in/{code}/upload"), {"file": photo()}).status_code == 302
    assert browser.post(at(draft, "hand-in"))["Location"].endswith("/contact-delivery/")
    reach = {"contact.name": "张三", "contact.phone": "13900000001", "delivery.way": "counter"}
    assert send(browser, draft, "contact-delivery", reach)["Location"].endswith("/check-answers/")
    return draft
