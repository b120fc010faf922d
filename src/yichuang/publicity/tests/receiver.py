"""A credit platform for tests and checks: a process that takes 双公示 records by POST and writes down what it got.

    python -m yichuang.publicity.tests.receiver --port 9000 --out received.jsonl [--token SECRET] [--fail N] [--refuse]

prints its address; honours the Idempotency-Key: a repeated key is answered as the first time and not written again. --fail:
the first N requests are answered 503 before anything is kept. --refuse: every request is answered 422. GET / says how many
records and requests there were. One line of JSON for each record taken: key, reference, at, record.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class Platform(ThreadingHTTPServer):
    """What was taken, by key. out: a file of JSON lines, or None."""

    daemon_threads = True

    def __init__(
        self, port: int = 0, out: Path | None = None, *, token: str = "", fail: int = 0, refuse: bool = False
    ) -> None:
        super().__init__(("127.0.0.1", port), Answer)
        self.out, self.token, self.fail, self.refuse = out, token, fail, refuse
        self.lock = threading.Lock()
        self.requests = 0
        self.taken: dict[str, str] = {}
        self.records: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/credit"

    def take(self, key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The status and the answer."""
        with self.lock:
            self.requests += 1
            if self.fail > 0:
                self.fail -= 1
                return 503, {"message": "稍后再试"}
            if self.refuse:
                return 422, {"message": "数据不符合标准"}
            if key in self.taken:
                return 200, {"reference": self.taken[key], "repeated": True}
            reference = f"XY{len(self.taken) + 1:06d}"
            self.taken[key] = reference
            for record in body.get("records", []):
                self.records.append(record)
                if self.out:
                    line = {"key": key, "reference": reference, "at": datetime.now(UTC).isoformat(), "record": record}
                    with self.out.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(line, ensure_ascii=False) + "\n")
            return 200, {"reference": reference, "received": len(body.get("records", []))}


class Answer(BaseHTTPRequestHandler):
    server: Platform

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        text = self.rfile.read(length)
        if self.server.token and self.headers.get("Authorization") != f"Bearer {self.server.token}":
            self.say(401, {"message": "令牌不正确"})
            return
        key = self.headers.get("Idempotency-Key", "")
        try:
            body = json.loads(text)
        except ValueError:
            body = None
        if not key or not isinstance(body, dict):
            self.say(400, {"message": "缺少 Idempotency-Key，或内容不是 JSON 对象"})
            return
        self.say(*self.server.take(key, body))

    def do_GET(self) -> None:
        self.say(200, {"records": len(self.server.records), "requests": self.server.requests})

    def say(self, status: int, answer: dict[str, Any]) -> None:
        content = json.dumps(answer, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Quiet: what came is in the file."""


def main() -> None:
    parser = argparse.ArgumentParser(description="a credit platform for tests")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--token", default="")
    parser.add_argument("--fail", type=int, default=0)
    parser.add_argument("--refuse", action="store_true")
    given = parser.parse_args()
    platform = Platform(given.port, given.out, token=given.token, fail=given.fail, refuse=given.refuse)
    sys.stdout.write(f"{platform.url}\n")
    sys.stdout.flush()
    platform.serve_forever()


if __name__ == "__main__":
    main()
