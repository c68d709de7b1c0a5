"""One client's phone: as the provider knows it, as the watch knows it, and what it has read of its plans."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select

from backend.db import ClientScope
from backend.models import AnchorObservation, CarePlan
from backend.services.timelines import Item, get_timeline
from backend.simulate.reading import Reader
from backend.simulate.tally import Group
from backend.simulate.watch import Name, Truth
from schedules import plan_date

BACK = timedelta(days=2)  # what opened the day before may still be open
AHEAD = timedelta(days=1)
FAR_AHEAD = timedelta(days=21)  # once nothing moves with the day any more
GONE = ("superseded", "not_applicable")
OPEN = ("open", "upcoming")  # when it was read
_PLANS = select(CarePlan.id).where(
    CarePlan.clinic_id == bindparam("clinic_id"), CarePlan.client_id == bindparam("client_id")
)
_ANCHORS = select(AnchorObservation.care_plan_id, AnchorObservation.anchor).where(
    AnchorObservation.clinic_id == bindparam("clinic_id"),
    AnchorObservation.care_plan_id.in_(_PLANS),  # by plans: there is an index
    AnchorObservation.superseded_at.is_(None),
)


class Phone:
    """`token` None: dead, and its address with it. `groups`: where what it gets is counted.

    Like the real one it keeps what it has read until something changes: every act on this client that may move a
    window calls `forget`. While an anchor is unknown, windows stand where they are until `fixed_until`; from then on
    they move with each day (protocols rule 9), and what was read holds for that day.
    """

    def __init__(self, scope: ClientScope, truth: Truth, groups: tuple[Group, ...], reader: Reader) -> None:
        self.scope = scope
        self.truth = truth
        self.groups = groups
        self.token: str | None = None
        self.device_id: UUID | None = None
        self.fixed_until = date.max  # until a plan says so
        self.reader = reader
        self._home = truth.places[0][1]
        self._items: Mapping[Name, Item] = {}
        self._until = date.min  # the last day for which that holds; none
        self._settled = False
        self._anchors: frozenset[tuple[UUID, str]] = frozenset()  # known when it was read

    def look_for_anchors(self) -> None:
        """A check-in came in: it has moved windows only if an anchor became known by it."""
        if self._until > date.min and self._read_anchors() != self._anchors:
            self.forget()

    def forget(self) -> None:
        """Something about this client has changed."""
        self._until = date.min

    def get_items(self, now: datetime) -> Mapping[Name, Item]:
        """What the client's plans hold around now, also what opened since the day before yesterday."""
        today = plan_date(now, self._home)
        if today > self._until:
            last = self._find_last(today)
            found = get_timeline(self.scope, today - BACK, last + AHEAD, now=now)
            self._items = {(plan, item.occurrence.key): item for plan, item in found if item.state not in GONE}
            self._anchors = self._read_anchors()
            self._settled = all((plan, "skin_closed") in self._anchors for plan, _ in self._items if plan is not None)
            self._until = min(last, self._find_last(today))
        return self._items

    def list_open(self, now: datetime) -> list[tuple[Name, Item]]:
        """What can be done now, in order of time."""
        return [
            (name, item)
            for name, item in self.get_items(now).items()
            if item.state in OPEN
            and not item.occurrence.withheld
            and item.occurrence.window.opens_at <= now < item.occurrence.window.closes_at
        ]

    def _find_last(self, today: date) -> date:
        """The last day for which a reading of today holds."""
        far = today + FAR_AHEAD
        return far if self._settled else max(today, min(far, self.fixed_until))

    def _read_anchors(self) -> frozenset[tuple[UUID, str]]:
        """The anchors that are known, by plan; `skin_closed` is the last that a day can move."""
        found = self.reader.read(_ANCHORS, client_id=self.scope.client_id)
        return frozenset((plan, anchor) for plan, anchor in found)
