"""The settings choose the adapters; production never gets the log (PROMISES P5, INTERFACE "Settings")."""

import json
from pathlib import Path
from typing import Any

import pytest

from backend import wiring
from backend.adapters.log_push import LogPusher
from backend.errors import SettingsError
from backend.settings import Settings
from tests.doubles.fcm import FcmDouble

PRODUCTION = {
    "FALLOW_ENV": "production",
    "FALLOW_SECRET_KEY": "s" * 40,
    "FALLOW_PHOTO_KEY": "A" * 43 + "=",
    "FALLOW_PUBLIC_URL": "https://fallow.example",
}


def settings(tmp_path: Path, **values: Any) -> Settings:
    return Settings.from_environment({"FALLOW_VAR_DIR": str(tmp_path), **values})


def names(pushers: tuple[object, ...]) -> list[str]:
    return [type(pusher).__name__ for pusher in pushers]


def test_development_has_web_push_and_logs_for_firebase(tmp_path: Path) -> None:
    assert names(wiring.build_pushers(settings(tmp_path))) == ["WebPushPusher", "LogPusher"]


def test_every_kind_of_address_is_served_once(tmp_path: Path) -> None:
    kinds = [kind for pusher in wiring.build_pushers(settings(tmp_path)) for kind in pusher.kinds]
    assert sorted(kinds) == ["fcm_fid", "fcm_token", "web_push"]


def test_production_never_gets_the_log(tmp_path: Path) -> None:
    only_web = settings(tmp_path, **PRODUCTION, FALLOW_VAPID_SUBJECT="mailto:it@fallow.example")
    assert names(wiring.build_pushers(only_web)) == ["WebPushPusher"]
    with pytest.raises(SettingsError, match="the log pusher reaches nobody"):
        settings(tmp_path, **PRODUCTION)
    object.__setattr__(only_web, "vapid_subject", None)  # were the settings ever to let it pass
    with pytest.raises(SettingsError, match="the log reaches nobody"):
        wiring.build_pushers(only_web)


def test_production_with_firebase_alone_offers_no_web_push(tmp_path: Path) -> None:
    with FcmDouble() as double:
        account = tmp_path / "account.json"
        account.write_text(json.dumps(double.service_account()))
    given = settings(tmp_path, **PRODUCTION, FALLOW_FCM_CREDENTIALS=str(account))
    pushers = wiring.build_pushers(given)
    assert names(pushers) == ["FcmPusher"]
    assert not any(isinstance(pusher, LogPusher) for pusher in pushers)
    assert wiring.get_vapid_public_key(given) is None


def test_the_key_of_web_push_is_made_once_and_kept(tmp_path: Path) -> None:
    first = wiring.get_vapid_public_key(settings(tmp_path))
    assert first == wiring.get_vapid_public_key(settings(tmp_path))
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_loopback_is_a_push_service_only_under_the_test_hook(tmp_path: Path) -> None:
    endpoint = "http://127.0.0.1:9/push/x"
    strict = wiring.build_subscription_check(settings(tmp_path))
    assert any(fault.startswith("endpoint") for fault in strict(endpoint, "", ""))
    hooked = wiring.build_subscription_check(settings(tmp_path, FALLOW_PUSH_ALLOW_LOOPBACK="1"))
    assert not any(fault.startswith("endpoint") for fault in hooked(endpoint, "", ""))
