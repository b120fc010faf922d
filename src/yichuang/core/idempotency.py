"""`Idempotency-Key`: a write that a program repeats is done once and answered as the first time.

    @router.post("/cases", ...)
    @decorate_view(idempotent)
    def submit(request, ...): ...

The first request reserves the key, runs in one transaction and keeps its answer in that same transaction: either
both the act and its answer are there, or neither. A repeat gets the kept answer with `Idempotency-Replayed: true`; the
same key with another request is refused 422; while the first one is under way, 409. What was refused or failed wrote
nothing and is not kept: the same key may be tried again. Without the header nothing is kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from yichuang.core.api import problem
from yichuang.core.events import digest
from yichuang.core.models import KeptAnswer
from yichuang.core.refusal import Refusal

HEADER = "Idempotency-Key"
HOLD = timedelta(minutes=2)
"""After that a request that never came to its end (a killed process) leaves its key to the next one."""
LONGEST_KEY = 160

View = Callable[..., HttpResponse]


def idempotent(view: View) -> View:
    """Decorate a view that returns an HttpResponse (for ninja: `decorate_view(idempotent)`)."""

    @wraps(view)
    def once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.headers.get(HEADER, "").strip()
        if not key or getattr(request, "_kept_once", False):  # the frame's decorator already stands around this one
            return view(request, *args, **kwargs)
        request._kept_once = True  # type: ignore[attr-defined]  # one reservation per request
        try:
            kept = reserve(client_of(request), key, request_digest(request), timezone.now())
        except Refusal as no:
            return problem(no)
        if kept.finished_at is not None:
            return replayed(kept)
        try:
            with transaction.atomic():
                response = view(request, *args, **kwargs)
                if response.status_code >= 400 or response.streaming:
                    transaction.set_rollback(True)
                else:
                    keep(kept, response, timezone.now())
        except Refusal as no:
            free(kept)
            return problem(no)
        except BaseException:
            free(kept)
            raise
        if response.status_code >= 400 or response.streaming:
            free(kept)
        return response

    return once


def client_of(request: HttpRequest) -> str:
    """Whose key it is: the credential (its digest), else the signed-in account, else the address."""
    if credential := request.headers.get("Authorization", ""):
        return f"credential:{digest(credential, 'sha256')[:40]}"
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return f"account:{user.pk}"
    return f"address:{request.META.get('REMOTE_ADDR', '')}"


def request_digest(request: HttpRequest) -> str:
    """What makes it the same request: method, path, query and body; of a form with files, its fields and files, for the
    marks between its parts are other ones each time that it is sent."""
    told = f"{request.method}\n{request.get_full_path()}\n".encode()
    if request.content_type != "multipart/form-data":
        return digest(told + request.body, "sha256")
    for name, values in sorted(request.POST.lists()):
        told += f"{name}={values!r}\n".encode()
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            whole = sha256()
            for chunk in file.chunks():
                whole.update(chunk)
            file.seek(0)
            told += f"{name}={file.name}:{whole.hexdigest()}\n".encode()
    return digest(told, "sha256")


def reserve(client: str, key: str, request: str, at: datetime) -> KeptAnswer:
    """The kept answer (finished_at set), or a reservation for the caller to fulfil.

    Refusal 422 "idempotency.key_too_long", "idempotency.other_request"; 409 "idempotency.under_way".
    """
    if len(key) > LONGEST_KEY:
        raise Refusal(
            "idempotency.key_too_long",
            f"{HEADER} 超过 {LONGEST_KEY} 个字符。",
            "请使用较短的键，例如一个 UUID。",
            status=422,
        )
    turn = secrets.token_hex(16)
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(
                client=client, key=key, request=request, turn=turn, held_until=at + HOLD, created_at=at
            )
    except IntegrityError:
        pass
    kept = KeptAnswer.objects.filter(client=client, key=key).first()
    if kept is None:  # freed in between: the first one was refused
        return reserve(client, key, request, at)
    if kept.request != request:
        raise Refusal(
            "idempotency.other_request",
            f"同一个 {HEADER} 此前用于另一个请求。",
            "请为新的请求换一个键；重复同一请求时，内容须与第一次完全相同。",
            status=422,
        )
    if kept.finished_at is not None:
        return kept
    mine = KeptAnswer.objects.filter(pk=kept.pk, turn=kept.turn, finished_at__isnull=True, held_until__lte=at)
    if not mine.update(turn=turn, held_until=at + HOLD):
        raise Refusal("idempotency.under_way", "同一请求正在办理中。", "请几秒后用同一个键再次查询结果。", status=409)
    kept.turn = turn
    return kept


def keep(kept: KeptAnswer, response: HttpResponse, at: datetime) -> None:
    """Keep the answer, in the transaction of the act. Refusal 409 when the key has passed to another request."""
    done = KeptAnswer.objects.filter(pk=kept.pk, turn=kept.turn, finished_at__isnull=True).update(
        status=response.status_code,
        content_type=response.get("Content-Type", ""),
        headers={name: response[name] for name in ("Location", "ETag") if name in response},
        body=response.content,
        finished_at=at,
    )
    if not done:
        raise Refusal(
            "idempotency.under_way", "同一请求已由另一次提交办理。", "请几秒后用同一个键再次查询结果。", status=409
        )


def free(kept: KeptAnswer) -> None:
    """Nothing was done: the key is open again."""
    KeptAnswer.objects.filter(pk=kept.pk, turn=kept.turn, finished_at__isnull=True).delete()


def replayed(kept: KeptAnswer) -> HttpResponse:
    """The first answer again."""
    response = HttpResponse(bytes(kept.body), status=kept.status, content_type=kept.content_type)
    for name, value in kept.headers.items():
        response[name] = value
    response["Idempotency-Replayed"] = "true"
    return response
