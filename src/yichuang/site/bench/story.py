"""One case from the draft to the archive, through the public verbs: the unit of the lifecycle bench.

As a program: `python -m yichuang.site.bench.story COUNT [--capture]` prints JSON with the time of every verb and, when
it captures, every statement that was sent, transaction by transaction.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yichuang.identity.models import Account


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuang.site.settings")
    import django

    django.setup()
    count, capture = int(sys.argv[1]), "--capture" in sys.argv
    print(json.dumps(run(count, capture=capture)))  # noqa: T201 - the answer of this program


def run(count: int, *, capture: bool) -> dict[str, Any]:
    """{"seconds", "verbs": {verb: [ms]}, "transactions": [[(sql, params, ids)]], "prelude": how many came before the clock}"""
    from django.db import connection

    from yichuang.site.bench.capture import Capture

    recorder = Capture(connection) if capture else None
    with recorder or nullcontext():
        tell = _teller()
        tell(1, None, recorder.boundary if recorder else None)  # warm: caches of calendar and version
        prelude = len(recorder.transactions) if recorder else 0
        verbs: dict[str, list[float]] = {}
        start = time.perf_counter()
        tell(count, verbs, recorder.boundary if recorder else None)
        seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "verbs": verbs,
        "prelude": prelude,
        "transactions": recorder.transactions if recorder else [],
    }


def _teller() -> Callable[..., None]:
    from django.utils import timezone

    from yichuang.cases import commands as cases
    from yichuang.catalogue import queries as catalogue
    from yichuang.catalogue.models import Item
    from yichuang.core import files
    from yichuang.identity import queries as people
    from yichuang.identity.models import Account
    from yichuang.site.demo import invent

    now = timezone.localtime()
    actors = {a.username: people.actor_of_account(a, now) for a in Account.objects.all()}
    rng = Random(os.getpid())  # noqa: S311 - invented data
    own = register(
        f"bench-{os.getpid()}", f"190{os.getpid():08d}", rng, now
    )  # one draft of an item each: own applicants
    citizen = people.actor_of_account(own, now)
    applicant = people.applicants_for(citizen)[0]
    item = Item.objects.get(name="小餐饮经营许可")
    assert item.current_id is not None
    version = catalogue.version(item.current_id)
    sources = {
        "applicant.name": applicant.name,
        "applicant.phone": applicant.phone,
        "applicant.address": applicant.address,
    }
    picture = invent.picture("bench")

    def tell(count: int, verbs: dict[str, list[float]] | None, boundary: Callable[[], None] | None = None) -> None:
        for _ in range(count):
            at = now - timedelta(days=1)

            def verb(name: str, act: Callable[[], Any]) -> Any:
                start = time.perf_counter()
                done = act()
                if verbs is not None:
                    verbs.setdefault(name, []).append((time.perf_counter() - start) * 1000)
                if boundary:
                    boundary()
                return done

            values = invent.answers(version, sources, rng, at.date())
            draft = verb(
                "draft", lambda: cases.start_draft(version.id, applicant=applicant, fresh=True, by=citizen, at=at)
            )
            contact = {"name": applicant.name, "phone": applicant.phone}
            draft = verb(
                "fill",
                lambda: cases.save_draft(
                    draft.pk,
                    revision=draft.revision,
                    values=values,
                    contact=contact,
                    delivery={"way": "electronic"},
                    by=citizen,
                    at=at,
                ),
            )
            for material in version.materials_for(values):
                if material.required:
                    file = verb(
                        "upload", lambda: files.store(picture, "bench.png", owner=draft.stream, by=citizen, at=at)
                    )
                    verb("attach", lambda: cases.attach(draft.pk, material=material.code, file=file, by=citizen, at=at))
            number = verb("submit", lambda: cases.submit(draft.pk, by=citizen, at=at)).number
            verb("accept", lambda: cases.accept(number, by=actors["chuangkou"], at=at))
            for step in version.steps_for(values):
                if step.kind != "decide":
                    verb(
                        "review",
                        lambda: cases.pass_step(
                            number, step=step.code, opinion="符合条件", by=actors["chengban"], at=at
                        ),
                    )
            verb("decide", lambda: cases.grant(number, opinion="准予", by=actors["shenhe"], at=at))
            verb("issue and publish", lambda: cases.issue(number, by=actors["chengban"], at=at))
            verb("close", lambda: cases.deliver(number, way="electronic", by=actors["chuangkou"], at=at))

    return tell


def register(username: str, phone: str, rng: Random, at: datetime) -> Account:
    """An invented person of the bench, signed up."""
    from yichuang.identity import commands as identity
    from yichuang.site.demo import district, invent

    return identity.register_person(
        username=username,
        password=district.PASSWORD,
        name="演示申请人",
        id_number=invent.citizen_id(rng),
        phone=phone,
        address=invent.address(rng),
        invented=True,
        at=at,
    )


def submitted(at: Any) -> str:
    """The number of a case of the bench's item, submitted by a person of its own."""
    from random import SystemRandom

    from yichuang.cases import commands as cases
    from yichuang.catalogue import queries as catalogue
    from yichuang.catalogue.models import Item
    from yichuang.core import files
    from yichuang.identity import queries as people
    from yichuang.site.demo import invent

    rng = SystemRandom()
    account = register(f"bench-{rng.randrange(10**12)}", f"190{rng.randrange(10**8):08d}", rng, at)
    citizen = people.actor_of_account(account, at)
    applicant = people.applicants_for(citizen)[0]
    version = catalogue.current(Item.objects.get(name="小餐饮经营许可").pk)
    values = invent.answers(version, {"applicant.name": applicant.name}, rng, at.date())
    draft = cases.start_draft(version.id, applicant=applicant, by=citizen, at=at)
    contact, delivery = {"name": applicant.name, "phone": applicant.phone}, {"way": "electronic"}
    cases.save_draft(
        draft.pk, revision=draft.revision, values=values, contact=contact, delivery=delivery, by=citizen, at=at
    )
    for material in version.materials_for(values):
        if material.required:
            file = files.store(invent.picture("bench"), "bench.png", owner=draft.stream, by=citizen, at=at)
            cases.attach(draft.pk, material=material.code, file=file, by=citizen, at=at)
    return str(cases.submit(draft.pk, by=citizen, at=at).number)


if __name__ == "__main__":
    main()
