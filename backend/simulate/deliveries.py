"""What the provider answers for each phone, and what the watch is told of each push that it takes."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Row, bindparam, select

from backend.models import Reminder
from backend.ports import PushMessage, PushResult
from backend.services import reminders, resending
from backend.services.delivery_results import Claim
from backend.simulate.courier import PLANNED
from backend.simulate.dice import Dice
from backend.simulate.phone import Phone
from backend.simulate.reading import Reader
from backend.simulate.watch import WINDOWED, Told, Watch
from schedules import DueWindow

UNCONFIRMED = 0.2  # the chance that a phone shows a push and nobody hears of it
BUSY = 0.03  # the chance that a provider asks for another try
STAFF = "staff-"  # what tokens of the clinic's people begin with
_IDS: BindParameter[UUID] = bindparam("ids", expanding=True)
_ROWS = (
    select(
        Reminder.id, Reminder.carrier_id, Reminder.recipient_kind, Reminder.recipient_id, Reminder.care_plan_id,
        Reminder.kind, Reminder.occurrence_key, Reminder.dedupe_key, Reminder.expires_at, Reminder.flag_id,
        Reminder.rung, Reminder.resend_of,
    )
    .where(Reminder.clinic_id == bindparam("clinic_id"), PLANNED)
    .order_by(Reminder.kind, Reminder.dedupe_key)
)  # fmt: skip
_SENT = _ROWS.where(Reminder.id.in_(_IDS))
_CARRIED = _ROWS.where(Reminder.carrier_id.in_(_IDS))


class Deliveries:
    """Phones by client, and how many answers of which kind were given."""

    def __init__(self, watch: Watch, dice: Dice, reader: Reader) -> None:
        self.now = datetime.min
        self.phones: dict[UUID, Phone] = {}
        self.alarmed_flags: set[UUID] = set()
        self.answers: Counter[str] = Counter()
        self._living: set[str] = set()
        self._watch = watch
        self._dice = dice
        self._reader = reader

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
        if not token.startswith(STAFF) and token not in self._living:
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
        carried: dict[UUID, list[Row[*tuple[Any, ...]]]] = {}
        carriers = [claim.id for claim in claims if claim.kind == "merged"]
        for row in self._reader.read(_CARRIED, ids=carriers) if carriers else ():
            if row.expires_at > self.now:
                carried.setdefault(row.carrier_id, []).append(row)
        for row in self._reader.read(_SENT, ids=[claim.id for claim in claims]):
            if row.recipient_kind == "practitioner":
                self._note_alert(row.flag_id, row.kind, row.rung or 0)
            else:
                self._note(row, carried.get(row.id, []) if row.kind == "merged" else [row])

    def _note(self, row: Row[*tuple[Any, ...]], members: Sequence[Row[*tuple[Any, ...]]]) -> None:
        phone = self.phones[row.recipient_id]
        told = [
            Told(
                each.kind,
                each.occurrence_key or each.dedupe_key,
                each.expires_at,
                self._window_of(phone, each) if each.kind in WINDOWED else None,
                each.care_plan_id,
                again=each.resend_of is not None,
            )
            for each in members
        ]
        self._watch.note_push(phone.truth, row.kind, told, self.now)
        self._confirm(phone, row)
        for group in phone.groups:
            group.pushes[row.kind] += 1

    def _confirm(self, phone: Phone, row: Row[*tuple[Any, ...]]) -> None:
        """The phone's word that it showed a push, where that bears on anything: mostly of one that would be sent
        again."""
        if row.resend_of is not None:
            self.answers["pushes sent again"] += 1
            return
        lost = self._dice.chance("unconfirmed", phone.token or "", row.kind, self.now.isoformat()) < UNCONFIRMED
        if row.kind in resending.KINDS and phone.device_id is not None and not lost:
            reminders.record_receipt(phone.scope, row.id, phone.device_id, "shown", self.now, now=self.now)

    def _window_of(self, phone: Phone, row: Row[*tuple[Any, ...]]) -> DueWindow | None:
        """The window of the occurrence, where the plan holds it at this moment."""
        item = phone.get_items(self.now).get((row.care_plan_id, row.occurrence_key or ""))
        return None if item is None or item.occurrence.withheld else item.occurrence.window

    def _note_alert(self, flag_id: UUID | None, kind: str, rung: int) -> None:
        self._watch.note_alert(flag_id, kind, rung, self.now)
        if kind == "alarm" and flag_id is not None:
            self.alarmed_flags.add(flag_id)


def no_web_push(*_subscription: str) -> tuple[str, ...]:
    """The check that registering asks for: phones of the simulation have FCM tokens alone."""
    return ("endpoint: not in a simulation",)
