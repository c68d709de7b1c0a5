"""PROMISES K2 and S5: what leaves the house, for every kind and channel, with marked names and ids in the database.

Everything a provider, a mail server and the log got is searched for the marks, for words that mean something, and for
every id but the reminder's own.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from backend.adapters.fcm import FcmPusher
from backend.adapters.push_http import PushHttp
from backend.adapters.vapid import load_or_make_vapid
from backend.adapters.web_push import WebPushPusher
from backend.db import WorkerScope, transaction
from backend.languages import LANGUAGES, Language
from backend.models import Base, Client, Practitioner, Reminder
from backend.services import reminder_rows
from backend.services.push_texts import CLIENT_TEXTS, PRACTITIONER_TEXTS, TO_CLIENTS
from tests.doubles.fcm import FcmDouble, fcm_error
from tests.doubles.push_service import PushServiceDouble
from tests.factories import (
    make_care_plan,
    make_client,
    make_clinic,
    make_clinic_protocol,
    make_device,
    make_flag,
    make_practitioner,
    make_push_address,
    make_reminder,
    make_treatment,
)
from tests.services.practice import day, open_practice, report, sign, start_plan
from tests.services.test_sender import KeptMails, running
from tests.services.worker_process import until
from tests.word_lists import BYSTANDER

CANARY = "Zanzibar"
OPAQUE = re.compile(r"[A-Za-z0-9_-]{32}")
PROVIDERS_OWN = re.compile(r'"normal"|: normal$')  # how Firebase and RFC 8030 call a priority


@pytest.fixture
def fcm() -> Iterator[FcmDouble]:
    with FcmDouble() as double:
        yield double


@pytest.fixture
def service() -> Iterator[PushServiceDouble]:
    with PushServiceDouble() as double:
        yield double


def make_marked_practice(service: PushServiceDouble, language: Language) -> tuple[Client, Practitioner]:
    """A client and an owner whose every text is marked, with a phone at Firebase and a browser each."""
    clinic = make_clinic(f"{CANARY} Clinic", phone=f"+49 {CANARY}")
    ida = make_practitioner(clinic, f"Dr {CANARY}", role="owner", email=f"dr@{CANARY.lower()}.example")
    ana = make_client(ida, f"Ana {CANARY}", email=f"ana@{CANARY.lower()}.example", language=language)
    for person in (ana, ida):
        make_push_address(make_device(person, name=f"{CANARY} phone"))
        made = service.subscribe()
        keys = {"p256dh": made.p256dh, "auth": made.auth}
        make_push_address(make_device(person), kind="web_push", endpoint=made.endpoint, token="", **keys)
    return ana, ida


def make_all_kinds(ana: Client, ida: Practitioner) -> None:
    """One reminder of every kind there is, each of a plan, about a flag, with a marked trail and occurrence."""
    plan = make_care_plan(make_treatment(ana), make_clinic_protocol(ida))
    about = {"care_plan_id": plan.id, "flag_id": make_flag(plan, f"{CANARY}_pain").id, "trail": f"{CANARY} step"}
    for kind in CLIENT_TEXTS:
        key = f"{kind}:{CANARY}_wash@d3#1"
        given = {"dedupe_key": key, "collapse_id": reminder_rows.collapse_id(plan.id, key), "by_mail": True}
        make_reminder(ana, kind=kind, occurrence_key=f"{CANARY}_wash@d3#1", **given, **about)
    for kind in PRACTITIONER_TEXTS:
        to_ida = {
            "recipient_kind": "practitioner",
            "recipient_id": ida.id,
            "lane": int(kind not in ("act_now", "alarm")),
        }
        key = f"{kind}:{CANARY}"
        given = {"dedupe_key": key, "collapse_id": reminder_rows.collapse_id(plan.id, key)}
        make_reminder(ana, kind=kind, **to_ida, **given, **about)


def all_ids(but: set[UUID]) -> set[str]:
    """Every id in the database as it could be written, but for the reminders' own."""
    with transaction(WorkerScope(), write=False) as session:
        connection = session.connection()
        found = {
            value
            for table in Base.metadata.sorted_tables
            for row in connection.execute(select(table))
            for value in row
            if isinstance(value, UUID)
        }
    return {text for each in found - but for text in (str(each), each.hex)}


def log_of(caplog: pytest.LogCaptureFixture) -> str:
    """What the product and its libraries logged; the doubles' own server logs what it was asked."""
    return "\n".join(record.getMessage() for record in caplog.records if record.name != "aiohttp.access")


def reminders() -> list[Reminder]:
    with transaction(WorkerScope(), write=False) as session:
        return list(session.scalars(select(Reminder)))


def sent_texts(fcm: FcmDouble, service: PushServiceDouble, mails: KeptMails) -> list[str]:
    """All that left the house, but the addresses that it was sent to."""
    to_phones = [json.dumps({**seen.message, "token": ""}, ensure_ascii=False) for seen in fcm.seen]
    to_browsers = [json.dumps(seen.payload, ensure_ascii=False) for seen in service.seen]
    headers = [
        f"{name}: {value}" for seen in service.seen for name, value in seen.headers.items() if name != "Authorization"
    ]
    return [*to_phones, *to_browsers, *headers, *(f"{subject}\n{body}" for _, subject, body in mails.sent)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_leaves_the_house_says_what_it_is_about(
    language: Language,
    sqlite: Engine,
    fcm: FcmDouble,
    service: PushServiceDouble,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    ana, ida = make_marked_practice(service, language)
    make_all_kinds(ana, ida)
    vapid = load_or_make_vapid(tmp_path / "vapid.pem", "mailto:push@fallow.example")
    pushers = (
        FcmPusher(fcm.service_account(), PushHttp(), public_url="https://fallow.example", base_url=fcm.url),
        WebPushPusher(vapid, PushHttp(), public_url="https://fallow.example", allow_loopback=True),
    )
    mails = KeptMails()
    count = len(CLIENT_TEXTS) + len(PRACTITIONER_TEXTS)
    with running(*pushers, mailer=mails, batch=50):
        until(lambda: all(row.state == "sent" for row in reminders()))
    assert (len(fcm.seen), len(service.seen), len(mails.sent)) == (count, count, len(CLIENT_TEXTS) + 2)
    own = {row.id for row in reminders()}
    ids = all_ids(own)
    assert ids
    for text in [*sent_texts(fcm, service, mails), log_of(caplog)]:
        assert CANARY.lower() not in text.lower()
        assert not [number for number in ids if number in text]
    for text in sent_texts(fcm, service, mails):
        bare = PROVIDERS_OWN.sub("", OPAQUE.sub("", text))  # a random id may spell anything
        assert not BYSTANDER["en"].search(bare), text
        assert not BYSTANDER[language].search(bare), text
    said = "\n".join(sent_texts(fcm, service, mails))
    assert all(text in said for text in TO_CLIENTS[language].values())
    assert language == "en" or "Time for" not in said
    kinds = {*CLIENT_TEXTS, *PRACTITIONER_TEXTS} - {"message", "digest", "alarm", "ready", "merged", "reviewed"}
    for kind in kinds:  # those six are everyday words
        assert not any(f'"{kind}"' in text for text in sent_texts(fcm, service, mails))
    assert not any(str(each) in log_of(caplog) or each.hex in log_of(caplog) for each in own)


def test_a_provider_in_trouble_puts_nothing_into_the_log_that_says_whom_it_was_for(
    sqlite: Engine, fcm: FcmDouble, service: PushServiceDouble, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    ana, ida = make_marked_practice(service, "en")
    make_all_kinds(ana, ida)
    fcm.script.always("*", fcm_error(403, f"PERMISSION_DENIED {CANARY}"))
    pusher = FcmPusher(fcm.service_account(), PushHttp(), public_url="https://fallow.example", base_url=fcm.url)
    with running(pusher, mailer=KeptMails(refuses=True), batch=50):
        until(lambda: all(row.reason for row in reminders()))
    assert "push channel fcm is stopped" in log_of(caplog)
    assert CANARY.lower() not in log_of(caplog).lower()
    tokens = {seen.address for seen in fcm.seen}
    assert not [text for text in all_ids(set()) | tokens if text in log_of(caplog)]


def test_collapse_ids_are_opaque_one_an_occurrence_and_the_same_for_the_same(sqlite: Engine) -> None:
    practice = open_practice()
    for method in ("laser", "saline"):
        sign(practice, method)
    plan = start_plan(practice, "laser")
    start_plan(practice, "saline", site="brows")
    report(practice, plan, day(1), {"pain": 9})
    rows = reminders()
    assert len({row.kind for row in rows}) > 4
    assert all(OPAQUE.fullmatch(row.collapse_id) for row in rows)
    to_client = [row for row in rows if row.recipient_kind == "client"]  # a ladder's second alert replaces its first
    assert len({row.collapse_id for row in to_client}) == len({row.dedupe_key for row in to_client})
    for row in rows:
        for number in (row.id, row.care_plan_id, row.client_id, row.flag_id, row.recipient_id):
            assert number is None or number.hex not in row.collapse_id
