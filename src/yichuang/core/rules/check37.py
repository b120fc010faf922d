"""The check character that ends numbers which people type."""

from __future__ import annotations

from stdnum.iso7064 import mod_37_36


def mod37_36(text: str) -> str:
    """ISO 7064 MOD 37,36 over digits and capital letters. Raises ValueError for any other character."""
    if not text.isascii() or not text.isalnum() or text.upper() != text:
        raise ValueError(f"{text!r} is not made of digits and capital letters")
    return str(mod_37_36.calc_check_digit(text))
