"""The frame of /api/v1: problem+json for every no, lists by cursor. Packages bring a `router`; `site/api.py` mounts it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema

from yichuang.core.refusal import Refusal

T = TypeVar("T")
PROBLEM = "application/problem+json"
TITLES = {
    400: "请求无法读懂",
    401: "需要身份凭据",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这种方法",
    409: "当前状态不允许",
    413: "内容过大",
    415: "不支持这种内容",
    422: "内容需要修改",
    429: "请求过于频繁",
    500: "系统出错",
    503: "暂时不能服务",
}


class Problem(Schema):
    """RFC 9457 problem details, with the platform's own members: code, next_step, law, errors."""

    type: str = "about:blank"
    status: int
    code: str
    title: str
    detail: str
    next_step: str
    law: str = ""
    errors: dict[str, str] = {}


class Page(Schema, Generic[T]):
    """One page of a list. next, previous: cursors for `?cursor=`, null at the ends."""

    items: list[T]
    next: str | None = None
    previous: str | None = None


def problem(refusal: Refusal) -> HttpResponse:
    """A Refusal as problem+json."""
    return answer(
        refusal.status,
        refusal.code,
        refusal.message,
        refusal.next_step,
        law=refusal.law,
        errors=refusal.fields,
    )


def answer(
    status: int, code: str, detail: str, next_step: str, *, law: str = "", errors: Mapping[str, str] | None = None
) -> HttpResponse:
    body = {
        "type": "about:blank",
        "status": status,
        "code": code,
        "title": TITLES.get(status, "不能办理"),
        "detail": detail,
        "next_step": next_step,
        "law": law,
        "errors": dict(errors or {}),
    }
    return HttpResponse(orjson.dumps(body), status=status, content_type=PROBLEM)


def frame() -> NinjaAPI:
    """The API without routers: title, documentation, and an answer to everything that can go wrong."""
    api = NinjaAPI(
        title="一窗开放接口",
        version="1",
        urls_namespace="api-1",
        description="""政务服务一窗平台的开放接口。""",
        docs_url="docs",
        openapi_url="openapi.json",
    )

    @api.exception_handler(Refusal)
    def refused(request: HttpRequest, error: Refusal) -> HttpResponse:
        return problem(error)

    return api
