"""PROMISES S2: 1,000 red flags of clinics of every shape; each ends acknowledged or alarmed, each climbed once."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import Engine, select, update

from backend.db import WorkerScope, transaction
from backend.ids import new_id
from backend.models import Client, Clinic, Practitioner, Reminder
from backend.ports import PushResult
from backend.services import alarms, delivery, expiry, flags, ledger, plan_facts
from backend.services.delivery_results import Settlement, Try
from schedules import Finding, Level, Urgency
from tests.factories import make_practitioner
from tests.services.practice import Practice, day, open_practice, sign, start_plan

CASES_OF_ONE_SHAPE = 100
RAISED_AT = day(3, 3)  # 3 am: quiet hours hold none of it back
MINUTES = (0, 15, 30, 60)  # PROMISES S2
SHAPES = [
    # (the client's practitioner is there, is the owner, a cover is named, the cover is there, an owner is there)
    (True, True, False, False, True),  # a clinic of one
    (True, True, True, True, True),
    (True, False, True, True, True),
    (True, False, False, False, True),
    (True, False, True, False, True),  # the cover has left
    (False, False, True, True, True),  # the practitioner has left
    (False, False, False, False, True),
    (True, False, True, True, False),  # no owner
    (False, False, True, True, False),
    (False, False, False, False, False),  # nobody at all
]


@dataclass
class Called:
    """What was sent for one flag: (rung, minutes after it was raised), and when a person saw it."""

    rungs: list[tuple[int, int]] = field(default_factory=list)
    seen_after: int | None = None


def test_each_red_flag_ends_acknowledged_or_alarmed_and_climbs_once(sqlite: Engine) -> None:
    practice = open_practice()
    sign(practice, "laser")
    plan_id = start_plan(practice, "laser")
    dice, cases, lone = Random(7), defaultdict(Called), set()
    for number, shape in enumerate(SHAPES):
        arrange(practice, shape)
        raised = raise_flags(practice, plan_id, number, "today" if number % 2 else "now")
        lone |= set(raised) if not shape[4] else set()
        for flag_id in raised:
            cases[flag_id].seen_after = dice.choice((None, None, None, None, None, None, 1, 20, 40, 61))
        for minute in (0, 1, 14, 15, 20, 29, 30, 40, 59, 60, 61, 74):
            climb(cases, RAISED_AT + timedelta(minutes=minute), minute)
            seen = [flag_id for flag_id in raised if cases[flag_id].seen_after == minute]
            if seen:
                with transaction(practice.staff) as session:
                    flags.acknowledge_all(session, practice.staff, seen, RAISED_AT + timedelta(minutes=minute))
    assert len(cases) == 1000
    end = RAISED_AT + timedelta(minutes=75)
    alarmed = {each.flag_id for each in alarms.list_alarms(practice.staff, now=end)}
    for flag_id, case in cases.items():
        rungs = [rung for rung, _ in case.rungs]
        assert rungs == sorted(set(rungs)), "no rung twice, and none before the one below it"
        assert [minute for _, minute in case.rungs] == list(MINUTES[: len(rungs)]), "a rung with nobody is skipped"
        if case.seen_after is None:
            assert flag_id in alarmed
            assert flag_id in lone or rungs[-1] == 4, "the owner"
        else:
            assert flag_id not in alarmed
            assert all(minute <= case.seen_after for _, minute in case.rungs), "nobody is called after that"
    expiry.expire(now=end)
    assert ledger.check_conservation(now=end).holds


def arrange(practice: Practice, shape: tuple[bool, ...]) -> None:
    """Make the clinic's people as the shape says; who scanned the list before has left."""
    there, owns, covered, cover_there, owner_there = shape
    ana = practice.ana
    with transaction(practice.staff) as session:
        session.execute(update(Practitioner).values(active=False))
    clinic = practice.ida.clinic_id
    primary = _person(practice, "Primary", there, "owner" if owns else "practitioner")
    if owner_there and not owns:
        _person(practice, "Owner", True, "owner")
    second = _person(practice, "Second", cover_there, "practitioner").id if covered else None
    with transaction(practice.staff) as session:
        session.execute(update(Client).where(Client.id == ana.id).values(practitioner_id=primary.id))
        session.execute(update(Clinic).where(Clinic.id == clinic).values(second_practitioner_id=second))


def _person(practice: Practice, name: str, active: bool, role: str) -> Practitioner:
    with transaction(practice.staff, write=False) as session:
        clinic = session.get_one(Clinic, practice.ida.clinic_id)
    return make_practitioner(clinic, name, active=active, role=role)


def raise_flags(practice: Practice, plan_id: UUID, shape: int, level: Level) -> list[UUID]:
    """A hundred rules fire at once."""
    urgency: Urgency = "emergency" if level == "now" else "same_day"
    found = [Finding(f"rule_{shape}_{n}", urgency, level, "", "", ()) for n in range(CASES_OF_ONE_SHAPE)]
    with transaction(practice.staff) as session:
        plan = plan_facts.load_plan(session, practice.ida.clinic_id, plan_id, lock=True)
        source = new_id(RAISED_AT)
        raised = flags.raise_flags(session, plan, found, raised_by="check_in", source_id=source, now=RAISED_AT)
        again = flags.raise_flags(
            session, plan, [_open(each) for each in found], raised_by="check_in", source_id=source, now=RAISED_AT
        )
        assert again == (), "what is open is not raised twice"
        return [flag.id for flag in raised]


def _open(finding: Finding) -> Finding:
    return Finding(finding.rule_id, finding.urgency, finding.level, "", "", (), already_open=True)


def climb(cases: dict[UUID, Called], now: datetime, minute: int) -> None:
    """The worker's claim and record, with a provider that takes everything."""
    claims = delivery.claim(0, limit=5000, lease_s=60, now=now)
    if not claims:
        return
    with transaction(WorkerScope(), write=False) as session:
        rows = session.execute(
            select(Reminder.flag_id, Reminder.rung)
            .where(Reminder.id.in_([claim.id for claim in claims]))
            .order_by(Reminder.rung)
        )
        for flag_id, rung in rows:
            assert flag_id is not None
            cases[flag_id].rungs.append((rung or 0, minute))
    taken = (Try("mail", PushResult("accepted")),)
    delivery.record([Settlement(claim, "sent", None, None, taken) for claim in claims], now=now)
