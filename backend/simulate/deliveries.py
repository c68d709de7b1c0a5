"""What the provider answers for each phone, and what the watch is told of each push that it takes."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from backend.db import ClientScope, WorkerScope, transaction
from backend.models import Reminder
from backend.ports import PushMessage, PushResult
from backend.services import timelines
from backend.services.delivery_results import Claim
from backend.simulate.people import Dice
from backend.simulate.watch import WINDOWED, Told, Truth, Watch
from schedules import DueWindow

BUSY = 0.03  # the chance that a provider asks for another try
KEY = re.compile(r"(?:[a-z][a-z0-9_]*)@d(\d+)(?:#\d+)?")


@dataclass(slots=True)
class Phone:
    """One client's phone as the watch and the provider know it. `token` None: dead, and its address with it."""

    scope: ClientScope
    truth: Truth
    day_0: date
    token: str | None = None


class Deliveries:
    """Phones by client, how far the ladder of each flag came, and how many answers of which kind were given."""

    def __init__(self, watch: Watch, dice: Dice) -> None:
        self.now = datetime.min
        self.phones: dict[UUID, Phone] = {}
        self.seen_flags: set[UUID] = set()
        self.alarmed_flags: set[UUID] = set()
        self.rungs: dict[UUID, int] = {}
        self.answers: Counter[str] = Counter()
        self._living: set[str] = set()
        self._watch = watch
        self._dice = dice

    def give_phone(self, phone: Phone, token: str | None) -> None:
        """A new phone, or none any more."""
        if phone.token is not None:
            self._living.discard(phone.token)
        if token is not None:
            self._living.add(token)
        phone.token = token

    def answer(self, message: PushMessage) -> PushResult:
        """What the provider says: staff and living phones get it, now and then it is busy; a dead one is gone."""
        token = message.target.token
        if not token.startswith("staff-") and token not in self._living:
            self.answers["pushes to a dead phone"] += 1
            return PushResult("gone", detail="script")
        if self._dice.chance("busy", token, self.now.isoformat(), message.text_number) < BUSY:
            self.answers["pushes told to try again"] += 1
            return PushResult("retry_later", detail="script")
        self.answers["pushes taken"] += 1
        return PushResult("accepted", detail="script")

    def note_taken(self, claims: Sequence[Claim]) -> None:
        """Tell the watch what went out, before it is recorded."""
        if not claims:
            return
        ids = [claim.id for claim in claims]
        with transaction(WorkerScope(), write=False) as session:
            rows = session.scalars(
                select(Reminder)
                .where(Reminder.state == "planned", or_(Reminder.id.in_(ids), Reminder.carrier_id.in_(ids)))
                .order_by(Reminder.kind, Reminder.dedupe_key)
            ).all()
        for row in (row for row in rows if row.carrier_id is None):
            carried = [each for each in rows if each.carrier_id == row.id and each.expires_at > self.now]
            self._note(row, carried)

    def _note(self, row: Reminder, carried: Sequence[Reminder]) -> None:
        if row.recipient_kind == "practitioner":
            self._note_alert(row)
            return
        phone = self.phones[row.recipient_id]
        members = carried if row.kind == "merged" else [row]
        windows = self._list_windows(phone, members)
        told = [
            Told(each.kind, each.occurrence_key or each.dedupe_key, each.expires_at, windows.get(each.occurrence_key))
            for each in members
        ]
        self._watch.note_push(phone.truth, row.kind, told, self.now)

    def _note_alert(self, row: Reminder) -> None:
        self._watch.note_alert(row.flag_id in self.seen_flags, row.kind, self.now)
        if row.flag_id is None:
            return
        self.rungs[row.flag_id] = max(row.rung or 0, self.rungs.get(row.flag_id, 0))
        if row.kind == "alarm":
            self.alarmed_flags.add(row.flag_id)

    def _list_windows(self, phone: Phone, members: Iterable[Reminder]) -> dict[str | None, DueWindow]:
        """The windows of the occurrences that the plan holds at this moment, of the days in question."""
        days = {
            int(found[1])
            for each in members
            if each.kind in WINDOWED and (found := KEY.fullmatch(each.occurrence_key or ""))
        }
        if not days:
            return {}
        first, last = (phone.day_0 + timedelta(days=day) for day in (min(days), max(days)))
        return {
            item.occurrence.key: item.occurrence.window
            for _plan, item in timelines.get_timeline(phone.scope, first, last, now=self.now)
            if not item.occurrence.withheld and item.state not in ("superseded", "not_applicable")
        }


def no_web_push(*_subscription: str) -> tuple[str, ...]:
    """The check that registering asks for: phones of the simulation have FCM tokens alone."""
    return ("endpoint: not in a simulation",)
