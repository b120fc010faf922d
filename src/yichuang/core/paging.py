"""Lists a page at a time, by key: the hundredth page costs what the first does, and rows that arrive shift nothing.

NULLs come last in either direction, on both databases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.signing import BadSignature, Signer
from django.db.models import F, Field, ForeignKey, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest

from yichuang.core.refusal import Refusal

Row = TypeVar("Row")
SIZE = 20
LARGEST = 500
NOTHING = Q(pk__in=[])
_signer = Signer(salt="core.paging")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """rows of one page; cursors to its neighbours, None at the ends."""

    rows: list[Row]
    next: str | None = None
    previous: str | None = None

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class _Key:
    """One field of the order."""

    name: str
    down: bool
    nullable: bool
    field: Field[Any, Any]

    def ordering(self, backward: bool) -> OrderBy:
        down = self.down != backward
        if not self.nullable:
            return F(self.name).desc() if down else F(self.name).asc()
        nulls: dict[str, bool] = {"nulls_first": True} if backward else {"nulls_last": True}
        return F(self.name).desc(**nulls) if down else F(self.name).asc(**nulls)

    def beyond(self, value: Any, backward: bool) -> Q:
        """Rows strictly after the value in the direction of travel."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if backward else NOTHING
        past = Q(**{f"{self.name}__{'lt' if self.down != backward else 'gt'}": value})
        return past | Q(**{f"{self.name}__isnull": True}) if self.nullable and not backward else past

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def at_or_beyond(self, value: Any, backward: bool) -> Q:
        """Said once more in front of the whole condition, for the planner: where in the index to begin."""
        if self.nullable:
            return Q()
        return Q(**{f"{self.name}__{'lte' if self.down != backward else 'gte'}": value})


def page(
    queryset: QuerySet[Any, Row], where: HttpRequest | str | None, order: tuple[str, ...], size: int = SIZE
) -> Page[Row]:
    """One page of the queryset in this order, one query.

    where: the request (its `?cursor=`), a cursor, or None for the first page. order: as in `order_by`, with the
    last field unique ("-due_on", "id"). size: rows, at most 500. Raises Refusal 422 "paging.cursor" for a cursor that
    is not ours or belongs to another order.
    """
    size = max(1, min(size, LARGEST))
    keys = _keys(queryset, order)
    text = where.GET.get("cursor", "") if isinstance(where, HttpRequest) else (where or "")
    backward, values = _read(text, keys, order) if text else (False, None)
    rows = queryset.order_by(*(key.ordering(backward) for key in keys))
    if values is not None:
        rows = rows.filter(_after(keys, values, backward))
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    if not found:  # what stood here is gone: the way back leads to the last page
        return Page([], None, _write(keys, order, None, backward=True) if text and not backward else None)
    there = bool(text)
    has_next, has_previous = (there and values is not None, more) if backward else (more, there)
    return Page(
        found,
        _write(keys, order, found[-1], backward=False) if has_next else None,
        _write(keys, order, found[0], backward=True) if has_previous else None,
    )


def _keys(queryset: QuerySet[Any, Any], order: tuple[str, ...]) -> list[_Key]:
    keys = []
    for name in order:
        plain = name.removeprefix("-")
        field, nullable = _field(queryset, plain)
        keys.append(_Key(plain, name.startswith("-"), nullable, field))
    last = keys[-1]
    if not (last.field.unique or last.field.primary_key) or last.nullable:
        raise ValueError(f"the order of a paged list ends in a unique field, not {last.name}")
    return keys


def _field(queryset: QuerySet[Any, Any], name: str) -> tuple[Field[Any, Any], bool]:
    if name in queryset.query.annotations:
        return queryset.query.annotations[name].output_field, True
    model, nullable = queryset.model, False
    parts = name.split("__")
    for i, part in enumerate(parts):
        field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        if not isinstance(field, Field):
            raise FieldDoesNotExist(f"{model.__name__}.{part} is no column")
        nullable = nullable or field.null
        if i == len(parts) - 1:
            return (field.target_field if isinstance(field, ForeignKey) else field), nullable
        model = cast("type[Model]", field.related_model)
    raise FieldDoesNotExist(name)


def _after(keys: list[_Key], values: list[Any], backward: bool) -> Q:
    condition = NOTHING
    for key, value in zip(reversed(keys), reversed(values), strict=True):
        condition = key.beyond(value, backward) | (key.same(value) & condition)
    return keys[0].at_or_beyond(values[0], backward) & condition


def _write(keys: list[_Key], order: tuple[str, ...], row: Any, *, backward: bool) -> str:
    values = None if row is None else [_store(_value(row, key.name)) for key in keys]
    return _signer.sign_object({"o": ",".join(order), "b": int(backward), "v": values})


def _read(text: str, keys: list[_Key], order: tuple[str, ...]) -> tuple[bool, list[Any] | None]:
    try:
        told = _signer.unsign_object(text)
        if told["o"] != ",".join(order):
            raise ValueError("another order")
        values = told["v"]
        if values is None:
            return bool(told["b"]), None
        return bool(told["b"]), [
            None if value is None else key.field.to_python(value) for key, value in zip(keys, values, strict=True)
        ]
    except (BadSignature, ValueError, KeyError, TypeError, ValidationError) as error:
        raise Refusal(
            "paging.cursor", "翻页位置已失效。", "请从第一页重新浏览。", fields={"cursor": "翻页位置已失效"}, status=422
        ) from error


def _value(row: Any, name: str) -> Any:
    if isinstance(row, dict):
        return row[name]
    for part in name.split("__"):
        if row is None:
            return None
        row = getattr(row, part)
    return row.pk if isinstance(row, Model) else row


def _store(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
