"""Every change of a plan is looked at before it is made (PROMISES T5): what moves is named, and looking changes
nothing."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from backend.console import changes, contradictions
from backend.services import care_plans, client_pages, treatments
from backend.services.planning import PlanDiff
from schedules import MovedStep, Stretch
from tests.console.desk import Clinic, Desk, Page
from tests.services.practice import day, sign, start_plan

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)


def open_ana(clinic: Clinic, at: datetime) -> tuple[Desk, Page, UUID]:
    """Ana's page some days after a saline treatment of her scalp."""
    sign(clinic.practice, "saline")
    plan = start_plan(clinic.practice, "saline")
    clinic.clock.at = at
    desk = clinic.desk
    return desk, desk.get(f"/console/clients/{clinic.practice.ana.id}"), plan


def history(page: Page) -> list[str]:
    return re.findall(r"<li><span class=\"xs muted\">[^<]*</span><span>([^<]*)</span></li>", page.text)


def test_a_date_names_every_step_that_would_move_and_keeps_nothing_until_it_is_confirmed(clinic: Clinic) -> None:
    desk, page, plan = open_ana(clinic, day(14))
    before = client_pages.get_client_page(clinic.practice.staff, clinic.practice.ana.id, now=day(14))
    look = desk.submit(page, "/anchor/look", anchor="scabs_off", on="2026-03-14")
    assert look.status == 200
    assert "Scabs off on 14 Mar 2026" in look.text
    assert look.refused == []
    diff = care_plans.set_anchor(
        clinic.practice.staff, plan, "scabs_off", date(2026, 3, 14), now=day(14), rehearse=True
    )
    assert diff.timeline is not None
    assert len(diff.timeline.steps) > 3
    for step in diff.timeline.steps:
        assert f"<b>{step.title}</b>: {changes.step_words(step, day(14))}" in look.text
    assert client_pages.get_client_page(clinic.practice.staff, clinic.practice.ana.id, now=day(14)) == before
    done = desk.submit(look, "/anchor")
    assert "The date is set" in done.text
    assert history(done)[0].startswith("Ida Berg set a healing date: scabs off, 14 Mar 2026 (")


def test_a_date_is_corrected_and_taken_back(clinic: Clinic) -> None:
    desk, page, _ = open_ana(clinic, day(14))
    page = desk.submit(desk.submit(page, "/anchor/look", anchor="scabs_off", on="2026-03-13"), "/anchor")
    look = desk.submit(page, "/anchor/look", anchor="scabs_off", on="2026-03-14")
    assert ", was " in look.text
    page = desk.submit(look, "/anchor")
    assert "14 Mar 2026" in page.text
    assert "Take back: scabs off" in page.text
    clinic.clock.at = day(14, 10)
    look = desk.post(page.form("/anchor/look").action, {"anchor": "scabs_off"})
    assert "Take back: scabs off" in look.text
    page = desk.submit(look, "/anchor")
    assert "The date is taken back" in page.text
    assert history(page)[0].startswith("Ida Berg set a healing date: scabs off taken back")
    assert "Take back: scabs off" not in page.text


def test_the_same_date_again_moves_nothing(clinic: Clinic) -> None:
    desk, page, _ = open_ana(clinic, day(14))
    page = desk.submit(desk.submit(page, "/anchor/look", anchor="scabs_off", on="2026-03-14"), "/anchor")
    assert "Nothing moves." in desk.submit(page, "/anchor/look", anchor="scabs_off", on="2026-03-14").text


def test_an_appointment_is_looked_at_moved_and_taken_back(clinic: Clinic) -> None:
    desk, page, _ = open_ana(clinic, day(14))
    look = desk.submit(page, "/appointment/look", on="2026-04-20", at="14:30")
    assert "Next appointment on 20 Apr 2026, 14:30" in look.text
    page = desk.submit(look, "/appointment")
    assert "20 Apr 2026, 14:30" in page.text
    assert desk.submit(page, "/appointment/look", on="2026-03-01", at="14:30").status == 422
    page = desk.submit(desk.post(page.form("/appointment/look").action, {}), "/appointment")
    assert "The appointment is taken back" in page.text
    assert "20 Apr 2026, 14:30" not in page.text


def test_a_pause_says_until_when_who_and_why_and_the_plan_goes_on_again(clinic: Clinic) -> None:
    desk, page, _ = open_ana(clinic, day(5))
    refused = desk.submit(page, "/pause/look", until_on="2026-03-01", reason="Holiday")
    assert refused.status == 422
    assert "A date to come" in refused.text
    look = desk.submit(page, "/pause/look", until_on="2026-03-12", reason="Holiday <b>away</b>")
    assert "Pause the plan until 12 Mar 2026" in look.text
    assert "Check-ins of day" in look.text
    assert "no longer asked" in look.text
    page = desk.submit(look, "/pause")
    assert "Paused until 12 Mar 2026." in page.text
    assert "By Ida Berg, today, 9:00: “Holiday &lt;b&gt;away&lt;/b&gt;”" in page.text
    assert not page.has_form("/pause/look")
    look = desk.submit(page, "/resume/look")
    assert "asked as well" in look.text
    page = desk.submit(look, "/resume")
    assert "The plan goes on." in page.text
    assert "Paused until" not in page.text


def test_a_pause_without_an_end_lasts_until_somebody_goes_on(clinic: Clinic) -> None:
    desk, page, _ = open_ana(clinic, day(5))
    page = desk.submit(desk.submit(page, "/pause/look", reason="Ill"), "/pause")
    assert "Paused until somebody goes on with it." in page.text


def test_the_end_of_a_course_asks_why_and_says_what_stops(clinic: Clinic) -> None:
    desk, page, _ = open_ana(clinic, day(5))
    assert desk.submit(page, "/end/look", reason=" ").status == 422
    look = desk.submit(page, "/end/look", reason="Moved away")
    assert "nothing more is due" in look.text
    assert "withdrawn" in look.text
    page = desk.submit(look, "/end")
    assert "The course has ended" in page.text
    assert "No running plan" in page.text


def test_silence_is_said_on_the_clients_page_and_that_reminders_stopped(clinic: Clinic) -> None:
    _, page, _ = open_ana(clinic, day(8))
    assert re.search(r"\d check-ins missed in a row\. Reminders have stopped", page.text)
    clinic.clock.at = day(3)
    page = clinic.desk.get(f"/console/clients/{clinic.practice.ana.id}")
    assert "check-ins missed in a row." in page.text
    assert "Reminders have stopped" not in page.text


def test_each_area_has_its_own_dates(clinic: Clinic) -> None:
    desk, _, _ = open_ana(clinic, day(5))
    record = treat_brows(clinic)
    desk.post(f"/console/treatments/{record}/plan", {})
    page = desk.get(f"/console/clients/{clinic.practice.ana.id}")
    assert "Saline removal, session 1. Brows, left. Day 0" in page.text
    assert "Saline removal, session 1. Scalp. Day 5" in page.text
    brows, scalp = (form.action for form in page.forms if form.action.endswith("/appointment/look"))
    assert brows != scalp
    desk.submit(desk.post(scalp, {"on": "2026-04-20", "at": "09:00"}), "/appointment")
    page = desk.get(f"/console/clients/{clinic.practice.ana.id}")
    assert page.text.count("20 Apr 2026, 9:00") == 1
    assert len(re.findall(r'\bid="([^"]+)"', page.text)) == len(set(re.findall(r'\bid="([^"]+)"', page.text)))


def treat_brows(clinic: Clinic) -> UUID:
    """A second area of Ana's, treated today."""
    practice = clinic.practice
    record = treatments.open_treatment(
        practice.staff, practice.ana.id, method="saline", site="brows", label="left", now=day(5, 7)
    )
    treatments.start_step(practice.staff, record.id, record.steps[0].step_id, now=day(5, 7))
    return treatments.finish_treatment(practice.staff, record.id, now=day(5, 8)).id


def stretch(first: str, last: str, forecast: bool = False) -> Stretch:
    return Stretch(datetime.fromisoformat(first), datetime.fromisoformat(last), forecast)


LATE = stretch("2026-03-23T09:00", "2026-04-06T09:00")
ONCE = stretch("2026-03-19T09:00", "2026-03-19T09:00")
EVENING = stretch("2026-03-19T21:05", "2026-03-19T21:05")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (LATE, stretch("2026-03-19T09:00", "2026-04-06T09:00"), "from 19 Mar, was 23 Mar"),
        (LATE, stretch("2026-03-19T09:00", "2027-04-02T09:00"), "from 19 Mar, was 23 Mar; until 2 Apr 2027, was 6 Apr"),
        (ONCE, EVENING, "from 19 Mar, 21:05, was 19 Mar, 9:00; until 19 Mar, 21:05, was 19 Mar, 9:00"),
        (replace(LATE, forecast=True), LATE, "23 Mar to 6 Apr, no longer a forecast"),
        (LATE, replace(ONCE, forecast=True), "from 19 Mar, was 23 Mar; until 19 Mar, was 6 Apr; a forecast"),
        (None, replace(LATE, forecast=True), "new, about 23 Mar to 6 Apr"),
        (ONCE, None, "nothing more is due, was 19 Mar"),
    ],
)
def test_a_moved_step_in_words(before: Stretch | None, after: Stretch | None, said: str) -> None:
    assert changes.step_words(MovedStep("s", "Sunscreen", before, after), NOW) == said


def test_reminders_in_words() -> None:
    assert changes.reminder_words(PlanDiff(("a", "b"), (), ("c",), 4)) == "2 new, 1 withdrawn"
    assert changes.reminder_words(PlanDiff()) == ""
    assert changes.is_still(PlanDiff())


@dataclass(frozen=True)
class Step:
    ref: str
    title: str


@dataclass(frozen=True)
class Found:
    one: Step
    other: Step
    first_on: date
    last_on: date
    days: int


def test_a_contradiction_names_both_steps_where_they_are_and_when(clinic: Clinic) -> None:
    _, _, plan = open_ana(clinic, day(5))
    page = client_pages.get_client_page(clinic.practice.staff, clinic.practice.ana.id, now=day(5))
    new, old = Step(str(UUID(int=5)), "Keep the area dry"), Step(f"{plan.hex}:", "Gentle wash")
    found = Found(new, old, date(2026, 3, 3), date(2026, 3, 9), 7)
    said = contradictions.words(found, page, NOW, "Laser, crown")
    assert said == "Keep the area dry (Laser, crown) and Gentle wash (Saline, scalp): both on 3 to 9 Mar"
    some = Found(new, old, date(2026, 2, 27), date(2026, 3, 9), 4)
    assert contradictions.words(some, page, NOW).endswith(": both on 4 days, 27 Feb to 9 Mar")
    one = Found(new, old, date(2026, 3, 9), date(2026, 3, 9), 1)
    assert contradictions.words(one, page, NOW).endswith(": both on 9 Mar")


def test_contradicting_steps_are_named_before_the_plan_starts(clinic: Clinic) -> None:
    desk, _, _ = open_ana(clinic, day(5))
    practice = clinic.practice
    sign(practice, "laser")
    record = treatments.open_treatment(
        practice.staff, practice.ana.id, method="laser", site="scalp", label="crown", now=day(5, 7)
    )
    treatments.start_step(practice.staff, record.id, record.steps[0].step_id, now=day(5, 7))
    treatments.finish_treatment(practice.staff, record.id, now=day(5, 8))
    page = desk.submit(desk.get(f"/console/treatments/{record.id}"), "/plan")
    assert page.status == 409
    assert "Keep it dry today (Laser, the new plan)" in page.text
    assert "(Laser, crown)" in desk.submit(page, "/plan").text


@pytest.mark.parametrize("path", ["anchor", "anchor/look", "resume", "resume/look"])
def test_a_plan_of_another_client_is_like_an_unknown_one(clinic: Clinic, path: str) -> None:
    desk, page, plan = open_ana(clinic, day(5))
    wrong = f"/console/clients/{clinic.ben.id}/plans/{plan}/{path}"
    form = {"anchor": "scabs_off", "on": "2026-03-06"} if "anchor" in path else {}
    assert desk.post(wrong, form).status == 404
    assert desk.get(f"/console/clients/{clinic.practice.ana.id}").text == page.text
