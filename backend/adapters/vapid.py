"""The server's own key for Web Push (VAPID, RFC 8292): made and kept on first start, its tokens cached per origin."""

import os
import tempfile
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02, VapidException

from backend.errors import SettingsError

LIFETIME = timedelta(hours=12)  # RFC 8292 allows 24; half of it, for clocks that disagree
RENEW_EARLY = timedelta(hours=1)


class VapidKey:
    """Signs for one subject (`mailto:` or `https:`). Raises SettingsError for a subject push services would refuse."""

    def __init__(self, vapid: Vapid02, subject: str) -> None:
        self._vapid = vapid
        self._subject = subject
        self._cached: dict[str, tuple[datetime, str]] = {}
        try:
            vapid.sign({"sub": subject, "aud": "https://fallow.example", "exp": 1})
        except VapidException:
            raise SettingsError((f"FALLOW_VAPID_SUBJECT={subject!r} must be mailto:ADDRESS or https://HOST",)) from None

    @property
    def public_key(self) -> str:
        """The public key as phones need it (`applicationServerKey`): the 65-byte point in base64url without padding."""
        raw = self._vapid.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return urlsafe_b64encode(raw).rstrip(b"=").decode()

    def authorization(self, origin: str, now: datetime) -> str:
        """Give the Authorization header for an origin; `now` is real time. Cached: signing costs 35 us."""
        good_until, header = self._cached.get(origin, (now, ""))
        if now >= good_until:
            claims = {"sub": self._subject, "aud": origin, "exp": int((now + LIFETIME).timestamp())}
            header = self._vapid.sign(claims)["Authorization"]
            self._cached[origin] = (now + LIFETIME - RENEW_EARLY, header)
        return header


def load_or_make_vapid(path: Path, subject: str) -> VapidKey:
    """Read the key kept at this path (PEM); where there is none, make one first, readable by the owner only.

    Web server and worker may start at once: the first to put its file in place wins, the other reads that one.
    Raises SettingsError for a file that holds no key.
    """
    if not path.exists():
        _keep_new_key(path)
    return vapid_from_text(path.read_text(), subject, source=str(path))


def vapid_from_text(text: str, subject: str, *, source: str = "FALLOW_VAPID_PRIVATE_KEY") -> VapidKey:
    """Read a key given as PEM, or as base64url of DER or of the 32 raw bytes. Raises SettingsError."""
    try:
        vapid = Vapid02.from_pem(text.strip().encode()) if "-----BEGIN" in text else Vapid02.from_string(text.strip())
        curve = vapid.private_key.curve.name
    except (ValueError, TypeError, AttributeError, VapidException):
        raise SettingsError((f"{source} holds no VAPID private key (PEM or base64url)",)) from None
    if curve != "secp256r1":
        raise SettingsError((f"{source} holds a key on {curve}; VAPID needs P-256",))
    return VapidKey(vapid, subject)


def _keep_new_key(path: Path) -> None:
    vapid = Vapid02()
    vapid.generate_keys()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(vapid.private_pem())
            file.flush()
            os.fsync(file.fileno())
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(fresh)
