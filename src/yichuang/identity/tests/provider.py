"""A unified identity provider that is really there: OpenID Connect over HTTP on 127.0.0.1, with a key of its own.

    python provider.py persons.json

prints its address. persons.json: {sub: {"name", "id_number", "phone_number", "flaw"}}, read with every request. Who signs in is
chosen at /authorize with "as". flaw: what is wrong with this person's ID token.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET, KID = "yichuang", "a-secret-of-the-test", "key-1"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CODES: dict[str, dict[str, str]] = {}
TOKENS: dict[str, str] = {}


class Provider(BaseHTTPRequestHandler):
    persons: Path
    address = ""

    def log_message(self, *args: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        asked = {k: v[0] for k, v in parse_qs(url.query).items()}
        if url.path == "/.well-known/openid-configuration":
            self.say(
                {
                    "issuer": self.address,
                    "authorization_endpoint": f"{self.address}/authorize",
                    "token_endpoint": f"{self.address}/token",
                    "userinfo_endpoint": f"{self.address}/userinfo",
                    "jwks_uri": f"{self.address}/jwks",
                    "response_types_supported": ["code"],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256"],
                    "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                    "code_challenge_methods_supported": ["S256"],
                }
            )
        elif url.path == "/jwks":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            self.say({"keys": [{**public, "kid": KID, "alg": "RS256", "use": "sig"}]})
        elif url.path == "/authorize":
            self.authorize(asked)
        elif url.path == "/userinfo":
            sub = TOKENS.get(self.headers.get("Authorization", "").removeprefix("Bearer "), "")
            person = self.known().get(sub)
            if person is None:
                return self.say({"error": "invalid_token"}, 401)
            shown = {k: v for k, v in person.items() if k != "flaw"}
            self.say({"sub": "somebody else" if person.get("flaw") == "subject" else sub, **shown})
        else:
            self.say({"error": "not found"}, 404)
        return None

    def authorize(self, asked: dict[str, str]) -> None:
        right = (asked.get("client_id"), asked.get("response_type"), asked.get("code_challenge_method"))
        if right != (CLIENT, "code", "S256") or "openid" not in asked.get("scope", "").split():
            return self.say({"error": "invalid_request"}, 400)
        back = {"state": asked.get("state", "")}
        if asked.get("as") in self.known():
            code = secrets.token_urlsafe(24)
            CODES[code] = {**asked, "sub": asked["as"]}
            back["code"] = code
        else:
            back["error"] = "access_denied"
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(back)}")
        self.end_headers()
        return None

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        sent = {k: v[0] for k, v in parse_qs(body).items()}
        if self.path != "/token":
            return self.say({"error": "not found"}, 404)
        kind, _, given = self.headers.get("Authorization", "").partition(" ")
        name, _, secret = base64.b64decode(given).decode().partition(":") if kind == "Basic" else ("", "", "")
        if (unquote(name), unquote(secret)) != (CLIENT, SECRET):
            return self.say({"error": "invalid_client"}, 401)
        asked = CODES.pop(sent.get("code", ""), None)  # good for one use
        proof = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != sent.get("redirect_uri"):
            return self.say({"error": "invalid_grant"}, 400)
        token = secrets.token_urlsafe(24)
        TOKENS[token] = asked["sub"]
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": 300}
        flaw = self.known()[asked["sub"]].get("flaw", "")
        if flaw != "missing":
            answer["id_token"] = id_token(asked["sub"], self.address, flaw)
        return self.say(answer)

    def known(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = json.loads(self.persons.read_text())
        return found

    def say(self, what: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def id_token(sub: str, issuer: str, flaw: str) -> str:
    now = int(time.time())
    claims = {"iss": issuer, "sub": sub, "aud": CLIENT, "iat": now, "exp": now + 300, "jti": secrets.token_hex(8)}
    claims |= {
        "issuer": {"iss": "https://elsewhere.example"},
        "audience": {"aud": "another"},
        "expired": {"iat": now - 900, "exp": now - 600},
    }.get(flaw, {})
    if flaw == "unsigned":
        return jwt.encode(claims, "", algorithm="none", headers={"kid": KID})
    if flaw == "shared secret":
        return jwt.encode(claims, SECRET * 2, algorithm="HS256", headers={"kid": KID})
    headers = {"kid": "key-9" if flaw == "unknown key" else KID}
    return jwt.encode(claims, STRANGE if flaw == "signature" else KEY, algorithm="RS256", headers=headers)


if __name__ == "__main__":
    Provider.persons = Path(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    Provider.address = f"http://127.0.0.1:{server.server_port}"
    print(Provider.address, flush=True)  # noqa: T201 - whoever started it reads its address here
    server.serve_forever()
