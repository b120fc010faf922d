"""Masking in templates: `{% load personal %}{{ applicant.id_number|mask_id }}`."""

from __future__ import annotations

from django import template

from yichuang.core.rules import masking

register = template.Library()


@register.filter
def mask_name(value: object) -> str:
    return masking.mask_name(_text(value))


@register.filter
def mask_id(value: object) -> str:
    return masking.mask_id(_text(value))


@register.filter
def mask_phone(value: object) -> str:
    return masking.mask_phone(_text(value))


@register.filter
def mask_address(value: object) -> str:
    return masking.mask_address(_text(value))


@register.filter
def mask_email(value: object) -> str:
    return masking.mask_email(_text(value))


@register.filter
def mask_text(value: object) -> str:
    return masking.mask_text(_text(value))


def _text(value: object) -> str:
    return "" if value is None else str(value)
