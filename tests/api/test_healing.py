"""Healing over HTTP: a sentence, answers by day beside the usual range, photos, and when what is not yet allowed is."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from backend.services import flags
from tests.api.phone import House
from tests.api.test_photos import picture, put
from tests.services.practice import check_in, day, report

CALM: Mapping[str, int | str] = {"pain": 2, "itch": 2, "redness_level": 1, "fluid": "none", "scab_stage": 2}


def heal(house: House, plan: UUID, *days: int, **changes: int | str) -> None:
    for each in days:
        check_in(house.practice, plan, each, {**CALM, **changes})


def area_of(house: House) -> dict[str, Any]:
    (area,) = house.phone_of(house.ana).get("/healing").json["areas"]
    return dict(area)


def test_before_the_first_check_in_there_is_no_curve_but_an_answer_to_when(house: House) -> None:
    house.start_plan()
    area = area_of(house)
    assert (area["sentence"], area["signs"], area["day"]) == ("", [], 6)
    assert [one["topic"] for one in area["allowed_again"]] == ["sun", "gym", "swim", "shave", "hat", "hair_dye"]
    assert area["coming"]["from_day"] == 11


def test_each_sign_by_day_beside_its_range_with_the_days_that_were_missed(house: House) -> None:
    plan = house.start_plan()
    heal(house, plan, 1, 2, 4)
    check_in(house.practice, plan, 5, {})
    heal(house, plan, 6, pain=3)
    area = area_of(house)
    assert area["sentence"] == "You are in the usual range for day 6 after saline removal."
    assert (area["missed"], area["unanswered"]) == ([0, 3], [0, 3, 5])
    pain = next(sign for sign in area["signs"] if sign["question"] == "pain")
    assert [(point["day"], point["value"]) for point in pain["points"]] == [(1, 2), (2, 2), (4, 2), (6, 3)]
    assert {point["place"] for point in pain["points"]} == {"usual"}
    assert (pain["name"], pain["usual"][0]["high"]) == ("Soreness", 6)
    assert next(sign for sign in area["signs"] if sign["question"] == "fluid")["usual"][0]["allowed"] is not None


def test_more_than_usual_is_said_of_the_sign_alone_and_who_has_been_told(house: House) -> None:
    plan = house.start_plan()
    heal(house, plan, 6, redness_level=3)
    assert area_of(house)["sentence"] == "Colour is higher than usual for day 6. We look again at your next check-in."
    house.clock.at = day(9)
    assert area_of(house)["sentence"].startswith("Colour was higher than usual for day 6.")
    report(house.practice, plan, day(9), {"fluid": "cloudy"})
    assert area_of(house)["sentence"] == "Outside the usual range for day 9: fluid. Ida has been told."


def test_while_a_red_flag_is_open_nothing_is_called_usual_and_nothing_allowed(house: House) -> None:
    plan = house.start_plan()
    report(house.practice, plan, day(5), {"fluid": "cloudy"})
    heal(house, plan, 6)
    area = area_of(house)
    assert area["sentence"] == "A warning is still open. Ida has been told."
    assert (area["held"], area["allowed_again"]) == (True, [])
    (flag,) = house.phone_of(house.ana).get("/check-ins").json["items"][-1]["flags"]
    flags.close(house.practice.staff, UUID(flag["id"]), "Seen in person.", now=house.clock.at)
    area = area_of(house)
    assert (area["held"], len(area["allowed_again"])) == (False, 6)


def test_older_answers_say_how_it_was(house: House) -> None:
    plan = house.start_plan()
    heal(house, plan, 6)
    house.clock.at = day(20)
    assert area_of(house)["sentence"] == "On day 6 you were in the usual range."


def test_photos_come_with_their_view_and_day(house: House) -> None:
    plan = house.start_plan()
    phone = house.phone_of(house.ana)
    photo = house.new_id()
    assert put(phone, photo, plan, picture()).status_code == 201
    (area,) = phone.get("/healing").json["areas"]
    assert [(one["id"], one["view"], one["day"], one["before"]) for one in area["photos"]] == [
        (photo, "close", 6, False)
    ]
    assert "close" in {view["id"] for view in area["views"]}


def test_nobody_sees_anothers_healing(house: House) -> None:
    plan = house.start_plan()
    heal(house, plan, 6)
    assert house.phone_of(house.ben).get("/healing").json["areas"] == []
    assert house.phone_of(house.cleo).get("/healing").json["areas"] == []
    assert house.phone().get("/healing").status_code == 401
