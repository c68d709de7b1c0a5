"""Each `check.type` of readiness on the shipped laser protocol (protocols/README.md, rules 42 and 45 to 50)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from schedules.catalog import latest
from schedules.facts import CheckInFacts, ConditionResult, FlagSpan, PhotoTaken, ReadinessFacts, SignOff
from schedules.protocol import Protocol, ReadinessCheck
from schedules.protocol_terms import AnswerValue
from schedules.readiness import evaluate_readiness

DAY_ZERO = date(2026, 1, 5)
LASER = latest("laser")
NOTHING = ReadinessFacts(DAY_ZERO, "scalp", {}, (), skin_type="II")


def on(day: int) -> date:
    return DAY_ZERO + timedelta(days=day)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 1, 5, hour, tzinfo=UTC) + timedelta(days=day)


def told(*days: tuple[int, Mapping[str, AnswerValue]]) -> ReadinessFacts:
    check_ins = (CheckInFacts(str(i), day, on(day), at(day), answers) for i, (day, answers) in enumerate(days))
    return replace(NOTHING, check_ins=tuple(check_ins))


def result(condition: str, facts: ReadinessFacts, today: int, protocol: Protocol = LASER) -> ConditionResult:
    reasons = evaluate_readiness(protocol, facts, on(today)).reasons
    return next(reason for reason in reasons if reason.id == condition)


@pytest.mark.parametrize(("today", "met"), [(41, False), (42, True), (300, True)])
def test_rule_45_min_days_turns_on_its_day(today: int, met: bool) -> None:
    reason = result("min_days", NOTHING, today)
    assert (reason.met, reason.earliest_on, reason.group) == (met, on(42), "time")
    assert reason.evidence == {
        "day": today,
        "needed_days": 42,
        "add_days": 0,
        "skin_type": "II",
        "skin_type_known": True,
    }


def test_rule_43_the_evidence_says_that_the_skin_type_is_not_known() -> None:
    evidence = result("min_days", replace(NOTHING, skin_type=None), 50).evidence
    assert (evidence["needed_days"], evidence["skin_type_known"]) == (70, False)


@pytest.mark.parametrize(("today", "met"), [(9, False), (10, True)])
def test_anchor_reached(today: int, met: bool) -> None:
    reason = result("scabs_off", replace(NOTHING, anchors={"scabs_off": on(10)}), today)
    assert (reason.met, reason.earliest_on, reason.evidence) == (met, on(10), {"anchor": "scabs_off", "on": on(10)})


def test_an_anchor_not_reached_has_no_date() -> None:
    reason = result("scabs_off", NOTHING, 30)
    assert (reason.met, reason.earliest_on) == (False, None)


def test_rule_6_closed_skin_means_that_the_scabs_are_off() -> None:
    assert result("scabs_off", replace(NOTHING, anchors={"skin_closed": on(12)}), 20).met


@pytest.mark.parametrize(("today", "met"), [(44, False), (45, True)])
def test_rule_45_days_since_the_anchor_turn_on_their_day(today: int, met: bool) -> None:
    reason = result("after_scab_gap", replace(NOTHING, anchors={"scabs_off": on(24)}), today)
    assert (reason.met, reason.earliest_on) == (met, on(45))
    assert reason.evidence == {
        "anchor": "scabs_off",
        "on": on(24),
        "days_since": today - 24,
        "needed_days": 21,
        "add_days": 0,
        "lower_bound": False,
    }


def test_rule_42_while_the_anchor_is_unknown_its_date_is_a_lower_bound() -> None:
    reason = result("after_scab_gap", NOTHING, 100)
    assert (reason.met, reason.earliest_on, reason.evidence["lower_bound"]) == (False, on(121), True)


@pytest.mark.parametrize(
    ("answers", "met"),
    [
        pytest.param([], False, id="no answer"),
        pytest.param([(20, "none")], False, id="one of two"),
        pytest.param([(20, "none"), (21, "none")], True, id="two"),
        pytest.param([(20, "clear"), (21, "none"), (22, "none")], True, id="the latest two"),
        pytest.param([(20, "none"), (21, "none"), (22, "clear")], False, id="the latest does not fit"),
        pytest.param([(20, "none"), (31, "none")], False, id="an answer after today is not read"),
        pytest.param([(20, "none"), (30, "none")], True, id="today's is read"),
    ],
)
def test_rule_46_the_latest_answers_in_a_row(answers: list[tuple[int, str]], met: bool) -> None:
    assert result("no_fluid", told(*((day, {"fluid": value}) for day, value in answers)), 30).met is met


def test_rule_46_the_evidence_is_the_answers_read() -> None:
    facts = told((1, {"fluid": "clear"}), (20, {"fluid": "none"}), (21, {"pain": 0}), (22, {"fluid": "none"}))
    assert result("no_fluid", facts, 30).evidence == {
        "question": "fluid",
        "answers": [{"value": "none", "on": on(20)}, {"value": "none", "on": on(22)}],
        "needed": 2,
    }


@pytest.mark.parametrize(
    ("days", "met"),
    [
        ([(20, {"pain": 0}), (21, {"itch": 2})], True),
        ([(20, {"pain": 0, "itch": 3})], False),
        ([(20, {"pain": 1, "itch": 0})], False),
        ([(20, {"pain": 0})], False),
        ([(20, {"pain": 5, "itch": 9}), (21, {"pain": 0, "itch": 0})], True),
    ],
)
def test_rule_46_all_of_takes_the_latest_answer_to_each(
    days: list[tuple[int, dict[str, AnswerValue]]], met: bool
) -> None:
    assert result("calm", told(*days), 30).met is met


def test_rule_46_all_of_shows_what_it_read() -> None:
    evidence = result("calm", told((20, {"pain": 0})), 30).evidence
    assert evidence == {"answers": [{"question": "pain", "value": 0, "on": on(20)}]}


@pytest.mark.parametrize(
    ("answers", "met", "earliest"),
    [
        pytest.param([], False, None, id="no answer"),
        pytest.param([(29, "no")], False, None, id="31 days old"),
        pytest.param([(30, "no")], True, None, id="30 days old still counts"),
        pytest.param([(30, "burn_tan"), (50, "no")], False, 61, id="a bad one in the window"),
        pytest.param([(29, "burn_tan"), (50, "no")], True, None, id="the bad one fell out"),
        pytest.param([(40, "burn_tan"), (45, "burn_tan"), (50, "no")], False, 76, id="the later bad one decides"),
        pytest.param([(50, "some")], True, None, id="some sun is no tan"),
    ],
)
def test_rule_47_all_answers_of_the_window_fit(answers: list[tuple[int, str]], met: bool, earliest: int | None) -> None:
    reason = result("no_tan", told(*((day, {"sun": value}) for day, value in answers)), 60)
    assert (reason.met, reason.earliest_on) == (met, None if earliest is None else on(earliest))


def test_rule_47_the_window_is_met_on_the_date_it_promised() -> None:
    facts = told((30, {"sun": "burn_tan"}), (50, {"sun": "no"}))
    promised = result("no_tan", facts, 40).earliest_on
    assert promised == on(61)
    assert not result("no_tan", facts, 60).met
    assert result("no_tan", facts, 61).met


def test_rule_47_the_window_shows_its_length_and_every_answer_in_it() -> None:
    facts = told((20, {"sun": "burn_tan"}), (40, {"sun": "some"}), (50, {"sun": "no"}))
    assert result("no_tan", facts, 60).evidence == {
        "question": "sun",
        "needed": 1,
        "window_days": 30,
        "answers": [{"value": "some", "on": on(40)}, {"value": "no", "on": on(50)}],
    }


@pytest.mark.parametrize(
    ("answer_day", "signed", "met"),
    [
        pytest.param(20, None, False, id="not signed"),
        pytest.param(20, 20, True, id="on the day of the answer"),
        pytest.param(20, 25, True, id="after it"),
        pytest.param(20, 19, False, id="before it"),
        pytest.param(20, 31, False, id="not yet"),
        pytest.param(None, 20, True, id="signed without any answer"),
        pytest.param(None, None, False, id="neither"),
    ],
)
def test_rule_48_an_answer_or_the_practitioners_signature(
    answer_day: int | None, signed: int | None, met: bool
) -> None:
    facts = told() if answer_day is None else told((answer_day, {"skin_tone": "darker"}))
    signatures = {} if signed is None else {"tone_ok": on(signed)}
    assert result("tone_ok", replace(facts, condition_signoffs=signatures), 30).met is met


def test_rule_48_a_fitting_answer_needs_no_signature() -> None:
    assert result("tone_ok", told((20, {"skin_tone": "darker"}), (21, {"skin_tone": "pink"})), 30).met


def test_rule_48_the_answer_and_the_signature_are_shown() -> None:
    facts = replace(told((20, {"skin_tone": "darker"})), condition_signoffs={"tone_ok": on(25)})
    assert result("tone_ok", facts, 30).evidence == {
        "question": "skin_tone",
        "answers": [{"value": "darker", "on": on(20)}],
        "signed_off_on": on(25),
    }


def test_rule_50_flags_of_every_urgency_count() -> None:
    review = FlagSpan("low_mood", "practitioner_review", at(20))
    reason = result("no_flags", replace(NOTHING, flags=(review,)), 30)
    assert (reason.met, reason.evidence) == (False, {"open_rules": ["low_mood"]})
    assert result("no_flags", replace(NOTHING, flags=(replace(review, closed_at=at(25)),)), 30).met


VIEWS = [view.id for view in LASER.shared.photo_protocol.views["scalp"]]


@pytest.mark.parametrize(
    ("taken", "seen", "met"),
    [
        pytest.param(dict.fromkeys(VIEWS, 50), [], True, id="all on one day"),
        pytest.param(
            {view: 43 + n for n, view in enumerate(VIEWS)}, [], True, id="over the week, seven days old counts"
        ),
        pytest.param({**dict.fromkeys(VIEWS, 50), "back": 42}, [], False, id="one is eight days old"),
        pytest.param({**dict.fromkeys(VIEWS, 50), "back": 51}, [], False, id="one is of tomorrow"),
        pytest.param({}, [43], True, id="seen in person seven days ago"),
        pytest.param({}, [42], False, id="seen eight days ago"),
        pytest.param({}, [42, 50], True, id="seen twice"),
        pytest.param({}, [], False, id="nothing"),
    ],
)
def test_rule_49_a_photo_of_each_view_or_seen_in_person(taken: dict[str, int], seen: list[int], met: bool) -> None:
    facts = replace(
        NOTHING,
        photos=tuple(PhotoTaken(view, on(day)) for view, day in taken.items()),
        seen_in_person_on=tuple(on(day) for day in seen),
    )
    assert result("photos", facts, 50).met is met


def test_rule_49_the_evidence_names_the_missing_views() -> None:
    facts = replace(NOTHING, photos=tuple(PhotoTaken(view, on(50)) for view in VIEWS[:-1]))
    assert result("photos", facts, 50).evidence == {
        "within_days": 7,
        "views": VIEWS,
        "missing": VIEWS[-1:],
        "seen_in_person_on": None,
    }


def test_photos_without_a_window_count_whenever_they_were_taken() -> None:
    conditions = tuple(
        replace(c, check=ReadinessCheck("photo_set")) if c.id == "photos" else c for c in LASER.readiness.conditions
    )
    protocol = replace(LASER, readiness=replace(LASER.readiness, conditions=conditions))
    facts = replace(NOTHING, photos=tuple(PhotoTaken(view, on(1)) for view in VIEWS))
    assert result("photos", facts, 50, protocol).met


def test_the_practitioners_yes_shows_its_date_and_whether_it_was_revoked() -> None:
    signed = replace(NOTHING, sign_off=SignOff(on(50), at(50)))
    assert result("practitioner_yes", NOTHING, 50).evidence == {"on": None, "revoked": False}
    assert result("practitioner_yes", signed, 50).evidence == {"on": on(50), "revoked": False}
    revoked = replace(signed, flags=(FlagSpan("low_mood", "practitioner_review", at(51), at(52)),))
    assert result("practitioner_yes", revoked, 53).evidence == {"on": on(50), "revoked": True}
