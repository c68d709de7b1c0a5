"""What holds at the end of every story, and for every push in it."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from backend.db import StaffScope
from backend.services import audit, ledger, sealing
from backend.services.push_texts import CLIENT_TEXTS, PRACTITIONER_TEXTS
from schedules import AnchorName, Occurrence, PlanFacts, build_timeline, latest_protocol, wall_time
from tests.acceptance.diary import Note
from tests.acceptance.handset import Handset
from tests.acceptance.story import DAY_0, ZONE, Story, text_of
from tests.acceptance.studio import Studio

HEALTH = re.compile(
    r"hair|scalp|brow(?!ser)|tattoo|pigment|remov|laser|saline|undo(?!ne)|scab|mask|skin|heal(?!thz)|fever|burn|wash"
    r"|sunscreen|\boil\b|blister|itch|\bpain\b|\bIda\b|\bAna\b|\bJoe\b|North Light",
    re.IGNORECASE,
)
NEUTRAL = frozenset({*CLIENT_TEXTS.values(), *PRACTITIONER_TEXTS.values()})
ROUTINE = frozenset({"check_in_due", "check_in_open", "care_step", "mask_due", "one_tap", "merged"})
TIMED = frozenset({"check_in_due", "care_step", "mask_due"})
AT_ANY_HOUR = frozenset({"mask_done", "act_now", "alarm"})
QUIET_FROM, QUIET_UNTIL = time(22), time(7, 30)
DAILY_CAP = 3
MERGED_WITHIN = timedelta(minutes=45)
LAST_STILL_OPEN_DAY = 14


def find_health_words(texts: Iterable[str]) -> list[str]:
    """Each text that says what it is about, or names a person (PROMISES K2)."""
    return [text for text in texts if HEALTH.search(text)]


def check_the_end(story: Story, studio: Studio) -> None:
    """Nothing was lost, nothing was altered, nothing was said."""
    counted = ledger.check_conservation(now=story.now)
    assert counted.holds, counted
    assert all(clinic.difference == 0 and clinic.planned_ever > 0 for clinic in counted.clinics)
    sealing.seal_all(now=story.now)
    sealed = audit.verify(StaffScope(studio.clinic_id))
    assert sealed.fault is None
    assert sealed.unsealed == 0
    assert sealed.sealed > 0
    assert not story.pushes.refusals
    check_discretion(story)


def check_discretion(story: Story) -> None:
    """No health word and no name in a push, a mail, a log line, a page title or the address of a page or request."""
    assert {shown.words for shown in story.shown} <= NEUTRAL
    assert {shown.push.payload["notification"]["title"] for shown in story.shown} <= {"Fallow"}
    assert not find_health_words(text_of(shown.push) for shown in story.shown)
    assert not find_health_words(f"{mail['Subject']} {mail.get_content()}" for mail in story.mails.mails)
    assert story.log.lines, "the log was kept"
    assert not find_health_words(story.log.lines)
    assert not find_health_words(story.titles)
    assert not find_health_words(url for url in story.urls if url.startswith("/api"))


def check_manners(phone: Handset, kinds: Mapping[str, str], zone: str = ZONE) -> None:
    """At most three routine pushes a day, and nothing in quiet hours but what may break through (PROMISES T3, T4).

    `kinds`: what each push was, by reminder id.
    """
    routine: Counter[date] = Counter()
    for shown in phone.lock_screen:
        kind, at = kinds[str(shown.reminder_id)], wall_time(shown.at, zone)
        routine[at.date()] += kind in ROUTINE
        quiet = at.time() >= QUIET_FROM or at.time() < QUIET_UNTIL
        assert kind in AT_ANY_HOUR or not quiet, f"{kind} at {at}"
    assert max(routine.values()) <= DAILY_CAP, routine.most_common(3)
    doubles = [shown.reminder_id for shown in phone.lock_screen]
    assert len(doubles) == len(set(doubles)), "one push came twice"


def build_expected(
    method: str, ended_at: datetime, today: int, anchors: Mapping[AnchorName, int], confirmed: Iterable[str] = ()
) -> dict[str, Occurrence]:
    """The occurrences of a plan straight from the reference data, by key; anchors as plan days."""
    facts = PlanFacts(
        treatment_ended_at=ended_at,
        plan_zone=ZONE,
        today=DAY_0 + timedelta(days=today),
        site="scalp",
        anchors={name: DAY_0 + timedelta(days=day) for name, day in anchors.items()},
        confirmed_steps=frozenset(confirmed),
    )
    return {each.key: each for each in build_timeline(latest_protocol(method), facts, ZONE).occurrences}


def as_lived(
    before: Mapping[str, Occurrence], after: Mapping[str, Occurrence], found_at: datetime
) -> dict[str, Occurrence]:
    """The plan as it was lived: the old one until an anchor was found, the new one from then on (rule 20)."""
    lived = {key: each for key, each in before.items() if each.window.due_at <= found_at and not each.provisional}
    ahead = (each for each in after.values() if each.window.due_at > found_at or _is_rule_at(each, found_at))
    return lived | {each.key: each for each in ahead}


def check_timeline(shown: Iterable[Mapping[str, Any]], expected: Mapping[str, Occurrence]) -> None:
    """The phone's timeline is the reference data's: the same occurrences, opening, due and closing at the same time."""

    def times(opens_at: str, due_at: str, closes_at: str) -> tuple[str, str, str]:
        return opens_at, due_at, closes_at

    theirs = {each["key"]: times(each["opens_at"], each["due_at"], each["closes_at"]) for each in shown}
    ours = {
        key: times(
            *(f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (each.window.opens_at, each.window.due_at, each.window.closes_at))
        )
        for key, each in expected.items()
    }
    assert theirs == ours


def check_moments(notes: Iterable[Note], expected: Mapping[str, Occurrence]) -> None:
    """Each push comes when the first thing that it speaks of is due, and within the window of each; what is due in
    quiet hours comes at their end, or five minutes before them. Nothing that is done is spoken of."""
    for note in notes:
        named = [expected[key] for kind, key in note.names if kind in TIMED]
        if not named:
            continue
        at = note.shown.at
        for each in named:
            assert each.window.opens_at - MERGED_WITHIN <= at < each.window.closes_at, (each.key, at)
        dues = {each.window.due_at for each in named}
        edge = note.shown.local() in (f"{QUIET_UNTIL:%H:%M}", "21:55")
        assert at in dues or (edge and any(_is_quiet(due) for due in dues)), (note.keys, at)


def check_nothing_done_is_named(notes: Iterable[Note], done_at: Mapping[str, datetime]) -> None:
    """No push about what was done before it came (PROMISES T3)."""
    for note in notes:
        done = [key for kind, key in note.names if kind in ROUTINE and done_at.get(key, note.shown.at) < note.shown.at]
        assert not done, (done, note.shown.at)


def check_complete(
    notes: Sequence[Note], expected: Mapping[str, Occurrence], done_at: Mapping[str, datetime], now: datetime
) -> None:
    """Every check-in and care step that fell due undone was spoken of, but where the day had its three pushes already;
    a check-in always."""
    spoken = {key for note in notes for key in note.keys}
    per_day = Counter(wall_time(note.shown.at, ZONE).date() for note in notes if note.kind in ROUTINE)
    first = min(note.shown.at for note in notes)
    for each in expected.values():
        due = each.window.due_at
        if not first < due <= now - timedelta(hours=10) or done_at.get(each.key, now) <= due or each.key in spoken:
            continue
        if each.kind == "check_in" or each.step_kind == "mask":
            raise AssertionError(f"{each.key} was never said")
        if each.entry == "slot" and each.remind == "each_time" and not each.withheld and not each.provisional:
            # until day 14 one of the three is kept for "still open", which the check-in then made needless
            least = DAILY_CAP - 1 if each.day <= LAST_STILL_OPEN_DAY else DAILY_CAP
            assert per_day[wall_time(due, ZONE).date()] >= least, f"{each.key} was never said"


def _is_rule_at(each: Occurrence, at: datetime) -> bool:
    return each.entry != "slot" and each.window.closes_at > at


def _is_quiet(at: datetime) -> bool:
    on_the_clock = wall_time(at, ZONE).time()
    return on_the_clock >= QUIET_FROM or on_the_clock < QUIET_UNTIL
