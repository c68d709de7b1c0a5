"""`plan_reminders`: which pushes a client gets, when and why.

PROMISES T3 and T4; DESIGN section 7; protocols rules 12, 18, 19, 39, 40. The way of one message: wished for
(`reminder_candidates`), placed outside quiet hours (`quiet_hours`), merged and capped (`merging`), written down here.

Laws of the answer:

* `horizon.start` is the moment of planning. What should have gone out before it is past: a re-plan leaves existing rows
  as they are and adds none, so nothing is sent at once or late because it was planned late.
* Planning twice with unchanged facts gives identical rows. Planning later, when all that was planned until then has
  been sent, gives the rest of the same rows: nothing regroups, nothing is sent twice.
* `dedupe_key` names (kind, occurrence). A carrier is named after its local day and the first message it carries. A row
  of outcome `merged`, `capped` or `quiet` is not yet history: its key may come back as `send` once facts change (one of
  two is done: the other goes alone; a check-in is answered: its follow-up frees a slot). So compare whole rows, not
  keys alone, and let a carried row become merged for good only when its carrier was sent.
* What was sent is not planned again. When a carrier was sent, the (kind, occurrence) pairs of all that it carried
  belong in `facts.sent`, and its instant once in `facts.routine_sent`.
* A carrier expires with the last of what it carries; each carried row keeps its own `expires_at`, so that whoever sends
  late can leave out those that are past.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from schedules.facts import Timeline
from schedules.merging import Push, Waiting, cap_days, merge_waiting
from schedules.quiet_hours import END, ClientClock, QuietHours, Span, show_time
from schedules.reminder_candidates import (
    Candidate,
    check_in_still_open,
    list_candidates,
    list_check_ins,
    paused_message,
)
from schedules.reminder_facts import Horizon, PlannedReminder, ReminderFacts, ReminderPreferences

PULLED_AHEAD = timedelta(minutes=5)  # so that a push sent a little late still comes before quiet hours


def plan_reminders(
    timeline: Timeline, preferences: ReminderPreferences, facts: ReminderFacts, horizon: Horizon
) -> tuple[PlannedReminder, ...]:
    """The pushes of one plan: see `plan_reminders_together`."""
    return plan_reminders_together(((timeline, facts),), preferences, horizon)


def plan_reminders_together(
    plans: Sequence[tuple[Timeline, ReminderFacts]], preferences: ReminderPreferences, horizon: Horizon
) -> tuple[PlannedReminder, ...]:
    """The pushes of all plans of one client, what they carry and what was left out, in order of time.

    Several areas heal on one phone: what falls together is one push, whatever plan it is of, and the daily cap is one.
    Each plan's facts have a `ref` of their own.

    Quiet hours are those of the zone in which the client is at that moment. What would expire before they end is sent
    just before they begin, but not before its own window opens: what lies wholly inside them has the outcome `quiet`
    and is not sent. All else waits for their end. `mask_done` goes out at any hour, `help_followup` if the client
    agreed to it. While an emergency flag of any plan is open, nothing but its own follow-ups is sent; in a pause and
    after the end of a plan, nothing of that plan but follow-ups of open flags; once reminders have stopped, nothing but
    those, `paused` and the appointment. All instants are aware UTC; `local` is naive.
    """
    if not plans:
        return ()
    clock = ClientClock(plans[0][1].plan)
    placing = Placing(preferences, [facts for _, facts in plans], clock)
    waiting, unreachable = placing.place_all(plans)
    sent_at = (at for _, facts in plans for at in facts.routine_sent)
    spent: Counter[date] = Counter(clock.to_local(at).date() for at in sent_at)
    start, end = horizon.start, horizon.end
    rows = [_row(item, clock, "quiet") for item in unreachable if start <= item.send_at < end]
    pushes = merge_waiting(waiting, preferences.merge_minutes, start)
    for day in cap_days(pushes, lambda on: max(0, preferences.daily_cap - spent[on]), clock, start):
        rows += [_row(item, clock, "capped") for item in day.capped if start <= item.send_at < end]
        for push in day.pushes:
            if start <= push.send_at < end:
                rows += _rows_of(push, clock)
    return tuple(sorted(rows, key=_order))


def _order(row: PlannedReminder) -> tuple[datetime, str, bool, str]:
    """By time; each carrier right before what it carries."""
    return row.send_at, row.carrier_key or row.dedupe_key, row.carrier_key is not None, row.dedupe_key


class Silence(NamedTuple):
    """A time in which nothing is sent but what it allows. `ref` None: of whatever plan."""

    span: Span
    ref: str | None
    allows: Callable[[Candidate], bool]

    def holds_back(self, candidate: Candidate, at: datetime) -> bool:
        """Whether the candidate must not be sent at that instant."""
        return self.ref in (None, candidate.ref) and self.span.holds(at) and not self.allows(candidate)


class Placing:
    """Gives each candidate its sending time outside quiet hours and silences."""

    def __init__(self, preferences: ReminderPreferences, facts: Sequence[ReminderFacts], clock: ClientClock) -> None:
        self._clock = clock
        self._at_any_hour = frozenset(
            {"mask_done", "help_followup"} if preferences.help_may_break_quiet else {"mask_done"}
        )
        self._quiet = QuietHours(preferences.quiet, clock)
        self._silences = tuple(silence for each in facts for silence in _list_silences(each))

    def place_all(self, plans: Sequence[tuple[Timeline, ReminderFacts]]) -> tuple[list[Waiting], list[Waiting]]:
        """(what waits to be sent, what quiet hours swallow whole)."""
        candidates = [one for timeline, facts in plans for one in self._list(timeline, facts)]
        paused = paused_message(plans[0][1])
        if paused is not None:
            candidates.append(paused)
        waiting: list[Waiting] = []
        unreachable: list[Waiting] = []
        for candidate in candidates:
            placed, reachable = self._place(candidate)
            if self._silences and any(silence.holds_back(candidate, placed.send_at) for silence in self._silences):
                continue
            (waiting if reachable else unreachable).append(placed)
        return waiting, unreachable

    def _list(self, timeline: Timeline, facts: ReminderFacts) -> list[Candidate]:
        found = list_candidates(timeline, facts, self._clock)
        for due in list_check_ins(timeline, facts):
            first, _ = self._place(due)
            still_open = check_in_still_open(due, first.send_at)
            if still_open is not None:
                found.append(still_open)
        return found

    def _place(self, candidate: Candidate) -> tuple[Waiting, bool]:
        """The candidate at its sending time, and whether it can be sent at all."""
        at, reason = candidate.at, candidate.reason
        quiet = None if candidate.kind in self._at_any_hour else self._quiet.around(at)
        if quiet is None:
            return Waiting(candidate, at, reason), True
        if quiet.ends_at < candidate.expires_at:
            ends = self._clock.face(quiet.ends_at)
            return Waiting(candidate, quiet.ends_at, f"{reason}; held until quiet hours end at {ends}"), True
        if candidate.opens_at < quiet.starts_at:
            begins = self._clock.face(quiet.starts_at)
            reason = f"{reason}; moved before quiet hours, which begin at {begins}"
            return Waiting(candidate, max(candidate.opens_at, quiet.starts_at - PULLED_AHEAD), reason), True
        return Waiting(candidate, at, f"{reason}; its whole window lies in quiet hours"), False


def _list_silences(facts: ReminderFacts) -> Iterator[Silence]:
    plan = facts.plan
    for flag in plan.flags:
        if flag.urgency == "emergency" and not flag.elsewhere:
            yield Silence(Span(flag.raised_at, flag.closed_at or END), None, _follows_up_emergency)
    for pause in plan.pauses:
        yield Silence(Span(pause.from_at, pause.until_at or END), facts.ref, _follows_up)
    if plan.ended_at is not None:
        yield Silence(Span(plan.ended_at, END), facts.ref, _follows_up)
    if facts.missed_row.stopped_at is not None:
        yield Silence(Span(facts.missed_row.stopped_at, END), facts.ref, _outlives_silence)


def _follows_up_emergency(candidate: Candidate) -> bool:
    return candidate.follows_up == "emergency"


def _follows_up(candidate: Candidate) -> bool:
    return candidate.follows_up is not None


def _outlives_silence(candidate: Candidate) -> bool:
    return candidate.follows_up is not None or candidate.kind in ("paused", "appointment")


def _rows_of(push: Push, clock: ClientClock) -> list[PlannedReminder]:
    """One row for a push of one message; for a merged one its carrier, then a row for each message carried."""
    if push.kind != "merged":
        return [_row(push.members[0], clock, "send")]
    carrier = _carrier(push, clock.to_local(push.send_at))
    others = len(push.members) + len(push.folded) - 1
    how = f"merged with {others} other{'s' if others > 1 else ''} at {show_time(carrier.local.time())}"
    rows = [carrier]
    for item in push.members:
        rows.append(_carried(item, carrier, how))
    for item in push.folded:
        rows.append(_carried(item, carrier, f"{how}, to keep the daily cap"))
    return rows


# Rows are made without naming their fields: a plan has a hundred, and that takes half the time.


def _carrier(push: Push, local: datetime) -> PlannedReminder:
    first = push.members[0]
    named = first.candidate
    occurrences: dict[str, None] = {}
    expires_at, by_mail = named.expires_at, False
    carried = [*push.members, *push.folded]
    for item in carried:
        candidate = item.candidate
        occurrences[candidate.key] = None
        by_mail = by_mail or candidate.by_mail
        if candidate.expires_at > expires_at:
            expires_at = candidate.expires_at
    return PlannedReminder(
        f"{named.ref}merged:{local.date().isoformat()}:{named.kind}:{named.key}",
        "merged",
        None,
        tuple(occurrences),
        push.send_at,
        expires_at,
        local,
        f"carries {len(carried)} messages; {first.reason}",
        "send",
        None,
        named.ref,
        by_mail,
    )


def _carried(item: Waiting, carrier: PlannedReminder, how: str) -> PlannedReminder:
    candidate = item.candidate
    kind, key, ref = candidate.kind, candidate.key, candidate.ref
    return PlannedReminder(
        f"{ref}{kind}:{key}",
        kind,
        key,
        (key,),
        carrier.send_at,
        candidate.expires_at,
        carrier.local,
        f"{item.reason}; {how}",
        "merged",
        carrier.dedupe_key,
        ref,
    )


def _row(item: Waiting, clock: ClientClock, outcome: Literal["send", "capped", "quiet"]) -> PlannedReminder:
    candidate, send_at, reason = item.candidate, item.send_at, item.reason
    kind, key, ref = candidate.kind, candidate.key, candidate.ref
    return PlannedReminder(
        f"{ref}{kind}:{key}",
        kind,
        key,
        (key,),
        send_at,
        candidate.expires_at,
        clock.to_local(send_at),
        f"{reason}; left out by the daily cap" if outcome == "capped" else reason,
        outcome,
        None,
        ref,
        candidate.by_mail,
    )
