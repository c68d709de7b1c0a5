"""The shape of a language: every sentence with which the phone edge speaks to a client. A module per language fills it.

What stands in braces is filled in by `words.py`, `healing_words.py`, `readiness_words.py` and the documents. Words of a
plan (questions, steps, rules) are the plan's own and are not translated here. Sentences around a number are written so
that they need no plural.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """`months`: from January; `date`: `{day}` and `{month}`. Keys of the mappings are ids of the protocols."""

    months: tuple[str, ...]
    date: str
    about: str

    # a check-in's result
    disclaimer: str
    levels: Names
    on_track_on: str
    call_now: str
    more_than_usual: str
    nothing_unusual: str
    call_now_line: str
    do_not_wait: str
    call_advice_or_doctor: str
    advice_line_on: str
    call_doctor: str
    leave_out: str
    emergency_line: str
    keep_to_steps: str
    keep_to_steps_today: str
    looks_at_answers: str
    sign_names: Names
    number_value: str
    reading_number: str
    reading_choice: str
    reading_earlier: str
    reading_usual: str
    up_to: str

    # today
    sites: Names
    until_anchor: Names
    treatment_number: str

    # how healing runs
    told: str
    warning_open: str
    again_next_time: str
    more_now: str
    more_then: str
    outside: str
    was_ahead: str
    was_in_range: str
    is_ahead: str
    is_in_range: str

    # readiness
    groups: Names
    last_look_by: str
    why_wait: str
    met: str
    not_met: str
    looked_at: str
    wait_until: str
    test_patch: str
    doctor_first: str
    decides_with_you: str
    day_of: str
    gap_unknown: str
    gap: str
    anchor_since: str
    anchor_unseen: str
    said_yes: str
    no_answer: str
    answer: str
    flags_open: str
    no_flags: str
    saw_in_person: str
    photos: str
    sign_off_waits: str
    sign_off_revoked: str
    sign_off_given: str
