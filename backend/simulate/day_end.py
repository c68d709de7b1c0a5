"""What is judged at the end of each simulated day, over the whole practice (PROMISES P2, S1, S2; rule 41).

Pushes are judged one by one as they go out (`watch.py`); here the tables are asked for what should not be.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import BindParameter, and_, bindparam, exists, select
from sqlalchemy.orm import aliased

from backend.models import Flag, ReadinessSignOff, Reminder
from backend.services import ledger
from backend.simulate.alarms import RED
from backend.simulate.courier import PLANNED
from backend.simulate.laws import Violation

if TYPE_CHECKING:
    from backend.simulate.practice import Practice

ONE_DAY = timedelta(days=1)
TOLD_WITHIN = timedelta(minutes=5)  # a flag of the last minutes may still be on its way
_Carrier = aliased(Reminder)
_CLINIC: BindParameter[UUID] = bindparam("clinic_id")
_LEFT = (
    select(Reminder.id)
    .join(_Carrier, and_(_Carrier.clinic_id == Reminder.clinic_id, _Carrier.id == Reminder.carrier_id))
    .where(
        Reminder.clinic_id == _CLINIC,
        PLANNED,
        Reminder.carrier_id.is_not(None),
        Reminder.send_at <= bindparam("now"),
        _Carrier.state != "planned",
    )
)
_UNTOLD = select(Flag.id).where(
    Flag.clinic_id == _CLINIC,
    Flag.level.in_(RED),
    Flag.raised_at <= bindparam("raised_until"),
    Flag.closed_at.is_(None),
    Flag.acknowledged_at.is_(None),
    ~exists().where(
        Reminder.clinic_id == Flag.clinic_id,
        Reminder.flag_id == Flag.id,
        Reminder.kind.in_(("act_now", "alarm")),
        Reminder.state == "sent",
    ),
)
_SIGNED = select(ReadinessSignOff.care_plan_id, ReadinessSignOff.at).where(
    ReadinessSignOff.clinic_id == _CLINIC,
    ReadinessSignOff.kind == "sign_off",
    ReadinessSignOff.at > bindparam("after"),
)


class DayEnd:
    """Each broken law is kept once, however long it lasts."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self._seen: set[object] = set()
        self._judged_until = practice.begun_at

    def judge(self, *, all_rows: bool = False) -> None:
        """All laws as of the practice's now. What was settled days ago changes no more: the ledger's laws look at it
        when it is new, and with `all_rows` once more."""
        now = self._practice.now
        since = None if all_rows else self._judged_until - ONE_DAY
        for each in ledger.check_conservation(now=now, since=since).violations:
            self._keep("ledger", (each.reminder_id, each.law), each.law)
        self._judge_what_is_left(now)
        self._judge_flags(now)
        self._judge_sign_offs()
        self._judged_until = now

    def _keep(self, law: str, name: object, kind: str = "") -> None:
        if name not in self._seen:
            self._seen.add(name)
            self._practice.watch.violations.append(Violation(self._practice.now, None, law, kind))

    def _judge_what_is_left(self, now: datetime) -> None:
        """Carried rows whose carrier has ended are settled or freed by the worker's own ticks."""
        for (reminder_id,) in self._practice.reader.read(_LEFT, now=now):
            self._keep("stuck", ("left", reminder_id), "carried")

    def _judge_flags(self, now: datetime) -> None:
        """Every red flag that is open was seen by a person, or somebody was told (also one the client never saw)."""
        for (flag_id,) in self._practice.reader.read(_UNTOLD, raised_until=now - TOLD_WITHIN):
            self._keep("unescalated", ("untold", flag_id))
        for client in self._practice.clients:
            for flag_id in client.alarms.unseen:
                self._practice.watch.judge_ladder(flag_id, now)

    def _judge_sign_offs(self) -> None:
        """Every yes of the day against the earliest date."""
        for plan_id, at in self._practice.reader.read(_SIGNED, after=self._judged_until):
            self._practice.healings[plan_id].judge_readiness("signed_off", None, at)
