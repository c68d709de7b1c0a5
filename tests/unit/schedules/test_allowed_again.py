"""When can I go in the sun, train, swim, shave, wear a hat, dye my hair? Each shipped file answers, or truthfully has
nothing to say."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest

from schedules.allowed_again import TOPICS, AllowedAgain, Topic, list_allowed_again
from schedules.catalog import get, latest, list_methods, list_versions
from schedules.facts import PlanFacts
from schedules.protocol import CareStep, Protocol, StepWindow, WindowEnd
from schedules.protocol_terms import Site

ENDED_AT = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
LONDON = "Europe/London"
ABOUT: Mapping[Topic, str] = {  # words by which a step says what it is about
    "sun": r"\bsun",
    "gym": r"\bgym\b",
    "swim": r"\bswimming\b",
    "shave": r"\bshave|blade|razor",
    "hat": r"\bhat\b",
    "hair_dye": r"\bdye\b",
}
SAYS_NOTHING: Mapping[Site, set[Topic]] = {"scalp": set(), "brows": {"shave", "hat"}, "body": {"hat"}}


def on(day: int) -> date:
    return date(2026, 3, 2) + timedelta(days=day)


def facts(today: int = 0, **known: Any) -> PlanFacts:
    basis = PlanFacts(treatment_ended_at=ENDED_AT, plan_zone=LONDON, today=on(today), site="scalp")
    return replace(basis, **known)


def answers(method: str, known: PlanFacts) -> dict[Topic, AllowedAgain]:
    return {answer.topic: answer for answer in list_allowed_again(latest(method), known, LONDON)}


SHIPPED = [get(method, version) for method in list_methods() for version in list_versions(method)]


@pytest.mark.parametrize("site", get_args(Site))
@pytest.mark.parametrize("protocol", SHIPPED, ids=lambda one: f"{one.id} {one.content_version}")
def test_each_shipped_file_answers_each_question_or_has_no_step_for_that_site(protocol: Protocol, site: Site) -> None:
    found = list_allowed_again(protocol, facts(site=site), LONDON)
    assert {answer.topic for answer in found} == set(TOPICS) - SAYS_NOTHING[site]
    for answer in found:
        assert answer.on or answer.after, answer.topic
        assert not answer.is_now, answer.topic


@pytest.mark.parametrize("protocol", SHIPPED, ids=lambda one: f"{one.id} {one.content_version}")
def test_the_table_names_steps_that_say_what_they_are_about(protocol: Protocol) -> None:
    for topic, steps in TOPICS.items():
        for step_id in (*steps.waits, *steps.then):
            step = protocol.care_steps.get(step_id)
            if step is not None:
                words = f"{step.title} {step.instruction}"
                assert re.search(ABOUT[topic], words, re.IGNORECASE), f"{step_id} does not speak of {topic}"
        assert any(step_id in protocol.care_steps for step_id in steps.waits), topic


@pytest.mark.parametrize("protocol", SHIPPED, ids=lambda one: f"{one.id} {one.content_version}")
def test_no_step_to_avoid_that_speaks_of_a_question_is_left_out_of_its_answer(protocol: Protocol) -> None:
    for topic, words in ABOUT.items():
        steps = TOPICS[topic]
        for step in protocol.care_steps.values():
            if step.kind == "avoid" and re.search(words, f"{step.title} {step.instruction}", re.IGNORECASE):
                assert step.id in (*steps.waits, *steps.then), f"{step.id} speaks of {topic}"


def test_hours_after_the_treatment_end_in_a_day_and_the_next_one_is_free() -> None:
    swim = answers("undo", facts())["swim"]  # 14 days from 2 March, 14:30
    assert (swim.on, swim.after, swim.is_now) == (on(15), None, False)
    assert not answers("undo", facts(14))["swim"].is_now
    assert answers("undo", facts(15))["swim"].is_now


def test_hours_that_end_at_midnight_on_the_clients_clock_leave_that_day_free() -> None:
    (swim,) = (
        answer for answer in list_allowed_again(latest("undo"), facts(), "Asia/Kolkata") if answer.topic == "swim"
    )
    assert swim.on == on(15)
    at_midnight = facts(treatment_ended_at=datetime(2026, 3, 2, 18, 30, tzinfo=UTC))
    found = {answer.topic: answer for answer in list_allowed_again(latest("undo"), at_midnight, "Asia/Kolkata")}
    assert found["swim"].on == date(2026, 3, 17)


def test_what_waits_for_the_skin_says_so_and_about_when_while_that_lies_ahead() -> None:
    sun = answers("saline", facts(6))["sun"]
    assert (sun.on, sun.after, sun.after_days, sun.about_on) == (None, "skin_closed", 0, on(17))
    assert answers("saline", facts(16))["sun"].about_on == on(17)
    assert answers("saline", facts(17))["sun"].about_on is None


def test_a_known_date_of_the_skin_is_the_answer() -> None:
    closed = {"skin_closed": on(13)}
    assert answers("saline", facts(12, anchors=closed))["sun"].on == on(13)
    assert not answers("saline", facts(12, anchors=closed))["sun"].is_now
    assert answers("saline", facts(13, anchors=closed))["sun"].is_now


def test_a_step_whose_words_also_wait_for_the_scabs_waits_for_both() -> None:
    swim = answers("saline", facts(3))["swim"]
    assert (swim.on, swim.after, swim.about_on) == (None, "scabs_off", on(15))
    assert answers("saline", facts(20))["swim"].after == "scabs_off"
    assert answers("saline", facts(3, anchors={"scabs_off": on(9)}))["swim"].on == on(15)
    assert answers("saline", facts(20, anchors={"scabs_off": on(18)}))["swim"].on == on(18)


def test_what_holds_after_the_waiting_is_told_until_it_is_over() -> None:
    closed = {"skin_closed": on(13)}
    (razor,) = answers("saline", facts(13, anchors=closed))["shave"].then
    assert (razor.step.id, razor.until_on) == ("no_razor", on(29))
    assert answers("saline", facts(29, anchors=closed))["shave"].then == ()
    assert answers("saline", facts(5))["shave"].then != ()
    late = {"skin_closed": on(40)}
    assert answers("saline", facts(20, anchors=late))["shave"].then == ()  # it has no stretch at all (rule 11)


def test_what_holds_before_the_next_treatment_is_told_before_that_is_booked() -> None:
    sun = answers("laser", facts(20, anchors={"skin_closed": on(13)}))["sun"]
    assert [(later.step.id, later.until_on) for later in sun.then] == [("sunscreen", on(91)), ("no_tan_before", None)]


def changed(step_id: str, **values: Any) -> Protocol:
    protocol = latest("saline")
    step: CareStep = replace(protocol.care_steps[step_id], **values)
    return replace(protocol, care_steps={**protocol.care_steps, step_id: step})


def gym(protocol: Protocol, known: PlanFacts) -> list[AllowedAgain]:
    return [answer for answer in list_allowed_again(protocol, known, LONDON) if answer.topic == "gym"]


def test_what_the_clinic_has_turned_off_or_not_confirmed_answers_nothing() -> None:
    assert gym(changed("no_sweat", default_on=False), facts()) == []
    waits = changed("no_sweat", clinic_must_confirm=True)
    assert gym(waits, facts()) == []
    assert len(gym(waits, facts(confirmed_steps=frozenset({"no_sweat"})))) == 1


def test_days_after_something_not_known_yet_are_told_with_it() -> None:
    window = StepWindow(WindowEnd("treatment_end", 0), WindowEnd("scabs_off", 48), (0, 12))
    (answer,) = gym(changed("no_sweat", window=window), facts())
    assert (answer.after, answer.after_days) == ("scabs_off", 2)
    (answer,) = gym(changed("no_sweat", window=window), facts(12, anchors={"scabs_off": on(10)}))
    assert (answer.on, answer.is_now) == (on(12), True)
