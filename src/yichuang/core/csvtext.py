"""The text of a CSV file, line by line, however long the file is: its encoding is found on the way, its source stays open.

Why not a TextIOWrapper: it closes the file that it wraps when a reader stops half-way, and it must be told the encoding first.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

BLOCK = 64 * 1024
LINE = 4 * 1024 * 1024
"""The longest line, in characters."""
ENCODINGS = {"utf-8": "UTF-8", "gb18030": "GB 18030"}


class Unreadable(ValueError):
    """Why the text cannot be read, and at which line, in Chinese."""


class Lines(Iterator[str]):
    """Lines with their ends as they stand. encoding: key of ENCODINGS; "" while only ASCII was met. `next` raises Unreadable."""

    def __init__(self, source: BinaryIO, begun: bytes = b"") -> None:
        """begun: what was read of the source already."""
        self.encoding = ""
        self._decoder: codecs.IncrementalDecoder | None = None
        self._lines = self._split(self._texts(source, begun))
        self._seen = 0

    def __next__(self) -> str:
        return next(self._lines)

    def _texts(self, source: BinaryIO, begun: bytes) -> Iterator[str]:
        if begun.startswith(codecs.BOM_UTF8):
            begun = begun[len(codecs.BOM_UTF8) :]
            self._take("utf-8")
        block = begun or source.read(BLOCK)
        while block:
            following = source.read(BLOCK)
            text = self._decode(block, last=not following)
            if "\0" in text:
                raise Unreadable("不是文本表格")
            yield text
            block = following

    def _decode(self, block: bytes, *, last: bool) -> str:
        if self._decoder is None:
            if block.isascii():
                self._seen += block.count(b"\n")
                return block.decode("ascii")
            self._take(self._guess(block, last=last))
        try:
            text = self._decoder.decode(block, final=last)  # type: ignore[union-attr]
        except UnicodeDecodeError as wrong:
            at = self._seen + wrong.object[: wrong.start].count(b"\n") + 1
            raise Unreadable(f"第{at}行的文字编码不是 {ENCODINGS[self.encoding]}") from None
        self._seen += text.count("\n")
        return text

    def _take(self, encoding: str) -> None:
        self.encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()

    def _guess(self, block: bytes, *, last: bool) -> str:
        """By the first block that is more than ASCII. Raises Unreadable at the line up to which either can be read."""
        reached = 0
        for encoding in ENCODINGS:
            try:
                codecs.getincrementaldecoder(encoding)().decode(block, final=last)
            except UnicodeDecodeError as wrong:
                reached = max(reached, block[: wrong.start].count(b"\n"))
            else:
                return encoding
        raise Unreadable(f"第{self._seen + reached + 1}行的文字编码不是 UTF-8 或 GB 18030")

    @staticmethod
    def _split(texts: Iterator[str]) -> Iterator[str]:
        rest = ""
        for text in texts:
            lines = list(io.StringIO(rest + text, newline=""))
            rest = "" if not lines or lines[-1].endswith("\n") else lines.pop()  # "\r" may be half an end
            if len(rest) > LINE:
                raise Unreadable(f"有一行超过{LINE}字")
            yield from lines
        if rest:
            yield from io.StringIO(rest, newline="")
