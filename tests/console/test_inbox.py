"""Review: who needs the practitioner first, in words, and what answering does."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.db import transaction
from backend.ids import new_id
from backend.models import Reminder
from backend.services import check_ins, inbox, invites
from backend.services.check_ins import CheckInDraft
from backend.services.consents import ConsentGiven
from backend.services.invites import Device
from tests.console.desk import Clinic, Desk
from tests.console.test_walk import CALM
from tests.services.practice import Practice, check_in, day, sign, start_plan, tap


def alerts(clinic: Clinic) -> list[str]:
    """States of the alerts to practitioners."""
    practice = clinic.practice
    with transaction(practice.staff, write=False) as session:
        query = select(Reminder.state).where(
            Reminder.clinic_id == practice.ida.clinic_id, Reminder.recipient_kind == "practitioner"
        )
        return list(session.scalars(query))


def desk_at(clinic: Clinic, number: int, hour: int = 12) -> Desk:
    clinic.clock.at = day(number, hour)
    return clinic.desk


def page_of(desk: Desk, check_in_id: UUID, clinic: Clinic) -> str:
    return f"/console/check-ins/{clinic.practice.ana.id}/{check_in_id}"


def test_the_most_urgent_stands_first_then_the_longest_waiting(clinic: Clinic) -> None:
    sign(clinic.practice, "laser")
    ben = Practice(clinic.practice.ida, clinic.ben)
    ana_plan = start_plan(clinic.practice, "laser")
    ben_plan = start_plan(ben, "laser")
    calm = check_in(clinic.practice, ana_plan, 2, CALM)
    older = check_in(ben, ben_plan, 1, CALM)
    red = check_in(clinic.practice, ana_plan, 3, {**CALM, "unwell": "fever"})
    worse = check_in(ben, ben_plan, 3, {**CALM, "unwell": "very_ill"}, at=day(3, 10))
    watch = check_in(ben, ben_plan, 2, {**CALM, "scab_stage": 0, "picked": "a_lot"}, at=day(3, 11))
    box = inbox.list_inbox(clinic.practice.staff, now=day(3, 12))
    expected = {"now": worse.id, "today": red.id}
    assert [item.id for item in box.of_group("act_now")] == [expected["now"], expected["today"]]
    assert [item.id for item in box.of_group("look_today")] == [watch.id]
    assert [item.id for item in box.of_group("on_track")] == [older.id, calm.id]
    page = desk_at(clinic, 3).get("/console").text
    order = [page.index(str(one)) for one in (worse.id, red.id, watch.id, older.id, calm.id)]
    assert order == sorted(order)


def test_the_reason_is_the_rule_that_fired_on_its_numbers(clinic: Clinic) -> None:
    sign(clinic.practice, "laser")
    plan = start_plan(clinic.practice, "laser")
    check_in(clinic.practice, plan, 5, {**CALM, "pain": 2})
    result = check_in(clinic.practice, plan, 6, {**CALM, "pain": 8, "itch": 7})
    desk = desk_at(clinic, 6)
    page = desk.get(page_of(desk, result.id, clinic)).text
    for finding in result.findings:
        assert str(finding["title"]) in page
    assert result.findings, "8 of 10 on day 6 is a warning"
    assert "Soreness: 8 of 10" in page
    assert "up to 3" in page
    assert "Itching: 7 of 10, usual up to 6" in page
    for line in result.told:
        assert line.words in page.replace("&#39;", "'")
    assert "Yesterday" in page


def test_an_urgent_one_is_answered_with_words_and_then_its_ladder_ends(clinic: Clinic) -> None:
    sign(clinic.practice, "laser")
    plan = start_plan(clinic.practice, "laser")
    result = check_in(clinic.practice, plan, 3, {**CALM, "unwell": "fever"})
    desk = desk_at(clinic, 3)
    page = desk.get(page_of(desk, result.id, clinic))
    refused = desk.submit(page, "/review", words="")
    assert refused.status == 409
    assert "planned" in alerts(clinic)
    after = desk.submit(page, "/review", words="Please let 111 look at it today.")
    assert "Sent and marked as reviewed" in after.text
    assert set(alerts(clinic)) == {"withdrawn"}
    listed = inbox.list_inbox(clinic.practice.staff, now=clinic.clock.at).items
    assert [(item.kind, item.group, item.seen_by) for item in listed] == [("flag", "look_today", "Ida Berg")]
    shown = check_ins.get_check_in(clinic.practice.phone, result.id)
    assert (shown.reply, shown.reviewed_by) == ("Please let 111 look at it today.", "Ida Berg")


def test_seen_is_one_tap_and_closing_needs_a_reason(clinic: Clinic) -> None:
    sign(clinic.practice, "laser")
    plan = start_plan(clinic.practice, "laser")
    result = check_in(clinic.practice, plan, 3, {**CALM, "unwell": "fever"})
    desk = desk_at(clinic, 3)
    page = desk.get(page_of(desk, result.id, clinic))
    assert "Seen by Ida Berg" in desk.submit(page, "/acknowledge").text.replace("seen by", "Seen by")
    assert set(alerts(clinic)) == {"withdrawn"}
    page = desk.get(page_of(desk, result.id, clinic))
    assert not page.has_form("/acknowledge")
    refused = desk.submit(page, "/close", reason="   ")
    assert refused.status == 422
    assert desk.get(page_of(desk, result.id, clinic)).has_form("/close"), "still open"
    desk.submit(page, "/close", reason="Her doctor saw it")
    assert not desk.get(page_of(desk, result.id, clinic)).has_form("/close")


def test_two_taps_keep_who_was_first(clinic: Clinic) -> None:
    sign(clinic.practice, "laser")
    plan = start_plan(clinic.practice, "laser")
    result = check_in(clinic.practice, plan, 3, {**CALM, "unwell": "fever"})
    clinic.clock.at = day(3)
    ida, kim = clinic.desk, clinic.desk_of(clinic.kim)
    pages = [(desk, desk.get(page_of(desk, result.id, clinic))) for desk in (kim, ida)]
    for desk, page in pages:
        desk.submit(page, "/acknowledge")
    shown = ida.get(page_of(ida, result.id, clinic)).text
    assert "Seen by Kim Roe" in shown
    assert "Seen by Ida Berg" not in shown


def test_a_mask_that_burned_is_a_row_without_a_check_in(clinic: Clinic) -> None:
    sign(clinic.practice, "undo")
    plan = start_plan(clinic.practice, "undo")
    start, at = day(1, 19), day(1, 19, 5)
    tap(clinic.practice, plan, "recovery_mask_early@d1#1", "started", start, ends_at=day(1, 19, 15))
    tap(clinic.practice, plan, "recovery_mask_early@d1#1", "stopped_burning", at)
    clinic.clock.at = at
    desk = clinic.desk
    page = desk.get("/console")
    assert "Nobody has looked yet" in page.text
    page = desk.submit(page, "/acknowledge")
    assert "Seen by Ida Berg, still open" in page.text
    desk.submit(page, "/close", reason="Rinsed, calm again")
    assert inbox.list_inbox(clinic.practice.staff, now=at).items == ()


def test_two_missed_in_a_row_are_a_reason_to_look_and_one_answer_ends_it(clinic: Clinic) -> None:
    practice = clinic.practice
    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    for on in (0, 1, 2):
        check_in(practice, plan, on, CALM, at=day(on, 14))
    assert quiet(clinic, 4, 3) == []
    assert quiet(clinic, 5, 4) == [2]
    assert "2 check-ins missed in a row" in desk_at(clinic, 5).get("/console").text
    check_in(practice, plan, 5, CALM, at=day(5, 14))
    assert quiet(clinic, 5, 15) == []


def quiet(clinic: Clinic, number: int, hour: int) -> list[int]:
    box = inbox.list_inbox(clinic.practice.staff, now=day(number, hour))
    return [item.missed for item in box.items if item.kind == "silence"]


def test_a_client_without_a_phone_is_not_called_silent(clinic: Clinic) -> None:
    ben = Practice(clinic.practice.ida, clinic.ben)
    sign(ben, "saline")
    start_plan(ben, "saline")
    assert quiet(clinic, 9, 12) == []


def test_past_the_reply_promise_is_said(clinic: Clinic) -> None:
    sign(clinic.practice, "laser")
    plan = start_plan(clinic.practice, "laser")
    check_in(clinic.practice, plan, 2, CALM)
    assert ", late" not in desk_at(clinic, 3, hour=8).get("/console").text
    assert ", late" in desk_at(clinic, 3, hour=10).get("/console").text


def test_a_correction_stands_for_what_it_corrects(clinic: Clinic) -> None:
    practice = clinic.practice
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    first = check_in(practice, plan, 3, {**CALM, "pain": 1})
    draft = CheckInDraft(new_id(day(3)), plan, "planned", "check_in@d3", day(3, 10), CALM, {}, amends=first.id)
    check_ins.submit(practice.phone, draft, now=day(3, 10))
    assert [item.id for item in inbox.list_inbox(practice.staff, now=day(3, 11)).items] == [draft.id]


def test_on_track_needs_no_words(clinic: Clinic) -> None:
    sign(clinic.practice, "laser")
    plan = start_plan(clinic.practice, "laser")
    result = check_in(clinic.practice, plan, 3, CALM)
    desk = desk_at(clinic, 3)
    page = desk.submit(desk.get(page_of(desk, result.id, clinic)), "/review")
    assert "Marked as reviewed" in page.text
    assert "Nothing waits for you" in page.text


def test_what_is_new_is_counted_and_the_list_is_named_by_ids_alone(clinic: Clinic) -> None:
    sign(clinic.practice, "laser")
    plan = start_plan(clinic.practice, "laser")
    desk = desk_at(clinic, 3)
    shown = re.search(r'data-ids="([^"]*)"', desk.get("/console").text)
    assert shown is not None
    result = check_in(clinic.practice, plan, 3, {**CALM, "unwell": "fever"})
    found = desk.http.get("/console/waiting").json
    assert found == {"act_now": 1, "look_today": 0, "on_track": 0, "ids": [str(result.id)]}
    assert str(result.id) not in shown[1]


def test_what_a_client_writes_is_shown_as_text(clinic: Clinic) -> None:
    practice = clinic.practice
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    draft = CheckInDraft(
        new_id(day(3)), plan, "planned", "check_in@d3", day(3), CALM, {}, note="<script>alert(1)</script>"
    )
    check_ins.submit(practice.phone, draft, now=day(3))
    page = desk_at(clinic, 3).get(f"/console/check-ins/{practice.ana.id}/{draft.id}")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert page.refused == []


@pytest.mark.parametrize("method", ["laser", "saline", "undo"])
def test_the_client_page_shows_every_answer_with_its_day(clinic: Clinic, method: str) -> None:
    sign(clinic.practice, method)
    plan = start_plan(clinic.practice, method)
    check_in(clinic.practice, plan, 1, {**CALM, "swelling": 1})
    check_in(clinic.practice, plan, 10, {**CALM, "pain": 9})
    page = desk_at(clinic, 10).get(f"/console/clients/{clinic.practice.ana.id}").text
    assert page.index("Day 10</a>") < page.index("Day 1</a>")
    assert re.search(r'class="hit">9 of 10</span><span class="u">usual up to', page)


def test_a_photo_is_shown_to_its_clinic_and_kept_nowhere(clinic: Clinic) -> None:
    from io import BytesIO

    from PIL import Image

    from backend.services import photos

    practice = clinic.practice
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    code = invites.make(practice.staff, practice.ana.id, now=day(3)).code
    given = [ConsentGiven(kind, True, "2026-11-22") for kind in ("care", "photos")]
    invites.redeem(code, Device("Phone", "web", "Europe/London", "en"), given, origin="phone", now=day(3))
    drawn = BytesIO()
    Image.effect_noise((640, 480), 40).convert("RGB").save(drawn, "JPEG")
    draft = photos.PhotoDraft(new_id(day(3)), plan, None, "close", day(3))
    photos.store_photo(practice.phone, draft, drawn.getvalue(), ports=clinic.ports, now=day(3))
    desk = desk_at(clinic, 3)
    page = desk.get(f"/console/clients/{practice.ana.id}").text
    found = re.search(r'src="(/console/photos/[^"]+size=thumb)"', page)
    assert found is not None
    answer = desk.http.get(found[1].replace("&amp;", "&"))
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert answer.headers["Cache-Control"] == "no-store"
    joe = clinic.desk_of(clinic.joe)
    assert joe.http.get(found[1].replace("&amp;", "&")).status_code == 404
    clinic.clock.at += timedelta(hours=3)
    assert desk.http.get(found[1].replace("&amp;", "&")).status_code == 401
