"""UNDO: serum, lifting mask, recovery mask; a mask at home only as the clinic confirmed it; it burns, and all stops."""

from pathlib import Path

from sqlalchemy import Engine

from tests.acceptance import promises
from tests.acceptance.diary import Diary, healing, list_named
from tests.acceptance.handset import Handset
from tests.acceptance.story import Story, day_on, local, telling
from tests.acceptance.studio import Studio, begin, open_studio, plan_path, step_path

ENDED_AT = local(0, "14:30")
LATE = "recovery_mask_late"
EARLY = "recovery_mask_early"


def test_undo_from_the_signature_to_the_sign_off(sqlite: Engine, tmp_path: Path) -> None:
    with telling(str(sqlite.url), tmp_path, local(-1, "12:00")) as story:
        studio = open_studio(story)
        phone = tell_of_the_treatment(story, studio)
        diary = Diary(story, phone, healing(scabs_off=10))
        tell_of_the_timer(story, phone, diary)
        tell_of_the_burning(story, studio, phone, diary)
        tell_of_the_late_mask(phone, diary)
        tell_of_day_56(story, studio, phone, diary)
        promises.check_manners(phone, diary.kinds)
        promises.check_nothing_done_is_named(diary.notes, diary.done_at)
        promises.check_the_end(story, studio)


def tell_of_the_treatment(story: Story, studio: Studio) -> Handset:
    """The owner confirms minutes and spacing; the record keeps the order of the treatment."""
    page = studio.console.open(plan_path("undo"))
    refused = studio.console.submit("/sign")
    assert page.title == "Plan – Fallow"
    assert refused.status == 422, "every step that must be confirmed is asked"
    fields = {f"steps-{EARLY}-minutes": "12", f"steps-{LATE}-minutes": "12", f"steps-{LATE}-every_n_days": "4"}
    studio.sign("undo", fields)
    studio.add_client("Ana")
    story.jump(local(0, "13:30"))
    studio.open_treatment("undo", {"skin_type": "II"})
    for number in (0, 1):
        studio.console.submit(f"{step_path(number)}/start")
        studio.console.submit(f"{step_path(number)}/end")
    treatment = studio.console.page.url
    refused = studio.console.send(f"{treatment}{step_path(3)}/start", {})
    assert refused.status == 409, "another order needs a reason"
    assert f"{step_path(3)}/end" not in refused.html
    studio.console.open(treatment)
    for number, at in ((2, "13:50"), (3, "14:00"), (4, "14:15")):
        story.jump(local(0, at))
        studio.console.submit(f"{step_path(number)}/start")
        story.jump(story.now if number < 4 else ENDED_AT)
        studio.console.submit(f"{step_path(number)}/end")
    text = studio.finish().text
    assert text.index("Deracination serum") < text.index("Lifting mask") < text.index("Recovery mask")
    assert [text.count(at) >= 1 for at in ("13:50", "14:00", "14:15")] == [True] * 3
    assert studio.start_plan().status == 200
    story.jump(local(0, "14:40"))
    phone = Handset(story)
    phone.join(studio.invite())
    story.work()
    return phone


def tell_of_the_timer(story: Story, phone: Handset, diary: Diary) -> None:
    """A mask each evening at 19:00 from day 1, as long as the clinic says; its timer's end is pushed."""
    expected = promises.build_expected("undo", ENDED_AT, 0, {})
    early = {key: each for key, each in expected.items() if not key.startswith(LATE)}
    promises.check_timeline([each for each in phone.timeline() if not each["key"].startswith(LATE)], early)
    diary.live(local(1, "19:05"))
    assert phone.pushes_on(1)[-1][0] == "19:00"
    (mask,) = [step for step in phone.today()["steps"] if step["step_id"] == EARLY]
    assert (mask["local"], mask["timer"]["minutes_default"]) == (f"{day_on(1)}T19:00", 12)
    phone.tap(mask["key"], "started", minutes=12)
    diary.watch(local(1, "19:30"))
    assert phone.pushes_on(1)[-1] == ("19:17", "Your timer has finished")
    diary.tap(mask["key"])
    diary.live(local(2, "23:00"))
    assert list_named(diary.notes, EARLY)[-1] == (2, "19:00")


def tell_of_the_burning(story: Story, studio: Studio, phone: Handset, diary: Diary) -> None:
    """ "It burns": the timer's push is gone, the practitioner is called, no mask is asked for until it is closed."""
    diary.live(local(3, "19:04"))
    phone.tap(f"{EARLY}@d3#1", "started", minutes=12)
    diary.watch(local(3, "19:08"))
    told = phone.tap(f"{EARLY}@d3#1", "stopped_burning")["flag"]
    assert told["level"] == "today"
    assert "Rinse" in told["tell_client"]
    diary.watch(local(3, "19:08"))
    assert studio.console.alerts[-1].at == local(3, "19:08"), "at once"
    assert not [step for step in phone.today()["steps"] if step["kind"] == "mask" and step["state"] == "open"]
    story.until(local(3, "19:12"))
    studio.console.open(f"/console/flags/{told['id']}")
    studio.console.submit(f"/flags/{told['id']}/acknowledge")
    diary.live(local(5, "23:00"))
    assert ("19:16", "Your timer has finished") not in phone.pushes_on(3)
    assert list_named(diary.notes, EARLY)[-1] == (3, "19:00"), "no mask on days 4 and 5"
    diary.live(local(6, "12:00"))
    studio.console.open(f"/console/flags/{told['id']}")
    studio.console.submit(f"/flags/{told['id']}/close", {"reason": "Rinsed, calm again."})
    diary.live(local(6, "23:00"))
    assert list_named(diary.notes, EARLY)[-1] == (6, "19:00"), "free again"


def tell_of_the_late_mask(phone: Handset, diary: Diary) -> None:
    """From day 7 as often as the clinic confirmed: every 4 days."""
    diary.live(local(28, "9:00"), ticks=False)
    assert list_named(diary.notes, LATE) == [(day, "19:00") for day in (7, 11, 15, 19, 23, 27)]
    assert phone.plan()["anchors"] == {"scabs_off": day_on(10), "skin_closed": day_on(14)}
    assert not [key for note in diary.notes for key in note.keys if key.startswith("after_scab_gel")], "not turned on"


def tell_of_day_56(story: Story, studio: Studio, phone: Handset, diary: Diary) -> None:
    for day in (35, 42, 49):
        story.jump(local(day, "7:55"))
        diary.live(local(day, "9:00"), ticks=False)
    story.jump(local(55, "7:55"))
    diary.watch(local(55, "12:00"))
    studio.client_page()
    studio.console.submit("/condition", holding={"condition_id": "health_same"})
    studio.console.submit("/seen-in-person")
    diary.watch(local(55, "23:59"))
    assert (phone.readiness()["status"], studio.status()) == ("not_yet", "Not yet")
    diary.watch(local(56, "00:00"))
    assert (phone.readiness()["status"], studio.status()) == ("ready_to_ask", "Ready for your sign-off")
    diary.live(local(56, "12:00"), ticks=False)
    studio.client_page()
    studio.console.submit("/sign-off")
    diary.watch(local(56, "12:00"))
    assert phone.pushes_on(56)[-1] == ("12:00", "There is news in Fallow")
    assert phone.readiness()["status"] == "signed_off"


def test_a_mask_that_the_clinic_did_not_confirm_waits_and_sends_nothing(sqlite: Engine, tmp_path: Path) -> None:
    with telling(str(sqlite.url), tmp_path, local(0, "12:00")) as story:
        studio = open_studio(story)
        studio.sign("undo", {f"steps-{EARLY}": "no", f"steps-{LATE}": "no"})
        studio.add_client("Ana")
        story.jump(local(0, "13:30"))
        studio.treat("undo", ENDED_AT)
        story.jump(local(0, "14:40"))
        phone = Handset(story)
        phone.join(studio.invite())
        diary = Diary(story, phone, healing(scabs_off=10))
        diary.live(local(1, "19:30"), ticks=False)
        today = phone.today()
        assert {each["id"] for each in today["waiting"]} == {EARLY}, "greyed: it waits for the clinic"
        assert EARLY not in {step["step_id"] for step in today["steps"]}
        masks = [each for each in phone.timeline() if each["key"].startswith("recovery_mask")]
        assert masks
        assert all(each["withheld"] for each in masks)
        diary.live(local(29, "12:00"), ticks=False)
        assert not list_named(diary.notes, EARLY)
        assert not list_named(diary.notes, LATE)
        promises.check_the_end(story, studio)


def test_the_mask_stops_on_its_own_red_flags(sqlite: Engine, tmp_path: Path) -> None:
    """Fluid after day 4 is for the practitioner to look at; the early mask names it, the late one does not."""
    with telling(str(sqlite.url), tmp_path, local(0, "12:00")) as story:
        studio, phone = begin(story, "undo", ENDED_AT)
        diary = Diary(story, phone, healing(scabs_off=10))
        story.jump(local(5, "8:10"))
        diary.watch(local(5, "8:10"))
        assert diary.check_in({"fluid": "clear"}) == "watch"
        diary.live(local(7, "23:00"), ticks=False)
        assert not [each for each in list_named(diary.notes, EARLY) if each[0] >= 5]
        assert (7, "19:00") in list_named(diary.notes, LATE)
        promises.check_the_end(story, studio)
