"""Chooses the adapters for the settings; the only module that knows them (ARCHITECTURE section 1)."""

import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from backend.adapters.clock import ANCHOR_VARIABLE, clock_from, new_anchor
from backend.adapters.fcm import FCM_URL, FcmPusher
from backend.adapters.log_push import LogPusher
from backend.adapters.mail import mailer_from
from backend.adapters.outside_switch import HttpSwitch
from backend.adapters.photo_cleaner import SpawnedPhotoCleaner
from backend.adapters.photo_files import PhotoFiles
from backend.adapters.photo_seal import PhotoSealer
from backend.adapters.push_addresses import check_subscription
from backend.adapters.push_http import PushHttp
from backend.adapters.scripted_push import Script, ScriptedPusher
from backend.adapters.vapid import VapidKey, load_or_make_vapid, vapid_from_text
from backend.adapters.web_push import WebPushPusher
from backend.errors import SettingsError
from backend.ports import Clock, Mailer, OutsideSwitch, Ports, Pusher
from backend.services.devices import SubscriptionCheck
from backend.settings import Settings

FCM_KINDS = FcmPusher.kinds
FIREBASE_WEB_KEYS = ("apiKey", "appId", "messagingSenderId", "projectId", "vapidKey")
LOCAL_SUBJECT = "mailto:fallow@localhost.localdomain"


def build_ports(settings: Settings) -> Ports:
    """Clock, mailer, and what photos need. Raises SettingsError."""
    return Ports(
        clock=build_clock(settings),
        photos=PhotoFiles(settings.var_dir / "photos"),
        mailer=build_mailer(settings),
        photo_seal=build_photo_sealer(settings),
        photo_cleaner=SpawnedPhotoCleaner(),
    )


def build_clock(settings: Settings | None) -> Clock:
    """The product's clock: the machine's (also without settings), or the one of the test hook."""
    return clock_from(settings.test_clock if settings is not None else None)


def clock_environment(rate: float, start: datetime) -> dict[str, str]:
    """What child processes need in their environment to share one clock that runs `rate` times as fast from `start`."""
    return {"FALLOW_TEST_CLOCK": f"scale:{rate:g}@{start.isoformat()}", ANCHOR_VARIABLE: new_anchor()}


def build_mailer(settings: Settings) -> Mailer:
    """SMTP where FALLOW_MAIL_URL is set, else the log."""
    return mailer_from(settings.mail_url, _sender_address(settings))


def build_outside_switch(settings: Settings) -> OutsideSwitch | None:
    """The dead-man switch outside; None where FALLOW_PING_URL is not set."""
    return HttpSwitch(settings.ping_url) if settings.ping_url is not None else None


def build_pushers(settings: Settings) -> tuple[Pusher, ...]:
    """One pusher a channel, on one shared client. The log stands in for Firebase outside production only."""
    http = PushHttp()
    pushers: list[Pusher] = []
    vapid = build_vapid(settings)
    if vapid is not None:
        pushers.append(
            WebPushPusher(vapid, http, public_url=settings.public_url, allow_loopback=settings.push_allow_loopback)
        )
    if settings.fcm_credentials is not None:
        pushers.append(
            FcmPusher(
                settings.fcm_credentials,
                http,
                public_url=settings.public_url,
                base_url=settings.fcm_url or FCM_URL,
                token_url=settings.fcm_token_url or "",
                quota_per_minute=settings.fcm_quota_per_minute,
            )
        )
    elif not settings.production:
        pushers.append(LogPusher(FCM_KINDS))
    if not pushers:
        raise SettingsError(
            ("FALLOW_FCM_CREDENTIALS or FALLOW_VAPID_SUBJECT must be set in production: the log reaches nobody",)
        )
    return tuple(pushers)


def build_scripted_pusher(script: Script) -> Pusher:
    """The provider of a simulation: `script` answers each message."""
    return ScriptedPusher(script)


def build_vapid(settings: Settings) -> VapidKey | None:
    """The key of Web Push, made and kept on the first start; None in production without FALLOW_VAPID_SUBJECT."""
    subject = settings.vapid_subject or (None if settings.production else LOCAL_SUBJECT)
    if subject is None:
        return None
    if settings.vapid_private_key is not None:
        return vapid_from_text(settings.vapid_private_key, subject)
    folder = settings.var_dir / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return load_or_make_vapid(folder / "vapid.pem", subject)


def get_vapid_public_key(settings: Settings) -> str | None:
    """What a browser needs to subscribe (`applicationServerKey`); None: this server has no Web Push."""
    vapid = build_vapid(settings)
    return vapid.public_key if vapid is not None else None


def read_firebase_web(settings: Settings) -> Mapping[str, str] | None:
    """What a browser needs to register with Firebase: the web app's own configuration, and `vapidKey`, the public key
    of its web push certificate. None: this server uses Web Push alone. SettingsError names every fault of the file."""
    if settings.fcm_web_config is None:
        return None
    try:
        given = json.loads(settings.fcm_web_config.read_text())
    except (OSError, ValueError):
        given = None
    if not isinstance(given, dict):
        raise SettingsError(("FALLOW_FCM_WEB_CONFIG must be a file that holds a JSON object",))
    missing = [key for key in FIREBASE_WEB_KEYS if not isinstance(given.get(key), str) or not given[key]]
    if missing:
        raise SettingsError(tuple(f"FALLOW_FCM_WEB_CONFIG: {key} is missing" for key in missing))
    return {key: given[key] for key in FIREBASE_WEB_KEYS}


def build_photo_sealer(settings: Settings) -> PhotoSealer:
    """Seals with the first photo key, opens with all of them."""
    if not settings.photo_keys:
        raise SettingsError(("FALLOW_PHOTO_KEY must be set",))
    return PhotoSealer({key.id: key.key for key in settings.photo_keys}, settings.photo_keys[0].id)


def build_subscription_check(settings: Settings) -> SubscriptionCheck:
    """Names every fault of a Web Push subscription."""

    def check(endpoint: str, p256dh: str, auth: str) -> tuple[str, ...]:
        return check_subscription(endpoint, p256dh, auth, allow_loopback=settings.push_allow_loopback)

    return check


def _sender_address(settings: Settings) -> str:
    subject = settings.vapid_subject or ""
    if subject.startswith("mailto:"):
        return subject.removeprefix("mailto:")
    return f"fallow@{urlsplit(settings.public_url).hostname or 'localhost'}"
