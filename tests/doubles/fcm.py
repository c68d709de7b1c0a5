"""A double of Google's OAuth and FCM servers over HTTP: checks signed assertions, answers by script, keeps requests.

Message answers are scripted by registration token (or FID); `"*"` stands for any that has no script of its own.
"""

import base64
import json
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.doubles.loopback_server import LoopbackServer, Reply, Script

PROJECT = "fallow-double"
AUDIENCE = "https://oauth2.googleapis.com/token"  # google-auth signs for it, whatever the token_uri
EMAIL = f"sender@{PROJECT}.iam.gserviceaccount.com"


def fcm_error(status: int, word: str, code: str = "", **headers: str) -> Reply:
    """Build an error as FCM words it: the code that counts is in `error.details[].errorCode`."""
    kind = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
    error: dict[str, Any] = {"code": status, "message": "a text that is not to be matched", "status": word}
    if code:
        error["details"] = [{"@type": "other"}, {"@type": kind, "errorCode": code}]
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, json.dumps({"error": error}).encode(), {"Content-Type": "application/json", **named})


UNREGISTERED = fcm_error(404, "NOT_FOUND", "UNREGISTERED")
INVALID_ARGUMENT = fcm_error(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT")
UNAUTHENTICATED = fcm_error(401, "UNAUTHENTICATED")
SENDER_ID_MISMATCH = fcm_error(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH")
QUOTA_EXCEEDED = fcm_error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED")
UNAVAILABLE = fcm_error(503, "UNAVAILABLE", "UNAVAILABLE")


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """One request to messages:send: who it was for, the message as sent, the body's size, when it came (monotonic)."""

    address: str
    message: dict[str, Any]
    size: int
    at: float


class FcmDouble(LoopbackServer):
    """Serves `/token` and `/v1/projects/{project}/messages:send`. A bearer token it did not give out gets 401."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(tls)
        self.script = Script()
        self.token_script = Script()
        self.token_life_s = 3600
        self.seen: list[SeenMessage] = []
        self.exchanges = 0
        self._given: set[str] = set()
        self._lock = threading.Lock()
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def service_account(self) -> dict[str, str]:
        """Give a service account whose private key this double knows the public half of."""
        pem = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        return {
            "type": "service_account",
            "project_id": PROJECT,
            "private_key_id": "double",
            "private_key": pem,
            "client_email": EMAIL,
            "token_uri": f"{self.url}/token",
        }

    def revoke_tokens(self) -> None:
        """Forget every access token given out so far."""
        self._given.clear()

    def add_routes(self, app: web.Application) -> None:
        app.router.add_post("/token", self._exchange)
        app.router.add_post("/v1/projects/{project}/messages:send", self._send)

    async def _exchange(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        self.exchanges += 1
        scripted = self.token_script.next_for("*")
        if scripted is not None:
            return await self.give(request, scripted)
        if form.get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return web.json_response({"error": "unsupported_grant_type"}, status=400)
        if not self._assertion_holds(str(form.get("assertion", ""))):
            return web.json_response(
                {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, status=400
            )
        token = f"access-{self.exchanges}"
        self._given.add(token)
        return web.json_response({"access_token": token, "expires_in": self.token_life_s, "token_type": "Bearer"})

    def _assertion_holds(self, assertion: str) -> bool:
        try:
            signed, _, signature = assertion.rpartition(".")
            self._key.public_key().verify(_unpadded(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256())
            claims = json.loads(_unpadded(signed.split(".")[1]))
        except (InvalidSignature, ValueError, IndexError):
            return False
        scopes = claims.get("scope", "").split()
        return (
            claims.get("iss") == EMAIL
            and claims.get("aud") == AUDIENCE
            and "https://www.googleapis.com/auth/firebase" in scopes
        )

    async def _send(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        message = json.loads(raw)["message"]
        address = message.get("token") or message.get("fid") or ""
        with self._lock:
            self.seen.append(SeenMessage(address, message, len(raw), time.monotonic()))
            number = len(self.seen)
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self._given:
            return await self.give(request, UNAUTHENTICATED)
        if request.match_info["project"] != PROJECT:
            return await self.give(request, fcm_error(404, "NOT_FOUND"))
        scripted = self.script.next_for(address) or self.script.next_for("*")
        if scripted is not None:
            return await self.give(request, scripted)
        name = json.dumps({"name": f"projects/{PROJECT}/messages/{number}"})
        return await self.give(request, Reply(200, name.encode(), {"Content-Type": "application/json"}))


def _unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
