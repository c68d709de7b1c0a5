"""What would be said to a client, and when, before quiet hours, merging and the daily cap (DESIGN section 7).

Each candidate is one message about one occurrence, or one of those without an occurrence: first day, appointment,
follow-up of a flag. What is done, already sent, provisional, withheld or silent makes no candidate.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from schedules.facts import FlagSpan, Occurrence, Timeline
from schedules.instants import resolve_local
from schedules.missed import BY_MAIL_AFTER, ONE_TAP_AFTER
from schedules.protocol_terms import StepKind, Urgency
from schedules.quiet_hours import ONE_DAY, ClientClock
from schedules.reminder_facts import ReminderFacts, ReminderKind, WatchResult

CHECK_IN_OPEN_AFTER = timedelta(hours=10)
CHECK_IN_OPEN_NOT_BEFORE = timedelta(hours=2)  # when quiet hours pull it forward
CHECK_IN_OPEN_LAST_DAY = 14
CHECK_AGAIN_AT = time(18, 0)
CHECK_AGAIN_SAME_DAY_BEFORE = time(15, 0)
APPOINTMENT_AT = time(18, 0)
APPOINTMENT_EARLY = timedelta(hours=12)  # when quiet hours pull it forward
ROLLOVER = time(4, 0)
RULE_LASTS = timedelta(hours=12)
FIRST_DAY_LASTS = timedelta(hours=24)
FOLLOW_UP_LASTS = timedelta(hours=24)
MASK_DONE_LASTS = timedelta(hours=1)
PAUSED_LASTS = timedelta(hours=24)

CHECK_IN_KINDS: tuple[ReminderKind, ...] = ("check_in_due", "one_tap")
FIRST_DAY_KEY = "first_day@d0"
CHECK_IN, CHECK_IN_OPEN, MASK, APPLY, CLEAN, OTHER_STEP, UNCOUNTED = range(7)  # the order in which the cap keeps
RANK_OF_STEP: dict[StepKind | None, int] = {"mask": MASK, "apply": APPLY, "clean": CLEAN}


@dataclass(slots=True)
class Candidate:
    """One message that is wished for at `at`, and of use within [opens_at, expires_at).

    `rank`: the order of keeping under the daily cap. `follows_up`: the urgency of the open flag that it belongs to.
    `ref`: the plan it is of. `by_mail`: it goes by mail too.
    """

    kind: ReminderKind
    key: str
    at: datetime
    opens_at: datetime
    expires_at: datetime
    rank: int
    reason: str
    follows_up: Urgency | None = None
    ref: str = ""
    by_mail: bool = False


def list_candidates(timeline: Timeline, facts: ReminderFacts, clock: ClientClock) -> list[Candidate]:
    """All candidates of a timeline and its facts, but for those done or sent, and `check_in_open`, which hangs on what
    became of `check_in_due` (see `check_in_still_open`)."""
    found = [*_first_day(facts), *_follow_ups(facts), *_appointment(facts, clock), *_timers(facts)]
    replaced_on: set[date] = set()
    if facts.watch_results:
        checked_in_on = {_due_on(each, clock) for each in timeline.occurrences if each.key in facts.done_keys}
        for result in _first_watch_results(facts):
            mornings = _mornings_taken(result, clock)
            replaced_on |= mornings
            if checked_in_on.isdisjoint(mornings):
                found.append(_check_again(result, facts, clock))
    for occurrence in timeline.occurrences:
        kind = occurrence.kind
        if kind == "check_in" and not (replaced_on and _due_on(occurrence, clock) in replaced_on):
            found.append(_check_in(occurrence, facts))
        elif kind == "care_step" and _speaks(occurrence, facts):
            found.append(_care_step(occurrence, facts, clock))
    if facts.done_keys:
        found = [candidate for candidate in found if candidate.key not in facts.done_keys]
    if facts.sent:
        found = [candidate for candidate in found if not _is_sent(candidate, facts)]
    return found


def _is_sent(candidate: Candidate, facts: ReminderFacts) -> bool:
    """Whether it was said already; `one_tap` and `check_in_due` are two ways to say one thing."""
    if candidate.kind in CHECK_IN_KINDS:
        return any((kind, candidate.key) in facts.sent for kind in CHECK_IN_KINDS)
    return (candidate.kind, candidate.key) in facts.sent


def paused_message(facts: ReminderFacts) -> Candidate | None:
    """The one message that reminders have stopped, by push and by mail; None while they go on."""
    at = facts.missed_row.stopped_at
    if at is None:
        return None
    reason = f"{facts.missed_row.missed} check-ins missed in a row: reminders stop"
    key = f"paused@{at:%Y%m%dT%H%M%SZ}"
    if ("paused", key) in facts.sent:
        return None
    return Candidate("paused", key, at, at, at + PAUSED_LASTS, UNCOUNTED, reason, ref=facts.ref, by_mail=True)


def list_check_ins(timeline: Timeline, facts: ReminderFacts) -> tuple[Candidate, ...]:
    """The `check_in_due`, sent or not, of each check-in that may need a `check_in_open`: not done, days 0 to 14."""
    return tuple(
        _of_window("check_in_due", occurrence, CHECK_IN, "check-in time", facts)
        for occurrence in timeline.occurrences
        if occurrence.kind == "check_in"
        and occurrence.day <= CHECK_IN_OPEN_LAST_DAY
        and occurrence.key not in facts.done_keys
        and ("check_in_open", occurrence.key) not in facts.sent
    )


def check_in_still_open(due: Candidate, sent_at: datetime) -> Candidate | None:
    """The one reminder of a check-in that is still open 10 hours after its first; None if it is closed by then."""
    at = sent_at + CHECK_IN_OPEN_AFTER
    if at >= due.expires_at:
        return None
    opens_at = sent_at + CHECK_IN_OPEN_NOT_BEFORE
    reason = "10 hours after the check-in reminder, if still open"
    return Candidate("check_in_open", due.key, at, opens_at, due.expires_at, CHECK_IN_OPEN, reason, ref=due.ref)


def _check_in(occurrence: Occurrence, facts: ReminderFacts) -> Candidate:
    """The reminder of a check-in; where two or more were missed in a row one tap is enough."""
    due, row = _of_window("check_in_due", occurrence, CHECK_IN, "check-in time", facts), facts.missed_row
    if row.missed < ONE_TAP_AFTER or row.closed_at is None or due.at < row.closed_at or occurrence.optional:
        return due
    by_mail = row.missed >= BY_MAIL_AFTER
    return replace(due, kind="one_tap", reason=f"check-in time; {row.missed} missed in a row", by_mail=by_mail)


def _of_window(kind: ReminderKind, occurrence: Occurrence, rank: int, reason: str, facts: ReminderFacts) -> Candidate:
    """A message at the due time, of use while the window is open."""
    opens_at, due_at, closes_at = occurrence.window
    return Candidate(kind, occurrence.key, due_at, opens_at, closes_at, rank, reason, None, facts.ref)


def _speaks(occurrence: Occurrence, facts: ReminderFacts) -> bool:
    """Whether a care step has a message of its own (protocols rules 12, 18, 19, 39)."""
    if occurrence.silent or occurrence.remind == "none" or occurrence.provisional or occurrence.withheld:
        return False
    return occurrence.entry == "slot" or occurrence.window.opens_at > facts.plan.treatment_ended_at


def _care_step(occurrence: Occurrence, facts: ReminderFacts, clock: ClientClock) -> Candidate:
    """A slot speaks when it is due. A rule or an as-needed step speaks when its window starts; that message is worth
    sending until the first 04:00 at least 12 hours later, or the end of the window."""
    window, kind = occurrence.window, occurrence.step_kind
    rank = RANK_OF_STEP.get(kind, OTHER_STEP)
    name: ReminderKind = "mask_due" if kind == "mask" else "care_step"
    if occurrence.entry == "slot":
        return _of_window(name, occurrence, rank, "step time", facts)
    expires_at = min(window.closes_at, clock.next_time(ROLLOVER, window.opens_at + RULE_LASTS))
    return Candidate(
        name, occurrence.key, window.opens_at, window.opens_at, expires_at, rank, "start of the rule", ref=facts.ref
    )


def _first_day(facts: ReminderFacts) -> Iterator[Candidate]:
    """The one message of day 0, in which the rules that start with the treatment end stand (rule 19)."""
    ended_at = facts.plan.treatment_ended_at
    at = max(ended_at, facts.joined_at or ended_at)
    reason = "end of treatment" if at == ended_at else "the phone joined"
    yield Candidate("first_day", FIRST_DAY_KEY, at, at, at + FIRST_DAY_LASTS, UNCOUNTED, reason, ref=facts.ref)


def _first_watch_results(facts: ReminderFacts) -> tuple[WatchResult, ...]:
    """The first watch result of each plan day: one check_again only."""
    latest_first = sorted(facts.watch_results, key=lambda result: result.at, reverse=True)
    return tuple({result.day: result for result in latest_first}.values())


def _is_early(result: WatchResult, clock: ClientClock) -> bool:
    """Before 3 pm, where the hours before 04:00 belong to the day before (rule 57)."""
    return ROLLOVER <= clock.to_local(result.at).time() < CHECK_AGAIN_SAME_DAY_BEFORE


def _app_date(result: WatchResult, clock: ClientClock) -> date:
    return (clock.to_local(result.at) - timedelta(hours=ROLLOVER.hour)).date()


def _mornings_taken(result: WatchResult, clock: ClientClock) -> frozenset[date]:
    """The local dates whose check-in reminder gives way to this result's check_again."""
    return frozenset() if _is_early(result, clock) else frozenset({_app_date(result, clock) + ONE_DAY})


def _due_on(occurrence: Occurrence, clock: ClientClock) -> date | None:
    """The local date of a check-in; None for all else."""
    return clock.to_local(occurrence.window.due_at).date() if occurrence.kind == "check_in" else None


def _check_again(result: WatchResult, facts: ReminderFacts, clock: ClientClock) -> Candidate:
    """6 pm of the same day if the result came before 3 pm, else the next morning at the check-in time."""
    on = _app_date(result, clock)
    if _is_early(result, clock):
        at = clock.resolve(datetime.combine(on, CHECK_AGAIN_AT), near=result.at)
        reason = f"asked again after day {result.day}"
    else:
        at = clock.resolve(datetime.combine(on + ONE_DAY, facts.plan.check_in_at), near=result.at)
        reason = f"asked again after day {result.day}, in place of the check-in reminder"
    key = f"check_again@d{result.day}"
    expires_at = clock.next_time(ROLLOVER, at)
    return Candidate("check_again", key, at, result.at, expires_at, UNCOUNTED, reason, ref=facts.ref)


def _follow_ups(facts: ReminderFacts) -> Iterator[Candidate]:
    """At each hour of `follow_up_h` after a flag was raised, until it is closed (rule 40).

    Flags of one urgency raised by one check-in share their follow-ups. A watch flag sends `check_again`.
    """
    for flag in _one_per_moment(facts.plan.flags):
        for hours in facts.follow_up_h.get(flag.urgency, ()):
            at = flag.raised_at + timedelta(hours=hours)
            if flag.closed_at is not None and flag.closed_at <= at:
                continue
            key = f"follow_up@{flag.raised_at:%Y%m%dT%H%M%SZ}+{hours}h"
            reason = f"{hours} hours after the warning sign"
            kind: ReminderKind = "check_again" if flag.urgency == "practitioner_review" else "help_followup"
            yield Candidate(kind, key, at, at, at + FOLLOW_UP_LASTS, UNCOUNTED, reason, flag.urgency, facts.ref)


def _one_per_moment(flags: tuple[FlagSpan, ...]) -> tuple[FlagSpan, ...]:
    """Of this plan's flags of one urgency and instant, one that is open longest."""
    longest: dict[tuple[datetime, Urgency], FlagSpan] = {}
    for flag in flags:
        if flag.elsewhere:
            continue
        known = longest.setdefault((flag.raised_at, flag.urgency), flag)
        if known.closed_at is not None and (flag.closed_at is None or flag.closed_at > known.closed_at):
            longest[flag.raised_at, flag.urgency] = flag
    return tuple(longest.values())


def _appointment(facts: ReminderFacts, clock: ClientClock) -> Iterator[Candidate]:
    """The day before the booked treatment at 18:00; by its date alone where no hour is known yet."""
    planned_on = facts.plan.anchors.get("next_treatment")
    if facts.appointment_at is not None:
        planned_on = clock.to_local(facts.appointment_at).date()
    if planned_on is None:
        return
    eve = datetime.combine(planned_on - ONE_DAY, APPOINTMENT_AT)
    near = resolve_local(eve.date(), eve.time(), facts.plan.plan_zone)
    at = clock.resolve(eve, near)
    end = facts.appointment_at or clock.resolve(datetime.combine(planned_on, ROLLOVER), near)
    key = f"appointment@{planned_on:%Y-%m-%d}"
    opens_at = at - APPOINTMENT_EARLY
    reason = "the day before the next treatment"
    yield Candidate("appointment", key, at, opens_at, end, UNCOUNTED, reason, ref=facts.ref)


def _timers(facts: ReminderFacts) -> Iterator[Candidate]:
    for timer in facts.timers:
        end = timer.ends_at + MASK_DONE_LASTS
        at, key = timer.ends_at, timer.occurrence_key
        yield Candidate("mask_done", key, at, at, end, UNCOUNTED, "timer ended", ref=facts.ref)
