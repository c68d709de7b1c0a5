"""The settings: environment variables with the prefix FALLOW_, read once, all faults named at once (INTERFACE).

`.env.example` lists them all; `tests/architecture/test_settings.py` holds the two together.
"""

import base64
import binascii
import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeVar, cast
from urllib.parse import urlsplit

from backend.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "FALLOW_"
TEST_HOOKS = (
    "FALLOW_TEST_CLOCK",
    "FALLOW_TEST_FAILPOINT",
    "FALLOW_FCM_URL",
    "FALLOW_FCM_TOKEN_URL",
    "FALLOW_PUSH_ALLOW_LOOPBACK",
)
LOOPBACK = ("127.0.0.1", "::1", "localhost")
PHOTO_KEY_BYTES = 32
SECRET_MIN_CHARACTERS = 32

T = TypeVar("T")
EnvironmentName = Literal["development", "production", "test"]


@dataclass(frozen=True, slots=True)
class PhotoKey:
    """A key of 32 bytes for sealing photos; its id is derived, so that nobody has to choose one."""

    id: str
    key: bytes = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """What the operator chose. `photo_keys`: the first seals, all of them open. Times in seconds."""

    env: EnvironmentName
    var_dir: Path
    database_url: str = field(repr=False)
    public_url: str
    secret_key: str = field(repr=False)
    photo_keys: tuple[PhotoKey, ...]
    fcm_credentials: Path | None
    fcm_web_config: Path | None
    fcm_quota_per_minute: int
    vapid_private_key: str | None = field(repr=False)
    vapid_subject: str | None
    mail_url: str | None = field(repr=False)
    ping_url: str | None = field(repr=False)
    worker_batch: int
    worker_lease_seconds: int
    worker_tick_seconds: float
    test_clock: str | None
    test_failpoint: str | None
    fcm_url: str | None
    fcm_token_url: str | None
    push_allow_loopback: bool

    @property
    def production(self) -> bool:
        return self.env == "production"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read them all. Raises SettingsError with one line for every fault; an unknown FALLOW_ name is left alone.

        Outside production `secret_key` and `photo_keys` may be empty; `with_local_secrets` makes and keeps them.
        """
        reader = _Reader(environ)
        env = reader.choice("FALLOW_ENV", ("development", "production", "test"), "development")
        var_dir = Path(reader.text("FALLOW_VAR_DIR") or ROOT / "var")
        settings = cls(
            env=cast(EnvironmentName, env),
            var_dir=var_dir,
            database_url=reader.database_url("FALLOW_DATABASE_URL", var_dir),
            public_url=(reader.url("FALLOW_PUBLIC_URL", ("http", "https")) or "http://127.0.0.1:8000").rstrip("/"),
            secret_key=reader.secret("FALLOW_SECRET_KEY"),
            photo_keys=reader.photo_keys("FALLOW_PHOTO_KEY"),
            fcm_credentials=reader.file("FALLOW_FCM_CREDENTIALS"),
            fcm_web_config=reader.file("FALLOW_FCM_WEB_CONFIG"),
            fcm_quota_per_minute=reader.integer("FALLOW_FCM_QUOTA_PER_MINUTE", 600_000, 60, 100_000_000),
            vapid_private_key=reader.text("FALLOW_VAPID_PRIVATE_KEY"),
            vapid_subject=reader.url("FALLOW_VAPID_SUBJECT", ("mailto", "https")),
            mail_url=reader.url("FALLOW_MAIL_URL", ("smtp", "smtps")),
            ping_url=reader.outside_url("FALLOW_PING_URL", loopback_hook="FALLOW_PUSH_ALLOW_LOOPBACK"),
            worker_batch=reader.integer("FALLOW_WORKER_BATCH", 250, 1, 5000),
            worker_lease_seconds=reader.integer("FALLOW_WORKER_LEASE_SECONDS", 60, 5, 3600),
            worker_tick_seconds=reader.seconds("FALLOW_WORKER_TICK_SECONDS", 1.0, 0.05, 60.0),
            test_clock=reader.text("FALLOW_TEST_CLOCK"),
            test_failpoint=reader.text("FALLOW_TEST_FAILPOINT"),
            fcm_url=reader.url("FALLOW_FCM_URL", ("http", "https")),
            fcm_token_url=reader.url("FALLOW_FCM_TOKEN_URL", ("http", "https")),
            push_allow_loopback=reader.choice("FALLOW_PUSH_ALLOW_LOOPBACK", ("0", "1"), "0") == "1",
        )
        faults = reader.faults + (_production_faults(environ, settings) if settings.production else [])
        if faults:
            raise SettingsError(tuple(faults))
        return settings


def with_local_secrets(settings: Settings) -> Settings:
    """Fill what is empty outside production from `var/secrets/`, making it on the first start (files of mode 0600)."""
    folder = settings.var_dir / "secrets"
    filled = settings
    if not filled.secret_key:
        filled = replace(filled, secret_key=_keep(folder / "secret_key").decode())
    if not filled.photo_keys:
        filled = replace(filled, photo_keys=(_photo_key(base64.urlsafe_b64decode(_keep(folder / "photo_key"))),))
    return filled


def new_photo_key() -> str:
    """A fresh value for FALLOW_PHOTO_KEY."""
    return base64.urlsafe_b64encode(secrets.token_bytes(PHOTO_KEY_BYTES)).decode()


class _Reader:
    """Reads one variable at a time and collects what is wrong with each; '' counts as absent."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.faults: list[str] = []

    def text(self, name: str) -> str | None:
        return self._environ.get(name, "").strip() or None

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(name) or default
        return value if value in choices else self._fault(name, f"must be one of {', '.join(choices)}", default)

    def integer(self, name: str, default: int, least: int, most: int) -> int:
        value = self.text(name) or str(default)
        if value.isascii() and value.isdecimal() and len(value) < 10 and least <= int(value) <= most:
            return int(value)
        return self._fault(name, f"must be a whole number from {least} to {most}", default)

    def seconds(self, name: str, default: float, least: float, most: float) -> float:
        try:
            value = float(self.text(name) or default)
        except ValueError:
            value = -1.0
        return value if least <= value <= most else self._fault(name, f"must be from {least:g} to {most:g}", default)

    def url(self, name: str, schemes: tuple[str, ...]) -> str | None:
        value = self.text(name)
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme in schemes and (parts.netloc or (parts.scheme == "mailto" and "@" in parts.path)):
            return value
        return self._fault(name, f"must be an address that begins with {' or '.join(schemes)}:", None)

    def outside_url(self, name: str, loopback_hook: str) -> str | None:
        """https; plain http to this machine alone, and only where the test hook allows it."""
        value = self.text(name)
        if value is None:
            return None
        parts = urlsplit(value)
        here = parts.scheme == "http" and parts.hostname in LOOPBACK and self.text(loopback_hook) == "1"
        if (parts.scheme == "https" and parts.hostname) or here:
            return value
        return self._fault(name, "must be an address that begins with https:", None)

    def file(self, name: str) -> Path | None:
        value = self.text(name)
        if value is None or Path(value).is_file():
            return Path(value) if value else None
        return self._fault(name, "must be a file that can be read", None)

    def secret(self, name: str) -> str:
        value = self.text(name) or ""
        if value and len(value) < SECRET_MIN_CHARACTERS:
            return self._fault(name, f"must have at least {SECRET_MIN_CHARACTERS} characters", "")
        return value

    def photo_keys(self, name: str) -> tuple[PhotoKey, ...]:
        keys = []
        for text in (self.text(name) or "").split(","):
            try:
                key = base64.b64decode(text.strip(), altchars=b"-_", validate=True)
            except (binascii.Error, ValueError):
                key = b"?"
            if text.strip() and len(key) != PHOTO_KEY_BYTES:
                return self._fault(name, "must be 32 bytes in base64url, several divided by commas", ())
            if text.strip():
                keys.append(_photo_key(key))
        return tuple(keys)

    def database_url(self, name: str, var_dir: Path) -> str:
        value = self.text(name)
        default = f"sqlite:///{var_dir.absolute() / 'fallow.db'}"
        if value is None or value.startswith(("sqlite:///", "postgresql+psycopg://")):
            return value or default
        return self._fault(name, "must begin with sqlite:/// or postgresql+psycopg://", default)

    def _fault(self, name: str, wrong: str, instead: T) -> T:
        self.faults.append(f"{name} {wrong}")
        return instead


def _production_faults(environ: Mapping[str, str], settings: Settings) -> list[str]:
    """What development may do and production must not."""
    faults = [f"{name} is a test hook and refused in production" for name in TEST_HOOKS if environ.get(name)]
    if not settings.secret_key:
        faults.append("FALLOW_SECRET_KEY must be set in production")
    if not settings.photo_keys:
        faults.append("FALLOW_PHOTO_KEY must be set in production")
    if not settings.public_url.startswith("https://"):
        faults.append("FALLOW_PUBLIC_URL must be set in production and begin with https://")
    if settings.fcm_credentials is None and settings.vapid_subject is None:
        faults.append(
            "FALLOW_FCM_CREDENTIALS or FALLOW_VAPID_SUBJECT must be set in production: the log pusher reaches nobody"
        )
    return faults


def _photo_key(key: bytes) -> PhotoKey:
    return PhotoKey(hashlib.sha256(b"fallow photo key" + key).hexdigest()[:8], key)


def _keep(path: Path) -> bytes:
    """Read a secret, or make it; of two processes that make it at once both get the same."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(new_photo_key())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()
