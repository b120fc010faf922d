"""A receiving system for tests: a process of its own that honours the Idempotency-Key, and says what it got.

    python receiver.py FOLDER [SECONDS]

prints its port; for every request it appends a line to FOLDER/requests ("key body") and, when the key is new, one to
FOLDER/taken; it answers after SECONDS. A body with "answer": 503 is answered so.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

folder, pause = Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
lock = threading.Lock()
known: dict[str, str] = {}


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        key = self.headers["Idempotency-Key"]
        wanted = json.loads(body).get("answer", 200)
        with lock, (folder / "requests").open("a") as requests, (folder / "taken").open("a") as taken:
            requests.write(f"{key} {body}\n")
            if wanted == 200 and key not in known:
                known[key] = f"R-{len(known) + 1}"
                taken.write(f"{key}\n")
        time.sleep(pause)
        answer = json.dumps({"reference": known.get(key, "")}).encode()
        self.send_response(wanted)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
sys.stdout.write(f"{server.server_port}\n")
sys.stdout.flush()
server.serve_forever()
