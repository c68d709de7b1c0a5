"""S1, S2: no red flag is lost, doubled or late while servers and workers die; no ladder ends without a person.

Real: API and worker processes, kill -9, both databases, HTTP, SMTP. Simulated: FCM and the mail server (doubles that
take what comes); for the ladder the product's clock, which moves five minutes at a time, and who answers when.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import ceil
from random import Random
from uuid import UUID, uuid4

from sqlalchemy import func, select

from backend.adapters.clock import SystemClock
from backend.db import ClientScope, StaffScope, WorkerScope, transaction
from backend.models import CheckIn, Clinic, Flag, Practitioner, Reminder
from backend.models.reminders import RED_LANE
from backend.services import check_ins, flags
from backend.services.check_ins import CheckInDraft
from tests.bench.figures import Figure
from tests.doubles.fcm import UNREGISTERED
from tests.factories import NOW, make_clinic, make_practitioner
from tests.faults.house import BOTH, Grounds, House, holds_within, say
from tests.faults.load import Entry, Phones
from tests.faults.seeding import Seeded, give_browser, seed_plans
from tests.people import make_ida

FIRST_ALERT_S = 30.0
STEP = timedelta(minutes=5)
UNTIL = timedelta(hours=2)
DAY_3 = timedelta(days=3)


def measure(grounds: Grounds, *, quick: bool) -> Iterator[Figure]:
    """About 40 minutes in full, 45 seconds with `quick`."""
    for database in ("postgresql",) if quick else BOTH:
        sizes = {"count": 120, "red": 20, "kills": 2} if quick else {"count": 10_000, "red": 1_000, "kills": 20}
        yield from kill_everything(grounds, database, **sizes)
    for database in ("sqlite",) if quick else BOTH:
        yield from climb_ladders(grounds, database, cases=48 if quick else 1_000, kills=2 if quick else 20)


# --- S1 -----------------------------------------------------------------------------------------------------------


def kill_everything(grounds: Grounds, database: str, *, count: int, red: int, kills: int) -> Iterator[Figure]:
    """`count` check-ins, `red` of them with a red flag, while API and worker are killed `kills` times each."""
    what = f"{database}: {count:,} check-ins, {red:,} red, API and worker killed {kills} x each"
    with grounds.open(database) as house:
        house.clock = ""
        owner = make_ida()
        give_browser(owner)
        clients = seed_plans(owner, red, treated_at=SystemClock().now() - DAY_3)
        entries = [Entry(clients[n % red], uuid4(), red=n // red == n % red % (count // red)) for n in range(count)]
        phones = Phones(iter(entries))
        worker, web = house.start_worker(), house.start_web()
        phones.start(web.port)
        for number in range(kills):
            wanted = count * (number + 1) // (kills + 1)
            holds_within(600, lambda least=wanted: len(phones.acknowledged) >= least, 0.01)  # type: ignore[misc]
            worker.kill()
            web.kill()
            worker, web = house.start_worker(), house.start_web()
            phones.port = web.port
            say(f"{what}: {number + 1} killed, {len(phones.acknowledged):,} taken")
        holds_within(900, lambda: phones.done, 0.1)
        phones.stop()
        holds_within(120, lambda: not _count_waiting(SystemClock().now()), 0.1)
        worker.end(60)
        yield from _judge_flags(house, what, entries, phones)
        yield house.check_ledger(what)


def _judge_flags(house: House, what: str, entries: Sequence[Entry], phones: Phones) -> Iterator[Figure]:
    with transaction(StaffScope(entries[0].client.clinic), write=False) as session:
        stored = session.scalar(select(func.count()).select_from(CheckIn)) or 0
        raised = {row.id: row for row in session.execute(select(Flag.id, Flag.source_id, Flag.raised_at))}
        alerts = session.execute(select(Reminder.id, Reminder.flag_id).where(Reminder.rung == 1)).all()
    note = ", ".join(sorted(set(phones.refused)))
    yield Figure("S1", f"{what}: check-ins lost or twice", abs(len(entries) - stored), 0, "check-ins", note)
    by_source = Counter(flag.source_id for flag in raised.values())
    expected = {entry.id for entry in entries if entry.red}
    wrong = sum(by_source[source] != 1 for source in expected) + len(set(by_source) - expected)
    yield Figure("S1", f"{what}: flags lost or twice", wrong, 0, "flags")
    by_flag = Counter(alert.flag_id for alert in alerts)
    first: dict[UUID, float] = {}
    collapse: dict[UUID, set[str]] = defaultdict(set)
    flag_of = {str(alert.id): alert.flag_id for alert in alerts}
    for seen in house.fcm.seen:
        flag = flag_of.get(seen.message["data"]["id"])
        if flag is not None:
            first.setdefault(flag, seen.at)
            collapse[flag].add(seen.message["android"]["collapse_key"])
    wrong = sum(by_flag[flag] != 1 or len(collapse[flag]) != 1 for flag in raised)
    yield Figure("S1", f"{what}: flags without exactly one escalation", wrong, 0, "flags")
    monotonic_at = SystemClock().now().timestamp() - time.monotonic()
    waits = [monotonic_at + at - raised[flag].raised_at.timestamp() for flag, at in first.items()]
    waits.sort()
    p99 = waits[ceil(len(waits) * 0.99) - 1] if waits else float("inf")
    note = f"median {waits[len(waits) // 2]:.2f} s, longest {waits[-1]:.1f} s" if waits else "none seen"
    yield Figure("S1", f"{what}: p99 to the first alert", p99, FIRST_ALERT_S, "s", note)


# --- S2 -----------------------------------------------------------------------------------------------------------


def climb_ladders(grounds: Grounds, database: str, *, cases: int, kills: int) -> Iterator[Figure]:
    """`cases` red flags in clinics of six kinds; people answer early, late or never, workers are killed."""
    what = f"{database}: {cases:,} ladders, worker killed {kills} x"
    with grounds.open(database) as house:
        house.set_clock(NOW)
        clinics = [open_clinic(house) for open_clinic in CLINICS]
        owner_of = {owner.clinic_id: owner.id for owner, _ in clinics}
        answers: dict[tuple[UUID, UUID], timedelta | None] = {}
        dice = Random(cases)
        for number, (owner, person) in enumerate(clinics):
            share = cases // len(clinics) + (number < cases % len(clinics))
            for client in seed_plans(owner, share, treated_at=NOW - DAY_3, practitioner=person):
                answers[owner.clinic_id, _raise_flag(client)] = _choose_answer(dice)
        say(f"{what}: all raised")
        worker, steps = house.start_worker(), int(UNTIL / STEP)
        for step in range(steps + 1):
            now = NOW + step * STEP
            for (clinic_id, flag_id), after in answers.items():
                if after is not None and NOW + after <= now and NOW + after > now - STEP:
                    flags.acknowledge(StaffScope(clinic_id, owner_of[clinic_id]), flag_id, now=now)
            house.set_clock(now)
            if step * kills // steps != (step + 1) * kills // steps and step < steps:
                holds_within(60, lambda at=now: _count_waiting(at) < cases // 2, 0.01)  # type: ignore[misc]
                worker.kill()
                worker = house.start_worker()
            holds_within(120, lambda at=now: not _count_waiting(at))  # type: ignore[misc]
        worker.end(60)
        yield from _judge_ladders(what, answers)
        yield house.check_ledger(what)


def _judge_ladders(what: str, answers: dict[tuple[UUID, UUID], timedelta | None]) -> Iterator[Figure]:
    with transaction(WorkerScope(), write=False) as session:
        seen = dict(iter(session.execute(select(Flag.id, Flag.acknowledged_at))))
        columns = (Reminder.flag_id, Reminder.kind, Reminder.state, Reminder.settled_at)
        rungs = session.execute(select(*columns).where(Reminder.lane == RED_LANE)).all()
    alarmed = {rung.flag_id for rung in rungs if rung.kind == "alarm" and rung.state == "sent"}
    nobody = sum(1 for flag, at in seen.items() if at is None and flag not in alarmed)
    nobody += abs(len(answers) - len(seen))
    answered = sum(at is not None for at in seen.values())
    yield Figure("S2", f"{what}: neither acknowledged nor alarmed", nobody, 0, "cases", f"{answered:,} acknowledged")
    late = sum(
        1 for rung in rungs if rung.state == "sent" and seen[rung.flag_id] and rung.settled_at > seen[rung.flag_id]
    )
    yield Figure("S2", f"{what}: climbed on after a person had answered", late, 0, "rungs")
    silent = sum(1 for (_, flag), after in answers.items() if after is None and flag not in alarmed)
    yield Figure("S2", f"{what}: never answered, and no alarm", silent, 0, "cases", f"{len(alarmed):,} alarms")


def _raise_flag(client: Seeded) -> UUID:
    assert client.plan is not None
    draft = CheckInDraft(uuid4(), client.plan, "report", None, NOW, {"unwell": "very_ill"}, {})
    return check_ins.submit(ClientScope(client.clinic, client.id), draft, now=NOW).flags[0].id


def _choose_answer(dice: Random) -> timedelta | None:
    """Four in ten never answer, the others within 90 minutes."""
    return None if dice.random() < 0.4 else timedelta(minutes=dice.uniform(0, 90))


def _count_waiting(now: datetime) -> int:
    """Alerts that are due and not yet sent."""
    due = (Reminder.lane == RED_LANE, Reminder.state == "planned", Reminder.send_at <= now)
    with transaction(WorkerScope(), write=False) as session:
        return session.scalar(select(func.count()).select_from(Reminder).where(*due)) or 0


# Clinics of six kinds; each gives the owner, who signs, and the practitioner who looks after the clients.
Team = tuple[Practitioner, Practitioner]


def _alone(_house: House) -> Team:
    """One person, with a browser, without a cover."""
    person = make_practitioner(make_clinic("One"), "Dr One", role="owner")
    give_browser(person)
    return person, person


def _covered(_house: House) -> Team:
    """Somebody with a cover and an owner, all with browsers."""
    clinic = make_clinic("Three")
    owner = make_practitioner(clinic, "Dr Owner", role="owner")
    cover, person = make_practitioner(clinic, "Dr Cover"), make_practitioner(clinic, "Dr Three")
    for each in (owner, cover, person):
        give_browser(each)
    _name_cover(clinic, cover)
    return owner, person


def _left(_house: House) -> Team:
    """The one who looked after the clients has left."""
    clinic = make_clinic("Left")
    owner = make_practitioner(clinic, "Dr Stays", role="owner")
    give_browser(owner)
    return owner, make_practitioner(clinic, "Dr Left", active=False)


def _mail_only(_house: House) -> Team:
    """No browser at all: mail is all there is."""
    person = make_practitioner(make_clinic("Mail"), "Dr Mail", role="owner")
    return person, person


def _gone(house: House) -> Team:
    """A browser that its push service no longer knows."""
    owner, person = _alone(house)
    house.fcm.script.always(f"token-{person.id.hex}", UNREGISTERED)
    return owner, person


def _two_owners(_house: House) -> Team:
    """Two owners, one of them with a browser."""
    clinic = make_clinic("Two")
    person = make_practitioner(clinic, "Dr Two", role="owner")
    give_browser(make_practitioner(clinic, "Dr Other", role="owner"))
    return person, person


def _name_cover(clinic: Clinic, cover: Practitioner) -> None:
    with transaction(StaffScope(clinic.id)) as session:
        session.get_one(Clinic, clinic.id).second_practitioner_id = cover.id


CLINICS = (_alone, _covered, _left, _mail_only, _gone, _two_owners)
