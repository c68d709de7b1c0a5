"""Today with several areas and with a plan that rests, over HTTP."""

from datetime import date
from uuid import UUID

from backend.services import care_plans, treatments
from tests.api.phone import House
from tests.services.practice import day


def treat_brows(house: House, label: str) -> UUID:
    """A second area of Ana's, treated on day 4."""
    staff = house.practice.staff
    record = treatments.open_treatment(staff, house.ana.id, method="saline", site="brows", label=label, now=day(4, 8))
    treatments.start_step(staff, record.id, record.steps[0].step_id, now=day(4, 8))
    treatments.finish_treatment(staff, record.id, now=day(4, 9))
    return care_plans.start(staff, record.id, now=day(4, 9)).care_plan_id


def test_each_area_has_its_own_name_and_day(house: House) -> None:
    scalp = house.start_plan(method="saline")
    brows = treat_brows(house, "left brow")
    areas = house.phone_of(house.ana).get("/today").json["areas"]
    named = [(area["care_plan_id"], area["area_name"], area["day"]) for area in areas]
    assert named == [(str(brows), "left brow", 2), (str(scalp), "Scalp", 6)]


def test_a_plan_that_rests_says_until_when_and_asks_nothing(house: House) -> None:
    plan = house.start_plan()
    staff = house.practice.staff
    house.clock.at = day(6, 6)
    care_plans.pause(staff, plan, until_on=date(2026, 3, 12), reason="Holiday", now=day(6, 6))
    house.clock.at = day(8)
    (area,) = (today := house.phone_of(house.ana).get("/today").json)["areas"]
    assert (area["paused"], area["paused_until"]) == (True, "2026-03-12T04:00:00Z")
    assert area["steps"] == []
    assert today["next_check_in"] is None
    dots = {dot["day"]: dot["state"] for dot in area["dots"]}
    assert [dots[n] for n in (5, 6, 7, 8)] == ["missed", "upcoming", "upcoming", "today"]
    care_plans.resume(staff, plan, now=day(8, 10))
    house.clock.at = day(9)
    (area,) = house.phone_of(house.ana).get("/today").json["areas"]
    assert (area["paused"], area["paused_until"]) == (False, None)
    assert area["steps"]
    dots = {dot["day"]: dot["state"] for dot in area["dots"]}
    assert dots[7] == "upcoming", "what a pause asked nothing for was not missed"


def test_a_pause_without_an_end_has_no_date(house: House) -> None:
    plan = house.start_plan()
    care_plans.pause(house.practice.staff, plan, reason="Ill", now=day(6, 6))
    (area,) = house.phone_of(house.ana).get("/today").json["areas"]
    assert (area["paused"], area["paused_until"]) == (True, None)
