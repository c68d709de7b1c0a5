"""Contradictions on one skin (rule 61): "keep it dry" of one plan and "wash it" of another, on one local date."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.contradictions import Contradiction, PlanOnSkin, find_contradictions
from schedules.facts import PlanFacts
from schedules.protocol import Frequency, Protocol
from schedules.protocol_terms import AnchorName, CareStyle, Site
from schedules.timeline import build_timeline
from tests.unit.schedules.changed_protocols import LASER, SALINE, UNDO, with_step

BERLIN = "Europe/Berlin"
DAY_0 = date(2026, 10, 20)  # the clocks of Berlin go back on 25 October


def plan(
    protocol: Protocol,
    ref: str = "",
    *,
    ended_on: date = DAY_0,
    area: str = "",
    site: Site = "scalp",
    anchors: dict[AnchorName, date] | None = None,
    confirmed: bool = True,
    care_style: CareStyle | None = None,
    today: date | None = None,
) -> PlanOnSkin:
    facts = PlanFacts(
        treatment_ended_at=datetime(ended_on.year, ended_on.month, ended_on.day, 12, tzinfo=UTC),
        plan_zone=BERLIN,
        today=today or ended_on,
        site=site,
        care_style=care_style,
        anchors=anchors or {},
        confirmed_steps=frozenset(protocol.care_steps) if confirmed else frozenset(),
    )
    name = ref or protocol.id
    return PlanOnSkin(name, area or name, protocol, site, build_timeline(protocol, facts, BERLIN), BERLIN)


def pairs(*plans: PlanOnSkin) -> dict[tuple[str, str], Contradiction]:
    return {
        (f"{one.one.ref}.{one.one.step_id}", f"{one.other.ref}.{one.other.step_id}"): one
        for one in find_contradictions(plans)
    }


def test_keep_dry_of_one_plan_and_wash_of_another_on_one_site_are_named_with_their_dates() -> None:
    found = pairs(plan(LASER, ended_on=DAY_0 - timedelta(days=5)), plan(SALINE))
    both = found["laser.wash", "saline.keep_dry_first"]
    assert (both.first_on, both.last_on, both.days) == (DAY_0, DAY_0 + timedelta(days=2), 3)
    assert (both.one.title, both.other.title) == ("Wash it gently", "Keep water off for 2 days")
    assert ("laser.ointment", "saline.no_ointment") not in found  # the ointment's three days are over
    assert ("laser.ointment", "saline.no_ointment") in pairs(plan(LASER), plan(SALINE))


def test_the_order_of_the_plans_does_not_matter_and_each_two_steps_are_named_once() -> None:
    laser, saline, undo = plan(LASER), plan(SALINE), plan(UNDO)
    found = find_contradictions([laser, saline, undo])
    assert found == find_contradictions([undo, laser, saline])
    named = [{(one.one.ref, one.one.step_id), (one.other.ref, one.other.step_id)} for one in found]
    assert all(named.count(each) == 1 for each in named)
    assert [one.first_on for one in found] == sorted(one.first_on for one in found)


def test_an_evening_step_is_due_on_its_own_date_though_it_may_be_done_until_four() -> None:
    evenings = Frequency("every_n_days", 1, 2, (time(20),))
    washed = with_step(lambda step: replace(step, frequency=evenings), "wash", LASER)
    both = pairs(plan(washed), plan(SALINE))["laser.wash", "saline.keep_dry_first"]
    assert (both.first_on, both.last_on, both.days) == (DAY_0 + timedelta(days=1), DAY_0 + timedelta(days=1), 1)


def test_it_is_enough_that_one_of_the_two_names_the_other() -> None:
    def changed(names: tuple[str, ...], step_id: str, protocol: Protocol) -> Protocol:
        return with_step(lambda step: replace(step, contradicts=names), step_id, protocol)

    named = ("laser.blister_care", "saline.open_air")
    assert named not in pairs(plan(LASER), plan(SALINE))
    assert named in pairs(plan(changed(("open_air",), "blister_care", LASER)), plan(SALINE))
    assert named in pairs(plan(LASER), plan(changed(("laser.blister_care",), "open_air", SALINE)))
    assert named not in pairs(plan(LASER), plan(changed(("undo.blister_care",), "open_air", SALINE)))


def test_areas_of_different_sites_do_not_touch_each_other_and_one_area_always_does() -> None:
    assert pairs(plan(LASER), plan(SALINE, site="brows")) == {}
    assert pairs(plan(LASER, area="brow left"), plan(SALINE, area="brow left", site="brows")) != {}


def test_plans_whose_days_do_not_meet_do_not_contradict_each_other() -> None:
    healed: dict[AnchorName, date] = {"scabs_off": DAY_0 - timedelta(100), "skin_closed": DAY_0 - timedelta(100)}
    assert pairs(plan(LASER, ended_on=DAY_0 - timedelta(days=120), anchors=healed), plan(SALINE)) == {}


@pytest.mark.parametrize("protocol", [LASER, SALINE, UNDO], ids=lambda protocol: protocol.id)
@pytest.mark.parametrize("site", ["scalp", "brows", "body"])
@pytest.mark.parametrize("care_style", ["dry", "moist"])
def test_no_shipped_plan_contradicts_itself(protocol: Protocol, site: Site, care_style: CareStyle) -> None:
    known: dict[AnchorName, date] = {"scabs_off": DAY_0 + timedelta(9), "skin_closed": DAY_0 + timedelta(12)}
    for anchors in ({}, known):
        assert pairs(plan(protocol, site=site, care_style=care_style, anchors=anchors)) == {}


def test_two_steps_of_one_plan_are_judged_too() -> None:
    protocol = with_step(lambda step: replace(step, contradicts=("wash",)), "keep_scab_dry")
    assert set(pairs(plan(protocol, "undo"))) == {("undo.wash", "undo.keep_scab_dry")}


def test_a_forecast_counts_and_a_step_that_waits_for_the_clinic_does_not() -> None:
    saline = plan(SALINE, ended_on=DAY_0 - timedelta(days=10), today=DAY_0)  # scabs still on: the oil is a forecast
    undo = plan(UNDO, today=DAY_0)
    assert ("saline.after_scab_oil", "undo.no_other_cream") in pairs(saline, undo)
    waiting = plan(SALINE, ended_on=DAY_0 - timedelta(days=10), today=DAY_0, confirmed=False)
    assert ("saline.after_scab_oil", "undo.no_other_cream") not in pairs(waiting, undo)


def test_a_rule_is_due_on_every_date_of_its_window_and_not_on_the_one_on_which_it_ends_at_midnight() -> None:
    closed = DAY_0 + timedelta(days=12)  # after the night of 25 hours
    sun_cover = plan(LASER, anchors={"scabs_off": closed, "skin_closed": closed})
    before = DAY_0 - timedelta(days=60)
    sunscreen = plan(SALINE, ended_on=before, anchors={"scabs_off": before, "skin_closed": before})
    found = pairs(sun_cover, sunscreen)["laser.sun_cover", "saline.sunscreen"]
    assert (found.first_on, found.last_on, found.days) == (DAY_0, closed - timedelta(days=1), 12)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from(["laser", "saline", "undo"]), min_size=1, max_size=3, unique=True),
    st.lists(st.integers(0, 40), min_size=3, max_size=3),
    st.permutations([0, 1, 2]),
)
def test_days_are_counted_where_both_are_due_and_any_order_gives_the_same(
    methods: list[str], shifts: list[int], order: list[int]
) -> None:
    shipped = {"laser": LASER, "saline": SALINE, "undo": UNDO}
    plans = [
        plan(shipped[method], ended_on=DAY_0 + timedelta(days=shift))
        for method, shift in zip(methods, shifts, strict=False)
    ]
    found = find_contradictions(plans)
    assert found == find_contradictions([plans[number] for number in order if number < len(plans)])
    for one in found:
        assert 1 <= one.days <= (one.last_on - one.first_on).days + 1
