"""Readiness over HTTP: groups with evidence from the client's own data, and a person's yes."""

from datetime import timedelta
from uuid import UUID

from backend.services import care_plans, protocols, readiness
from schedules import latest_protocol
from tests.api.phone import House
from tests.services.practice import TREATED_AT, check_in, day, treat

HEALED = {
    "pain": 0,
    "itch": 0,
    "redness_level": 0,
    "scab_stage": 5,
    "fluid": "none",
    "skin_open": "no",
    "skin_shine": "matt",
    "skin_tone": "matches",
    "raised": "no",
    "sun": "no",
    "health_change": "no",
}


def heal(house: House, plan: UUID) -> None:
    """Check-ins until the skin has been closed long enough, and a look at the skin in person."""
    for planned in latest_protocol("saline").check_ins:
        if 14 <= planned.day <= 70:
            check_in(house.practice, plan, planned.day, HEALED)
    house.clock.at = day(70)
    readiness.note_seen_in_person(house.practice.staff, plan, now=house.clock.at)


def test_early_on_every_group_says_what_it_waits_for(house: House) -> None:
    house.start_plan()
    (area,) = house.phone_of(house.ana).get("/readiness").json["areas"]
    assert (area["status"], area["earliest_on"], area["signed"]) == ("not_yet", "2026-05-04", None)
    groups = {group["group"]: group for group in area["groups"]}
    assert list(groups) == ["time", "scabs", "skin", "colour", "health", "photos", "yes"]
    assert groups["time"]["items"][0]["evidence_text"] == "Day 6 of 63."
    assert groups["photos"]["items"][0]["evidence_text"] == "0 of 6 photos in the last 7 days."
    assert groups["yes"]["title"] == "A last look by Ida"


def test_ready_to_ask_then_signed_off(house: House) -> None:
    plan = house.start_plan()
    heal(house, plan)
    phone = house.phone_of(house.ana)
    (area,) = phone.get("/readiness").json["areas"]
    unmet = {item["id"] for group in area["groups"] for item in group["items"] if item["blocking"] and not item["met"]}
    assert (area["status"], unmet) == ("ready_to_ask", {"practitioner_yes"})
    readiness.sign_off(house.practice.staff, plan, now=house.clock.at)
    (area,) = phone.get("/readiness").json["areas"]
    assert (area["status"], area["signed"]["by"]) == ("signed_off", "Ida")
    house.clock.at += timedelta(days=1)
    readiness.hold(house.practice.staff, plan, "I want to see it first.", now=house.clock.at)
    (area,) = phone.get("/readiness").json["areas"]
    assert (area["status"], area["hold_reason"], area["signed"]) == ("on_hold", "I want to see it first.", None)


def test_fewer_days_than_shipped_come_with_who_decided_and_why_also_in_the_plan_kept_offline(house: House) -> None:
    staff, status = house.practice.staff, protocols.get_method(house.practice.staff, "saline")
    answers = [protocols.StepAnswer(step.id, True) for step in status.must_confirm]
    protocols.sign(
        staff,
        "saline",
        status.protocol.content_version,
        answers,
        clinic_min_days=49,
        clinic_min_reason="<b>Small</b> areas only",
        now=TREATED_AT,
    )
    care_plans.start(staff, treat(house.practice, "saline"), now=TREATED_AT)
    phone = house.phone_of(house.ana)
    (area,), (plan,) = phone.get("/readiness").json["areas"], phone.get("/plan").json["plans"]
    told = {"days": 49, "shipped_days": 56, "by": "Ida", "reason": "<b>Small</b> areas only"}
    assert area["lowered_minimum"] == plan["lowered_minimum"] == told


def test_the_shipped_days_or_more_need_no_word_about_them(house: House) -> None:
    house.start_plan()
    phone = house.phone_of(house.ana)
    (area,), (plan,) = phone.get("/readiness").json["areas"], phone.get("/plan").json["plans"]
    assert area["lowered_minimum"] is plan["lowered_minimum"] is None
