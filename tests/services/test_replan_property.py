"""Whatever changes in whatever order: what is planned is what planning from nothing on the same facts gives, planning
again changes nothing, and no reminder leaves the ledger (issue B; PROMISES T3, P2)."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from backend import db
from backend.db import transaction
from backend.errors import Conflict, InvalidInput
from backend.ids import new_id
from backend.models import Flag, Reminder
from backend.models.reminders import REST_LANE
from backend.ports import PushResult
from backend.services import (
    care_plans,
    check_ins,
    clients,
    delivery,
    expiry,
    extensions,
    flags,
    ledger,
    readiness,
    step_logs,
)
from backend.services.check_ins import CheckInDraft
from backend.services.clients import Wishes
from backend.services.delivery_results import Settlement, Try
from backend.services.step_logs import StepDraft
from tests.examples import examples
from tests.services.practice import day, open_practice, sign, start_plan, treat

ZONES = ("Asia/Tokyo", "America/Los_Angeles", "Europe/London", "Australia/Lord_Howe")
ANSWERS = (
    {"pain": 0, "itch": 0, "fluid": "none", "scab_stage": 3},
    {"pain": 0, "fluid": "none", "scab_stage": 5, "skin_open": "no"},
    {"unwell": "fever"},
    {"unwell": "very_ill"},
    {"itch": 9, "pain": 2},
)
TAKEN = (Try("fcm", PushResult("accepted")),)
Act = tuple[str, int, int]
ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["check_in", "report", "tap", "anchor", "take_back", "pause", "resume", "move", "wishes", "book", "close",
             "hold", "end"]
        ),
        st.integers(0, 9),
        st.integers(1, 30),
    ),
    min_size=1,
    max_size=9,
)  # fmt: skip


class Life:
    """Ana's two areas, and what happens to them; an act that does not fit then and there is refused and changes
    nothing."""

    def __init__(self) -> None:
        self.practice = open_practice()
        self.now = day(0, 12)
        for method in ("saline", "undo"):
            sign(self.practice, method)
        first = start_plan(self.practice, "saline", label="crown")
        treatment = treat(self.practice, "undo", day(0, 12), label="hairline")
        second = care_plans.start(self.practice.staff, treatment, accept_contradictions=True, now=self.now)
        self.plans = (first, second.care_plan_id)

    def do(self, act: Act) -> None:
        name, number, hours = act
        self.now += timedelta(hours=hours)
        deliver(self.now)
        with suppress(Conflict, InvalidInput):
            getattr(self, f"_{name}")(self.plans[number % 2], number)

    @property
    def day(self) -> int:
        return (self.now.date() - day(0).date()).days

    def _check_in(self, plan: UUID, number: int) -> None:
        answers = ANSWERS[number % len(ANSWERS)]
        key = f"check_in@d{self.day}"
        draft = CheckInDraft(new_id(self.now), plan, "planned", key, self.now, answers, {})
        check_ins.submit(self.practice.phone, draft, now=self.now)

    def _report(self, plan: UUID, number: int) -> None:
        draft = CheckInDraft(new_id(self.now), plan, "report", None, self.now, ANSWERS[number % len(ANSWERS)], {})
        check_ins.submit(self.practice.phone, draft, now=self.now)

    def _tap(self, plan: UUID, number: int) -> None:
        """Plans only the days around its step anew, and that is as good as planning all of it."""
        extend(self)
        event = ("done", "undone", "declined")[number % 3]
        draft = StepDraft(new_id(self.now), plan, f"wash@d{self.day + number % 2}#1", event, self.now)
        step_logs.log_step(self.practice.phone, draft, now=self.now)
        planned = self.pending()
        extend(self)
        assert self.pending() == planned

    def _anchor(self, plan: UUID, number: int) -> None:
        on = day(max(0, self.day - number % 3)).date()
        name = ("scabs_off", "skin_closed")[number % 2]
        care_plans.set_anchor(self.practice.staff, plan, name, on, now=self.now)

    def _take_back(self, plan: UUID, number: int) -> None:
        name = ("scabs_off", "skin_closed")[number % 2]
        care_plans.set_anchor(self.practice.staff, plan, name, None, now=self.now)

    def _pause(self, plan: UUID, number: int) -> None:
        until = None if number % 3 == 0 else day(self.day + number).date()
        care_plans.pause(self.practice.staff, plan, until_on=until, reason="away", now=self.now)

    def _resume(self, plan: UUID, number: int) -> None:
        care_plans.resume(self.practice.staff, plan, now=self.now)

    def _move(self, plan: UUID, number: int) -> None:
        clients.change_me(self.practice.phone, Wishes(zone=ZONES[number % len(ZONES)]), now=self.now)

    def _wishes(self, plan: UUID, number: int) -> None:
        wish = Wishes(check_in_at=self.now.time().replace(hour=5 + number, minute=0), quiet_off=number % 2 == 0)
        clients.change_me(self.practice.phone, wish, now=self.now)

    def _book(self, plan: UUID, number: int) -> None:
        at = None if number == 0 else self.now + timedelta(days=3 * number)
        care_plans.book_next_treatment(self.practice.staff, plan, at, now=self.now)

    def _close(self, plan: UUID, number: int) -> None:
        with transaction(self.practice.staff, write=False) as session:
            opened = session.scalars(select(Flag.id).where(Flag.closed_at.is_(None)).order_by(Flag.id)).all()
        for flag_id in opened[:1]:
            flags.close(self.practice.staff, flag_id, "seen", now=self.now)

    def _hold(self, plan: UUID, number: int) -> None:
        readiness.hold(self.practice.staff, plan, "I want to see it", now=self.now)

    def _end(self, plan: UUID, number: int) -> None:
        if number == 9:
            care_plans.end_plan(self.practice.staff, plan, "moved away", now=self.now)

    def pending(self) -> dict[str, tuple[object, ...]]:
        """What is planned from now on, with its carrier by name."""
        with transaction(self.practice.staff, write=False) as session:
            rows = session.scalars(
                select(Reminder).where(
                    Reminder.state == "planned", Reminder.recipient_kind == "client", Reminder.kind != "plan_changed",
                    Reminder.expires_at > self.now,
                )
            ).all()  # fmt: skip
        names = {row.id: row.dedupe_key for row in rows}
        return {
            row.dedupe_key: (row.kind, row.send_at, row.expires_at, row.by_mail, names.get(row.carrier_id))  # type: ignore[arg-type]
            for row in rows
        }

    def forget(self) -> None:
        """Nothing is planned: as if the facts had always been these and nobody had planned yet."""
        with transaction(self.practice.staff) as session:
            session.execute(
                update(Reminder)
                .where(
                    Reminder.state == "planned", Reminder.recipient_kind == "client", Reminder.kind != "plan_changed"
                )
                .values(state="withdrawn", reason="superseded", settled_at=self.now, carrier_id=None)
            )


@contextmanager
def fresh_database(template: Path, folder: Path) -> Iterator[None]:
    copy = shutil.copy(template, folder / "life.db")
    engine = db.build_engine(f"sqlite:///{copy}")
    db.configure(engine)
    try:
        yield
    finally:
        db.configure(None)
        engine.dispose()


@settings(examples(8), phases=(Phase.explicit, Phase.reuse, Phase.generate))  # a life is long: no shrinking
@given(acts=ACTS)
def test_any_sequence_of_changes_is_planned_as_from_nothing(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, acts: list[Act]
) -> None:
    with fresh_database(sqlite_template, tmp_path_factory.mktemp("life")):
        life = Life()
        for act in acts:
            life.do(act)
        deliver(life.now)
        extend(life)
        planned = life.pending()
        extend(life)
        assert life.pending() == planned
        assert ledger.check_conservation(now=life.now).violations == ()
        life.forget()
        extend(life)
        assert life.pending() == planned


def deliver(now: datetime) -> None:
    """What a worker has done by now: all that was due is sent, what is past has ended."""
    claims = delivery.claim(REST_LANE, limit=1000, lease_s=60, now=now)
    if claims:
        delivery.record([Settlement(each, "sent", None, None, TAKEN) for each in claims], now=now)
    expiry.expire(now=now)


def extend(life: Life) -> None:
    for plan in life.plans:
        extensions.extend(life.practice.ida.clinic_id, plan, now=life.now)
