"""A lean HTTP client for the benches: one connection kept open, cookies, forms, files, and nothing else.

The client of a bench takes CPU from what it measures, on the same machine: a request here costs some 50 microseconds.
"""

from __future__ import annotations

import json
import re
import socket
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|form_key|revision|seen|step)" value="([^"]*)"')
BOUNDARY = "yichuang-bench-7b1f0c"


class Unexpected(Exception):
    """An answer that is not what a person or program would go on with."""


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        return json.loads(self.body)

    def hidden(self) -> dict[str, str]:
        """The hidden fields of a page's forms (CSRF token, key, revision); the first of each name."""
        found: dict[str, str] = {}
        for name, value in HIDDEN.findall(self.text):
            found.setdefault(name, value)
        return found


@dataclass
class Visitor:
    """One browser or program. `address`: what the proxy in front would name as its address. `times`: ms by kind."""

    host: str
    port: int
    address: str = ""
    times: dict[str, list[float]] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    _socket: socket.socket | None = None
    _held: bytes = b""

    def get(self, kind: str, path: str, *, expect: int = 200, part: bool = False) -> Reply:
        return self.send(kind, "GET", path, b"", {"HX-Request": "true"} if part else {}, expect)

    def post(self, kind: str, path: str, data: Mapping[str, Any], *, expect: int = 302) -> Reply:
        """A form as a browser sends it."""
        body = urlencode(data, doseq=True).encode()
        return self.send(kind, "POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"}, expect)

    def upload(self, kind: str, path: str, data: Mapping[str, str], file: bytes, *, expect: int = 200) -> Reply:
        """A file of a form, as a fragment of its page asks for it."""
        parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in data.items()]
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="scan.png"\r\n'
            "Content-Type: image/png\r\n\r\n"
        )
        body = "".join(parts).encode() + head.encode() + file + f"\r\n--{BOUNDARY}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "HX-Request": "true"}
        return self.send(kind, "POST", path, body, headers, expect)

    def call(self, kind: str, path: str, given: Mapping[str, Any], *, expect: int = 200) -> Any:
        """A write of the API under the session, with its CSRF token and a key of its own."""
        headers = {
            "Content-Type": "application/json",
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
            "Idempotency-Key": uuid.uuid4().hex,
        }
        return self.send(kind, "POST", path, json.dumps(given).encode(), headers, expect).json()

    def send(self, kind: str, method: str, path: str, body: bytes, headers: Mapping[str, str], expect: int) -> Reply:
        """One request and its whole answer. Raises Unexpected for another status than `expect`."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}", "User-Agent: yichuang-bench"]
        if self.address:
            lines.append(f"X-Forwarded-For: {self.address}")
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if method != "GET":
            lines.append(f"Content-Length: {len(body)}")
        message = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
        begun = time.perf_counter()
        reply = self._exchange(message)
        self.times.setdefault(kind, []).append((time.perf_counter() - begun) * 1000)
        if reply.status != expect:
            words = re.sub(r"<[^>]+>|\s+", " ", reply.text)
            raise Unexpected(f"{kind}: {method} {path} answered {reply.status}, not {expect}: {words[:1500]}")
        return reply

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _exchange(self, message: bytes) -> Reply:
        if self._socket is None:
            self._socket = socket.create_connection((self.host, self.port), timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._held = b""
        self._socket.sendall(message)
        head = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in head[1:]:
            name, _, value = line.partition(":")
            name, value = name.lower(), value.strip()
            if name == "set-cookie":
                key, _, held = value.split(";", 1)[0].partition("=")
                self.cookies[key] = held
            headers[name] = value
        body = self._body(headers)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Reply(int(head[0].split(" ", 2)[1]), headers, body)

    def _body(self, headers: Mapping[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            whole = b""
            while size := int(self._until(b"\r\n").split(b";")[0], 16):
                whole += self._take(size)
                self._take(2)
            self._until(b"\r\n")
            return whole
        return self._take(int(headers.get("content-length", "0")))

    def _more(self) -> None:
        assert self._socket is not None  # only called within an exchange
        got = self._socket.recv(262144)
        if not got:
            self.close()
            raise Unexpected("the server closed the connection")
        self._held += got

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._held:
            self._more()
        found, _, self._held = self._held.partition(mark)
        return found

    def _take(self, size: int) -> bytes:
        while len(self._held) < size:
            self._more()
        found, self._held = self._held[:size], self._held[size:]
        return found
