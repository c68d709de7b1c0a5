"""`cli doctor`: what is wrong with this installation, and what to do about it (exit 1 where anything is)."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from backend.commands import Answer, Subparsers, add_command
from backend.commands.installation import UPGRADE

if TYPE_CHECKING:
    from datetime import datetime

    from backend.settings import Settings

FREE_BYTES = 1024**3
CLOCK_BOUND_S = 5.0
MAIL_PATIENCE_S = 5.0
RUN = "start everything by ./run, which sets PYTHONTZPATH to nothing"

State = Literal["ok", "note", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`note`: fine for now, but somebody should know. `remedy`: what to do."""

    name: str
    state: State
    says: str
    remedy: str = ""


Findings = Iterator[Finding]


def register(subparsers: Subparsers) -> None:
    """Add the command; it has no noun."""
    add_command(subparsers, "doctor", examine, "what is wrong with this installation, and what to do")


def examine(_arguments: Namespace) -> Answer:
    """Look at everything; a fault of one check hides no other."""
    findings = list(_find_all())
    holds = not any(finding.state == "wrong" for finding in findings)
    document = {
        "checks": [
            {"name": each.name, "state": each.state, "says": each.says, "remedy": each.remedy} for each in findings
        ],
        "holds": holds,
    }
    return Answer(document, _lines(findings, holds), holds)


def _lines(findings: list[Finding], holds: bool) -> Iterator[str]:
    for each in findings:
        yield f"{each.state:<6} {each.name:<10} {each.says}"
        if each.remedy:
            yield f"{'':<17} -> {each.remedy}"
    yield "nothing is wrong" if holds else "SOMETHING IS WRONG"


def _find_all() -> Findings:
    import os

    from backend import db, wiring
    from backend.errors import SettingsError
    from backend.settings import Settings

    yield from _check_zones()
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        for fault in error.faults:
            yield Finding("settings", "wrong", fault, "set it as .env.example says")
        return
    yield Finding("settings", "ok", f"{settings.env}, nothing is misspelt or out of bounds")
    checks: tuple[Callable[[Settings], Findings], ...] = (
        _check_keys,
        _check_push,
        _check_mail,
        _check_switch,
        _check_disk,
    )
    for check in checks:
        yield from check(settings)
    db.configure(db.build_engine(settings.database_url, hide_parameters=True))
    yield from _check_database(settings, wiring.build_clock(settings).now())


def _check_zones() -> Findings:
    from importlib.metadata import version
    from zoneinfo import TZPATH, ZoneInfo

    ZoneInfo("Europe/London")
    release = version("tzdata")
    if TZPATH:
        yield Finding("time zones", "wrong", f"the system's copy is used before tzdata {release}", RUN)
    else:
        yield Finding("time zones", "ok", f"tzdata {release}")


def _check_keys(settings: "Settings") -> Findings:
    folder = settings.var_dir / "secrets"
    if settings.secret_key and settings.photo_keys:
        yield Finding("keys", "ok", f"secret, and {len(settings.photo_keys)} for photos; the first seals")
    else:
        yield Finding("keys", "note", f"development makes its own and keeps them in {folder}")
    for path in sorted(folder.glob("*")):
        if path.stat().st_mode & 0o077:
            yield Finding("keys", "wrong", f"{path} can be read by others", f"chmod 600 {path}")


def _check_push(settings: "Settings") -> Findings:
    import json

    from backend import wiring
    from backend.errors import SettingsError

    try:
        vapid = wiring.build_vapid(settings)
    except SettingsError as error:
        yield Finding("push", "wrong", str(error), "give the key as .env.example says")
    else:
        if vapid is None:
            yield Finding("push", "note", "no Web Push", "set FALLOW_VAPID_SUBJECT")
        else:
            yield Finding("push", "ok", "Web Push has its key")
    if settings.fcm_credentials is None:
        instead = "no Firebase" if settings.production else "no Firebase: the log stands in for it"
        yield Finding("push", "note", instead, "set FALLOW_FCM_CREDENTIALS")
        return
    account: dict[str, str] = {}
    try:
        account = json.loads(settings.fcm_credentials.read_text())
        missing = [name for name in ("project_id", "client_email", "private_key") if not account.get(name)]
    except (ValueError, AttributeError, OSError):
        missing = ["a service account in JSON"]
    if missing:
        says = f"{settings.fcm_credentials} lacks {', '.join(missing)}"
        yield Finding("push", "wrong", says, "download the service account's key anew")
    else:
        yield Finding("push", "ok", f"Firebase as {account['client_email']}")


def _check_mail(settings: "Settings") -> Findings:
    import socket
    from urllib.parse import urlsplit

    if settings.mail_url is None:
        state: State = "wrong" if settings.production else "note"
        yield Finding("mail", state, "no mail leaves: an alarm reaches owners by push alone", "set FALLOW_MAIL_URL")
        return
    parts = urlsplit(settings.mail_url)
    host, port = parts.hostname or "", parts.port or (465 if parts.scheme == "smtps" else 587)
    try:
        socket.create_connection((host, port), MAIL_PATIENCE_S).close()
    except OSError as fault:
        yield Finding("mail", "wrong", f"{host}:{port} does not answer ({type(fault).__name__})", "see FALLOW_MAIL_URL")
    else:
        yield Finding("mail", "ok", f"{host}:{port} answers")


def _check_switch(settings: "Settings") -> Findings:
    """It is not called from here: only a worker that moves may vouch for this house."""
    if settings.ping_url is None:
        yield Finding("ping", "note", "nobody outside is called when this house falls silent", "set FALLOW_PING_URL")
    else:
        yield Finding("ping", "ok", "a worker calls it every 30 seconds; let it alarm after 2 minutes")


def _check_disk(settings: "Settings") -> Findings:
    import os
    import shutil

    folder = next(each for each in (settings.var_dir.absolute(), *settings.var_dir.absolute().parents) if each.exists())
    free = shutil.disk_usage(folder).free
    if not os.access(folder, os.W_OK):
        yield Finding("disk", "wrong", f"{folder} cannot be written", "give it to the user that runs Fallow")
    elif free < FREE_BYTES:
        yield Finding("disk", "wrong", f"{free / 1024**2:.0f} MiB free in {folder}", "make room: photos need it")
    else:
        yield Finding("disk", "ok", f"{free / 1024**3:.0f} GiB free in {folder}")


def _check_database(settings: "Settings", now: "datetime") -> Findings:
    from backend.commands import Unavailable
    from backend.commands.installation import check_exists
    from backend.services import health

    try:
        check_exists(settings.database_url)
    except Unavailable:
        yield Finding("database", "wrong", "there is none yet", UPGRADE)
        return
    seen = health.get_health(now=now)
    if not seen.database or not seen.migrations:
        remedy = UPGRADE if seen.database or _is_bare() else "start it, and see FALLOW_DATABASE_URL"
        yield Finding("database", "wrong", "it is not migrated" if remedy == UPGRADE else seen.reasons[0], remedy)
        return
    yield Finding("database", "ok", f"reachable and migrated to {health.get_revision()}")
    of_workers = [reason for reason in seen.reasons if settings.production or seen.workers]
    for reason in of_workers:
        yield Finding("worker", "wrong", reason, "start one: ./run worker; its log says why one ended")
    if not of_workers:
        alive = sum(worker.alive for worker in seen.workers)
        yield Finding("worker", "ok" if alive else "note", f"{alive} alive", "" if alive else "start one: ./run worker")
    yield from _check_clock(settings, now)
    yield from _check_plans(settings)


def _is_bare() -> bool:
    """Whether the database answers, though nothing has been made in it."""
    from sqlalchemy.exc import SQLAlchemyError

    from backend.services import health

    try:
        return health.get_revision() is None
    except SQLAlchemyError:
        return False


def _check_clock(settings: "Settings", now: "datetime") -> Findings:
    from backend.services import health

    if settings.test_clock is not None:
        yield Finding("clock", "note", f"FALLOW_TEST_CLOCK says {now:%Y-%m-%d %H:%M:%S} UTC", "unset it for real work")
        return
    ahead = health.get_clock_difference_s(now)
    if abs(ahead) > CLOCK_BOUND_S:
        says = f"this machine is {ahead:+.0f} s off the database's clock"
        yield Finding("clock", "wrong", says, "let both follow a time server")
    else:
        yield Finding("clock", "ok", f"{now:%Y-%m-%d %H:%M:%S} UTC, as the database says")


def _check_plans(settings: "Settings") -> Findings:
    from backend.services import installation

    broken = installation.list_broken_plans()
    for plan in broken:
        says = f"{plan.method}, signed version {plan.version} of clinic {plan.clinic_id}: {'; '.join(plan.faults)}"
        yield Finding("overlays", "wrong", says, "its owner signs a newer version in the console")
    if not broken:
        yield Finding("overlays", "ok", "every signed plan still parses")
    known = {key.id for key in settings.photo_keys}
    for key_id, number in sorted(installation.count_photos_by_key().items()):
        if known and key_id not in known:
            says = f"{number} photos were sealed with key {key_id}, which is not given"
            yield Finding("keys", "wrong", says, "add the old key after the first in FALLOW_PHOTO_KEY")
