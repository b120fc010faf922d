"""The frame of /api/v1: problem+json for every no, lists by cursor, writes once per Idempotency-Key.

Packages bring a `router`; `site/api.py` mounts it. Operations let a Refusal rise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Generic, TypeVar

import orjson
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.openapi.docs import Swagger
from ninja.openapi.schema import OpenAPISchema

from yichuang.core import paging
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


def cursor_page(
    request: HttpRequest,
    queryset: QuerySet[Any, Any],
    order: tuple[str, ...],
    row: Callable[[Any], T],
    size: int = paging.SIZE,
) -> Page[T]:
    """One page of a list as the API answers it. row: makes the schema of a row. Refusal 422 for a foreign cursor."""
    page = paging.page(queryset, request, order, size)
    return Page(items=[row(one) for one in page], next=page.next, previous=page.previous)


WRITES = ("POST", "PUT", "PATCH", "DELETE")
DESCRIPTION = """\
政务服务一窗平台的开放接口：事项、办件、证照、公示与评价。

- **身份**：接入系统使用 `Authorization: Bearer 令牌`；页面自身使用登录会话，写操作须带 `X-CSRFToken`。
- **列表**：每页给出 `next`、`previous`，作为 `cursor` 参数取下一页、上一页；`size` 最多 500。
- **写操作**：请带 `Idempotency-Key`（例如 UUID）。同一个键重复发送同一请求，得到第一次的回答，不会重复办理。
- **不能办理时**：一律返回 `application/problem+json`，`code` 供程序判断，`detail` 说明原因，`next_step` 说明现在可以怎么做，
  `law` 为依据，`errors` 按字段说明怎样修改。
"""

NEXT_STEPS = {
    400: "请检查请求内容是否为有效的 JSON、参数是否完整。",
    401: "请在请求头中提供有效的令牌，或先登录。",
    403: "请使用具有相应权限的账号或令牌；写操作请确认 X-CSRFToken。",
    404: "请检查地址和编号。",
    405: "请改用该地址支持的方法，见响应头 Allow 和接口文档。",
    413: "请减小内容后重试。",
    415: "请使用接口文档中列出的内容类型。",
    422: "请按 errors 的提示修改后重新提交。",
    429: "请稍等后再试，等待秒数见响应头 Retry-After。",
}
CODES = {
    400: "request.unreadable",
    401: "request.unauthenticated",
    403: "request.forbidden",
    404: "request.not_found",
    405: "request.method",
    413: "request.too_large",
    415: "request.media_type",
    422: "request.invalid",
    429: "request.too_often",
}
WORDS = {
    "missing": "必填。",
    "extra_forbidden": "没有这一项。",
    "string_too_long": "太长，最多 {max_length} 个字符。",
    "string_too_short": "太短，至少 {min_length} 个字符。",
    "string_pattern_mismatch": "格式不对，应符合 {pattern}。",
    "string_type": "应为文字。",
    "int_type": "应为整数。",
    "int_parsing": "应为整数。",
    "float_parsing": "应为数字。",
    "decimal_parsing": "应为数字。",
    "bool_parsing": "应为 true 或 false。",
    "date_from_datetime_parsing": "应为日期，例如 2026-11-24。",
    "date_parsing": "应为日期，例如 2026-11-24。",
    "datetime_from_date_parsing": "应为时间，例如 2026-11-24T09:30:00+08:00。",
    "datetime_parsing": "应为时间，例如 2026-11-24T09:30:00+08:00。",
    "uuid_parsing": "应为 UUID。",
    "greater_than_equal": "不能小于 {ge}。",
    "greater_than": "应大于 {gt}。",
    "less_than_equal": "不能大于 {le}。",
    "less_than": "应小于 {lt}。",
    "literal_error": "应为 {expected} 之一。",
    "enum": "应为 {expected} 之一。",
    "list_type": "应为列表。",
    "dict_type": "应为对象。",
    "json_invalid": "不是有效的 JSON。",
}


def refusal_of(status: int, detail: str = "", errors: Mapping[str, str] | None = None) -> Refusal:
    """What the frame itself refuses, with the words of the platform."""
    return Refusal(
        CODES.get(status, "request.refused"),
        detail or f"{TITLES.get(status, '不能办理')}。",
        NEXT_STEPS.get(status, "请查看接口文档，或联系平台管理员。"),
        fields=errors,
        status=status,
    )


def field_errors(errors: list[dict[str, Any]]) -> dict[str, str]:
    """Pydantic's errors by path ("materials.0.code"), in words. Where it stood (query, body) is not part of the path,
    nor is the name of the operation's parameter that took the whole body."""
    found: dict[str, str] = {}
    for error in errors:
        where = [str(part) for part in error.get("loc", ())]
        if len(where) > 2 and where[0] in ("body", "form"):
            where = where[1:]
        path = ".".join(where[1:] or where)
        words = WORDS.get(error.get("type", ""))
        try:
            text = words.format(**error.get("ctx", {})) if words else ""
        except KeyError:
            text = ""
        found.setdefault(path, text or f"取值不正确：{error.get('msg', '')}")
    return found


class API(NinjaAPI):
    """Every operation may answer with a problem, and every write takes an Idempotency-Key: said once, here."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**given)
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.json_schema()
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        key = {
            "in": "header",
            "name": "Idempotency-Key",
            "required": False,
            "description": "同一个键重复发送同一请求，得到第一次的回答。",
            "schema": {"type": "string", "maxLength": 160},
        }
        for operations in schema["paths"].values():
            for method, operation in operations.items():
                operation["responses"].setdefault("default", {"description": "不能办理", "content": content})
                if method.upper() in WRITES:
                    operation.setdefault("parameters", []).append(key)
        return schema


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A write with an Idempotency-Key is done once (core/idempotency.py); a read is simply answered."""
    from yichuang.core.idempotency import idempotent  # it answers with `problem`, so it stands above this module

    kept = idempotent(view)

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return (kept if request.method in WRITES else view)(request, *args, **kwargs)

    return run


def frame() -> API:
    """The API without routers: title, documentation, and an answer to everything that can go wrong."""
    api = API(
        title="一窗开放接口",
        version="1",
        urls_namespace="api-1",
        description=DESCRIPTION,
        docs=Swagger(settings={"validatorUrl": None, "defaultModelsExpandDepth": 0, "deepLinking": True}),
        docs_url="docs",
        openapi_url="openapi.json",
    )
    api.add_decorator(once, mode="view")

    @api.exception_handler(Refusal)
    def refused(_request: HttpRequest, error: Refusal) -> HttpResponse:
        return problem(error)

    @api.exception_handler(ValidationError)
    def invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
        return problem(refusal_of(422, "有内容需要修改。", field_errors(error.errors)))

    @api.exception_handler(Http404)
    def missing(_request: HttpRequest, _error: Http404) -> HttpResponse:
        return problem(refusal_of(404))

    @api.exception_handler(AuthenticationError)
    def unknown(_request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        response = problem(refusal_of(error.status_code))
        response["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(Throttled)
    def too_often(_request: HttpRequest, error: Throttled) -> HttpResponse:
        response = problem(refusal_of(429))
        if error.wait is not None:
            response["Retry-After"] = str(error.wait)
        return response

    @api.exception_handler(HttpError)
    def other(_request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(refusal_of(error.status_code))

    return api
