"""One way to say no."""

from __future__ import annotations

from collections.abc import Mapping


class Refusal(Exception):
    """A rule says no, and says what to do instead.

    code: stable, for programs, dotted ("case.wrong_state"). message: what is not possible and why, in Chinese.
    next_step: what the person can do now, in Chinese, never empty. law: the article, where one says so.
    fields: messages by field name, for a form. status: HTTP status: 403 not yours to do, 404 not there (or not
    yours to see), 409 the state forbids it, 413 too large, 422 the input must be mended, 429 too often.
    """

    def __init__(
        self,
        code: str,
        message: str,
        next_step: str,
        *,
        law: str = "",
        fields: Mapping[str, str] | None = None,
        status: int = 409,
    ) -> None:
        if not next_step:
            raise ValueError("a Refusal names the next step")
        super().__init__(message)
        self.code = code
        self.message = message
        self.next_step = next_step
        self.law = law
        self.fields: dict[str, str] = dict(fields or {})
        self.status = status

    def __str__(self) -> str:
        return f"{self.message}（{self.next_step}）"
