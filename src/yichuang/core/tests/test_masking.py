"""What remains of names, numbers and addresses."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from yichuang.core.rules.masking import mask_address, mask_email, mask_id, mask_name, mask_phone, mask_text


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三丰", "张**"),
        ("张三", "张*"),
        ("欧阳修", "欧阳*"),
        ("司马相如", "司马**"),
        ("东方", "东*"),
        ("阿依古丽·买买提", "阿***·***"),
        ("张三（演示）", "张*（演示）"),
        ("John Smith", "J*** *****"),
        ("", ""),
    ],
)
def test_names(name: str, masked: str):
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("11010519491231002X", "110***********002X"),
        ("610114199001011234", "610***********1234"),
        ("E12345678", "E******78"),
        ("123", "1**"),
        ("91110108MA01A2B34C", "911***********B34C"),  # check character wrong: not known to be a public code
        ("91310115591693856A", "91310115591693856A"),
    ],
)
def test_numbers_of_persons_but_not_of_organisations(number: str, masked: str):
    assert mask_id(number) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13912345678", "139****5678"),
        ("+86 13912345678", "+86 139****5678"),
        ("029-86201234", "029-****1234"),
        ("0911-2345678", "0911-***5678"),
        ("12345", "*2345"),
        ("110", "***"),
    ],
)
def test_phones(phone: str, masked: str):
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("陕西省西安市阎良区人民路12号院3号楼", "陕西省西安市阎良区****"),
        ("西安市阎良区", "西安****"),
        ("浙江省义乌市稠城街道1号", "浙江省义乌市****"),
        ("幸福小区3号楼", "幸福****"),
        ("内蒙古自治区锡林郭勒盟东乌珠穆沁旗1号", "内蒙古自治区****"),
        ("", ""),
    ],
)
def test_addresses(address: str, masked: str):
    assert mask_address(address) == masked


def test_emails_and_running_text():
    assert mask_email("zhangsan@example.cn") == "z****@example.cn"
    assert mask_email("nonsense") == "n*******"
    assert mask_text("张三，610114199001011234，电话13912345678。") == "张三，610***********1234，电话139****5678。"
    assert mask_text("编号20260210000123") == "编号20260210000123"


@given(st.text(min_size=5, max_size=40))
def test_most_of_a_number_is_always_hidden(text: str):
    masked = mask_id(text)
    assert masked.count("*") >= len(text.strip()) - 7 or masked == text.strip()


def test_filters_escape_and_take_nothing():
    shown = Template("{% load personal %}{{ a|mask_name }}|{{ b|mask_id }}|{{ c|mask_phone }}|{{ d|mask_address }}")
    assert shown.render(Context({"a": "<b>张", "b": None, "c": 13912345678, "d": ""})) == "&lt;***||139****5678|"
