"""INTERFACE, Settings: `.env.example` lists them all; faults are named all at once; production refuses development."""

import re
import stat
from pathlib import Path

import pytest

from backend import settings
from backend.errors import SettingsError
from backend.settings import TEST_HOOKS, Settings, new_photo_key, with_local_secrets

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / ".env.example").read_text()
INTERFACE_NAMES = {
    "FALLOW_ENV",
    "FALLOW_DATABASE_URL",
    "FALLOW_SECRET_KEY",
    "FALLOW_PHOTO_KEY",
    "FALLOW_PUBLIC_URL",
    "FALLOW_FCM_CREDENTIALS",
    "FALLOW_FCM_WEB_CONFIG",
    "FALLOW_VAPID_PRIVATE_KEY",
    "FALLOW_VAPID_SUBJECT",
    "FALLOW_MAIL_URL",
    "FALLOW_PING_URL",
    "FALLOW_WORKER_BATCH",
    "FALLOW_WORKER_LEASE_SECONDS",
    "FALLOW_WORKER_TICK_SECONDS",
    *TEST_HOOKS,
}
PRODUCTION = {
    "FALLOW_ENV": "production",
    "FALLOW_SECRET_KEY": "s" * 40,
    "FALLOW_PHOTO_KEY": new_photo_key(),
    "FALLOW_PUBLIC_URL": "https://fallow.example",
    "FALLOW_VAPID_SUBJECT": "mailto:hello@fallow.example",
}


def faults_of(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment(environ)
    return refused.value.faults


def test_the_example_lists_exactly_what_is_read() -> None:
    read = set(re.findall(r'"(FALLOW_[A-Z_]+)"', Path(settings.__file__).read_text()))
    listed = re.findall(r"^#?(FALLOW_[A-Z_]+)=", EXAMPLE, re.MULTILINE)
    assert sorted(read) == sorted(listed)
    assert read >= INTERFACE_NAMES


def test_the_example_itself_can_be_used() -> None:
    given = dict(line.lstrip("#").split("=", 1) for line in EXAMPLE.splitlines() if re.match(r"#?FALLOW_", line))
    assert Settings.from_environment(given) == Settings.from_environment({})


def test_nothing_set_is_development_on_sqlite_with_its_own_secrets(tmp_path: Path) -> None:
    bare = Settings.from_environment({"FALLOW_VAR_DIR": str(tmp_path)})
    assert (bare.env, bare.database_url) == ("development", f"sqlite:///{tmp_path / 'fallow.db'}")
    assert (bare.worker_batch, bare.worker_lease_seconds, bare.worker_tick_seconds) == (250, 60, 1.0)
    first, second = with_local_secrets(bare), with_local_secrets(bare)
    assert first == second
    assert len(first.secret_key) >= 32
    assert [len(key.key) for key in first.photo_keys] == [32]
    kept = sorted((tmp_path / "secrets").iterdir())
    assert [(path.name, stat.S_IMODE(path.stat().st_mode)) for path in kept] == [
        ("photo_key", 0o600),
        ("secret_key", 0o600),
    ]


def test_every_fault_is_named_at_once() -> None:
    wrong = {
        "FALLOW_ENV": "staging",
        "FALLOW_DATABASE_URL": "mysql://localhost/fallow",
        "FALLOW_SECRET_KEY": "short",
        "FALLOW_PHOTO_KEY": "bm90IDMyIGJ5dGVz",
        "FALLOW_PUBLIC_URL": "fallow.example",
        "FALLOW_FCM_CREDENTIALS": "/nowhere/at/all.json",
        "FALLOW_VAPID_SUBJECT": "somebody",
        "FALLOW_MAIL_URL": "http://mail.example",
        "FALLOW_WORKER_BATCH": "0",
        "FALLOW_WORKER_LEASE_SECONDS": "1e3",
        "FALLOW_WORKER_TICK_SECONDS": "nan",
        "FALLOW_PUSH_ALLOW_LOOPBACK": "yes",
    }
    faults = faults_of(wrong)
    assert sorted(fault.split()[0] for fault in faults) == sorted(wrong)
    assert not [fault for fault in faults if "short" in fault]


def test_a_complete_production_is_accepted() -> None:
    assert Settings.from_environment(PRODUCTION).production


@pytest.mark.parametrize("missing", sorted(set(PRODUCTION) - {"FALLOW_ENV"}))
def test_production_refuses_development_defaults(missing: str) -> None:
    (fault,) = faults_of({name: value for name, value in PRODUCTION.items() if name != missing})
    assert missing in fault


@pytest.mark.parametrize("hook", TEST_HOOKS)
def test_production_refuses_test_hooks(hook: str) -> None:
    faults = faults_of(PRODUCTION | {hook: "https://double.example" if "URL" in hook else "1"})
    assert faults == (f"{hook} is a test hook and refused in production",)


def test_several_photo_keys_the_first_seals_and_secrets_are_not_shown() -> None:
    old, new = new_photo_key(), new_photo_key()
    read = Settings.from_environment(PRODUCTION | {"FALLOW_PHOTO_KEY": f"{new}, {old}"})
    alone = Settings.from_environment(PRODUCTION | {"FALLOW_PHOTO_KEY": new})
    assert read.photo_keys[0] == alone.photo_keys[0]
    assert len({key.id for key in read.photo_keys}) == 2
    assert "ssss" not in repr(read)
    assert repr(read.photo_keys[0].key) not in repr(read)
