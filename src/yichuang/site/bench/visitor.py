"""One client of an HTTP bench: `python -m yichuang.site.bench.visitor` reads its plan (JSON, one line) from stdin.

It signs in, says "ready", waits for a line, plays, and prints JSON: how many of what it saw through to its end, the
time of every request by kind, its own CPU seconds. Without Django: it knows the platform by its pages and its API.
"""

from __future__ import annotations

import json
import re
import struct
import sys
import time
import uuid
import zlib
from base64 import b64decode
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from yichuang.site.bench.wire import Reply, Unexpected, Visitor

PLACE = re.compile(r"/apply/drafts/[0-9a-f-]+/")
NUMBER = re.compile(r"/my/cases/([^/]+)/submitted/")
RATE = re.compile(r'href="(/rate/[^"/]+/)"')


def main() -> None:
    plan = json.loads(sys.stdin.readline())
    play = PLAYS[plan["play"]](plan)
    print("ready", flush=True)  # noqa: T201 - the answer of this program
    sys.stdin.readline()
    begun, used, errors = time.perf_counter(), time.process_time(), []
    done: dict[str, int] = {}
    whole: list[float] = []
    for n in range(plan["count"]):
        started = time.perf_counter()
        try:
            for what, count in play(n).items():
                done[what] = done.get(what, 0) + count
            whole.append((time.perf_counter() - started) * 1000)
        except (Unexpected, OSError) as error:
            errors.append(str(error))
    told = {
        "done": done,
        "errors": errors,
        "whole": whole,
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - used,
        "times": play.times,  # type: ignore[attr-defined]  # every play keeps them
    }
    print(json.dumps(told))  # noqa: T201 - the answer of this program


def sign_in(plan: dict[str, Any], username: str, times: dict[str, list[float]]) -> Visitor:
    """A session of this person. The sign-in itself is not of the measured requests."""
    visitor = Visitor(plan["host"], plan["port"], address=plan["address"])
    page = visitor.get("sign in", "/accounts/login/")
    visitor.post("sign in", "/accounts/login/", {**page.hidden(), "login": username, "password": plan["password"]})
    visitor.times = times
    return visitor


class Application:
    """A citizen's submission through the pages: every page that a browser opens, every form that it sends."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.times: dict[str, list[float]] = {}
        self.citizen = sign_in(plan, plan["citizen"], self.times)
        self.picture = b64decode(plan["picture"])

    def __call__(self, n: int) -> dict[str, int]:
        self.citizen.address = address(self.plan, n)
        self.submit()
        return {"submissions": 1}

    def submit(self) -> str:
        """The number of the case."""
        plan, citizen = self.plan, self.citizen
        start = f"/apply/{plan['item']}/"
        page = citizen.get("start page", start)
        applicant = re.search(r'name="applicant"[^>]*value="(\d+)"', page.text)
        begun = citizen.post(
            "start draft", start, {**page.hidden(), "fresh": "1", **({"applicant": applicant[1]} if applicant else {})}
        )
        place = PLACE.search(begun.headers.get("location", ""))
        if place is None:
            raise Unexpected(f"a draft's page was expected, not {begun.headers.get('location')}")
        base = place[0]
        for code, answers in plan["answers"].items():
            page = citizen.get("group page", f"{base}{code}/")
            fields = {f"{code}.{name}": value for name, value in answers.items()}
            citizen.post("save group", f"{base}{code}/", {**page.hidden(), **fields, "action": "next"})
        page = citizen.get("materials page", f"{base}hand-in/")
        token = page.hidden()["csrfmiddlewaretoken"]
        for code in plan["materials"]:
            shown = citizen.upload(
                "upload", f"{base}hand-in/{code}/upload/", {"csrfmiddlewaretoken": token}, unlike(self.picture)
            )
            if "scan.png" not in shown.text:
                raise Unexpected("the uploaded file is not shown")
        citizen.post("materials done", f"{base}hand-in/", page.hidden())
        page = citizen.get("contact page", f"{base}contact-delivery/")
        told = {"contact.name": "演示申请人", "contact.phone": "19000000001", "delivery.way": "electronic"}
        citizen.post("save contact", f"{base}contact-delivery/", {**page.hidden(), **told, "action": "next"})
        page = citizen.get("check page", f"{base}check-answers/")
        sent = citizen.post("submit", f"{base}check-answers/", {**page.hidden(), "declared": "on"})
        found = NUMBER.search(sent.headers.get("location", ""))
        if found is None:
            raise Unexpected(f"a case's page was expected, not {sent.headers.get('location')}")
        confirmed = citizen.get("confirmation", sent.headers["location"])
        if found[1] not in confirmed.text:
            raise Unexpected("the confirmation does not show the case's number")
        return found[1]


class WholeCase(Application):
    """From the draft to the delivered licence, and the ratings: the citizen by the pages, the desk by pages (accept,
    grant) and API (pass the step, issue, deliver). Of four cases all are rated at the end, one also after intake."""

    def __init__(self, plan: dict[str, Any]) -> None:
        super().__init__(plan)
        staff = plan["staff"]
        self.clerk, self.handler, self.reviewer = (
            sign_in(plan, staff[r], self.times) for r in ("clerk", "handler", "reviewer")
        )

    def __call__(self, n: int) -> dict[str, int]:
        self.citizen.address = address(self.plan, n)
        number = self.submit()
        self.by_page(self.clerk, number, "accept", {}, "已受理")
        for code in self.plan["steps"]:
            given = {"step": code, "opinion": "符合条件"}
            self.by_api(self.handler, number, "pass_step", given, "accepted")
        self.by_page(self.reviewer, number, "grant", {"opinion": "准予"}, "准予")
        self.by_api(self.handler, number, "issue", {}, "granted")
        self.by_api(self.clerk, number, "deliver", {"way": "electronic"}, "closed")
        return {"cases": 1, "reviews": self.rate(number, both=n % 4 == 0)}

    def by_page(self, staff: Visitor, number: str, verb: str, told: dict[str, str], words: str) -> None:
        """Open the case, open the form, send it, and see the case in its new state."""
        case = f"/desk/cases/{quote(number)}/"
        page = staff.get("desk case page", case)
        form = staff.get(f"{verb} form", f"{case}do/{verb}/", part=True)
        hidden = {**page.hidden(), **form.hidden()}
        staff.post(f"{verb} (page)", f"{case}do/{verb}/", {**hidden, **told})
        if words not in staff.get("desk case page", case).text:
            raise Unexpected(f"the case is not “{words}” after {verb}")

    def by_api(self, staff: Visitor, number: str, verb: str, given: dict[str, Any], state: str) -> None:
        answer = staff.call(f"{verb} (API)", f"/api/v1/cases/{quote(number)}/{verb}", given)
        if answer["state"] != state:
            raise Unexpected(f"{verb}: {answer['state']}, not {state}")

    def rate(self, number: str, *, both: bool) -> int:
        """The citizen opens the invitations of the case and rates: the closing one, or both."""
        links = RATE.findall(self.citizen.get("invitations", f"/rate/cases/{quote(number)}/", part=True).text)
        if len(links) != 2:
            raise Unexpected(f"two invitations were expected, not {len(links)}")
        chosen = links if both else links[-1:]
        for link in chosen:
            page = self.citizen.get("rate page", link)
            answer = {"level": "very_satisfied", "words": "办得快"}
            self.citizen.post("rate", link, {**page.hidden(), **answer})
        return len(chosen)


class Pages:
    """Pages of the plan in turn, as a visitor without a session opens them."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.times: dict[str, list[float]] = {}
        self.visitor = Visitor(plan["host"], plan["port"], address=plan["address"], times=self.times)
        if plan.get("citizen"):
            self.visitor = sign_in(plan, plan["citizen"], self.times)

    def __call__(self, n: int) -> dict[str, int]:
        kind, path, words = self.plan["pages"][(n * 7 + self.plan["index"]) % len(self.plan["pages"])]
        shown: Reply = self.visitor.get(kind, path)
        if words not in shown.text:
            raise Unexpected(f"{path} does not show “{words}”")
        return {"pages": 1}


def address(plan: dict[str, Any], n: int) -> str:
    """Another one for each case: cases are those of as many people, and what is open to all is limited by address."""
    return f"10.{plan['index'] % 256}.{n // 256 % 256}.{n % 256}"


def unlike(png: bytes) -> bytes:
    """The same picture as another file: a text chunk with something that no other file has."""
    body = b"tEXt" + b"bench\0" + uuid.uuid4().hex.encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return png[:-12] + chunk + png[-12:]


PLAYS: dict[str, Callable[[dict[str, Any]], Callable[[int], dict[str, int]]]] = {
    "application": Application,
    "case": WholeCase,
    "pages": Pages,
}

if __name__ == "__main__":
    main()
