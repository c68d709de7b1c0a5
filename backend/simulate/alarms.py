"""What people do about the warnings of one client: somebody sees them, sooner or later, and closes them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from backend.services import flags
from backend.services.flags import FlagSeen
from backend.simulate.watch import RedFlag

if TYPE_CHECKING:
    from backend.simulate.client import SimulatedClient

SEEN_AFTER = ((0.6, 8), (0.8, 22), (0.9, 45), (1.0, 200))  # up to this chance: minutes until a person says "seen"
RED = ("today", "now")


class Alarms:
    """Each flag of a client is met once."""

    def __init__(self, client: SimulatedClient) -> None:
        self._client = client
        self._practice = client.practice
        self._known: set[UUID] = set()
        self.unseen: set[UUID] = set()

    def meet(self, found: tuple[FlagSeen, ...]) -> None:
        """Flags that an act of the client has just raised, or found open."""
        practice, person = self._practice, self._client.person
        for flag in sorted(found, key=lambda flag: flag.rule_id):
            if flag.id in self._known or flag.closed_at is not None:
                continue
            self._known.add(flag.id)
            practice.tally.flags.raised[flag.level] += 1
            for group in self._client.groups:
                group.warnings[flag.level] += 1
            name = (person.number, flag.rule_id, flag.raised_at.isoformat())
            if flag.level == "now":
                self._client.phone.truth.emergencies.add(str(flag.id))
            if flag.level in RED:
                self.unseen.add(flag.id)
                practice.watch.flags[flag.id] = RedFlag(person.number, flag.raised_at)
                throw = practice.dice.chance("seen", *name)
                minutes = next(minutes for chance, minutes in SEEN_AFTER if throw < chance)
                practice.at(practice.now + timedelta(minutes=minutes), self._acknowledge, flag)
            days = practice.dice.between(1, 4, "closed", *name)
            practice.at(practice.now + timedelta(days=days), self._close, flag)

    def _acknowledge(self, flag: FlagSeen) -> None:
        practice = self._practice
        flags.acknowledge(practice.staff, flag.id, now=practice.now)
        self._client.note("warnings seen")
        red = practice.watch.flags[flag.id]
        red.seen_at = practice.now
        practice.watch.judge_ladder(flag.id, practice.now)
        practice.tally.flags.seen_at_rung[max(red.rungs, default=0)] += 1
        self.unseen.discard(flag.id)

    def _close(self, flag: FlagSeen) -> None:
        practice = self._practice
        flags.close(practice.staff, flag.id, "settled", now=practice.now)
        self._client.note("warnings closed")
        practice.tally.flags.closed += 1
        self._client.phone.truth.emergencies.discard(str(flag.id))
