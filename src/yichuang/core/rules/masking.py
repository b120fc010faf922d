"""Showing less: what of a name, number or address may be seen by whoever needs no more than to recognise it."""

from __future__ import annotations

import re

from stdnum.cn import uscc

from yichuang.core.rules import gb11643

INVENTED = "（演示）"  # the mark of invented people, not part of the name
COMPOUND_SURNAMES = frozenset(
    re.findall(
        "..",
        "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙"
        "钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里"
        "呼延东郭南门羊舌微生公户公玉梁丘左丘东门西门第五纳兰",
    )
)
_DISTRICT = re.compile(r"^.{1,30}?(?<![小社园校])[区县旗]")
_CITY = re.compile(r"^.{1,20}?[市州盟]")
_ID_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[0-9Xx](?![0-9A-Za-z])")
_PHONE_IN_TEXT = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
# What is covered in words that anybody may write. Digits may be wide (１) or Chinese, and be broken by blanks, dots or dashes.
_DIGITS = str.maketrans(
    "０１２３４５６７８９〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖", "0123456789" + "00" + "123456789" + "123456789"
)
_NUMBER = re.compile(r"\d(?:[\s\-—_.·]{0,2}\d){5,}[\s\-]{0,2}[Xx]?")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_WECHAT = re.compile(r"((?:微信|[Qq]{2}|wx|WX|vx|VX)[号：:\s]*)[A-Za-z0-9_-]{5,}")
_PLATE = re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·\s]?[A-Z0-9]{5,6}")


def mask_name(name: str) -> str:
    """张三丰 -> 张**; 欧阳修 -> 欧阳*; 阿依古丽·买买提 -> 阿***·***."""
    name, mark = (name[: -len(INVENTED)], INVENTED) if name.endswith(INVENTED) else (name, "")
    name = name.strip()
    kept = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
    rest = "".join(c if c in "·• " else "*" for c in name[kept:])
    return f"{name[:kept]}{rest}{mark}"


def mask_id(number: str) -> str:
    """A person's document number: 610114199001011234 -> 610***********1234.

    A valid 统一社会信用代码 is public and is not masked, unless it could be a person's number too.
    """
    number = number.strip()
    if len(number) == 18 and uscc.is_valid(number) and not gb11643.is_valid(number):
        return number
    if len(number) >= 15:
        return _middle(number, 3, 4)
    return _middle(number, 1, 2) if len(number) > 4 else _middle(number, 1, 0)


def mask_phone(phone: str) -> str:
    """13912345678 -> 139****5678; 029-86201234 -> 029-****1234."""
    phone = phone.strip()
    area = re.match(r"(\+?86[- ]?)?(0\d{2,3}[- ]?)?", phone)
    prefix = area[0] if area else ""
    own = phone[len(prefix) :]
    if not prefix.strip("+86- ") and len(own) >= 11:
        return prefix + _middle(own, 3, 4)
    return prefix + (_middle(own, 0, 4) if len(own) > 4 else "*" * len(own))


def mask_address(address: str) -> str:
    """Down to the district or county: 西安市阎良区人民路12号 -> 西安市阎良区****."""
    address = address.strip()
    place = _DISTRICT.match(address) or _CITY.match(address)
    if not address:
        return ""
    return (place[0] if place and place.end() < len(address) else address[:2]) + "****"


def mask_email(email: str) -> str:
    """zhangsan@example.cn -> z****@example.cn."""
    local, at, host = email.strip().rpartition("@")
    return f"{local[:1]}****@{host}" if at else _middle(email.strip(), 1, 0)


def mask_text(text: str) -> str:
    """Citizens' numbers and mobile numbers inside running text, masked where they stand."""
    text = _ID_IN_TEXT.sub(lambda found: mask_id(found[0]), text)
    return _PHONE_IN_TEXT.sub(lambda found: mask_phone(found[0]), text)


def cover(words: str) -> str:
    """Free words with the numbers of telephones, identity and bank cards, plates, mail and chat names covered whole. A
    number of fewer than 6 digits (a price, a window, a year) stays."""
    text = _EMAIL.sub("＊＊＊", words)
    text = _WECHAT.sub(r"\1＊＊＊", text)
    text = _PLATE.sub("＊＊＊", text)
    plain = text.translate(_DIGITS)
    if len(plain) == len(text):
        for found in reversed(list(_NUMBER.finditer(plain))):
            text = text[: found.start()] + "＊" * 3 + text[found.end() :]
    return text


def _middle(text: str, head: int, tail: int) -> str:
    hidden = max(0, len(text) - head - tail)
    return text[:head] + "*" * hidden + (text[len(text) - tail :] if tail else "")
