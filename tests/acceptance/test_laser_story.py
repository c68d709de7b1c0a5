"""Laser, from the signature to the sign-off: told through console, phone and worker under the story's clock."""

from pathlib import Path

from sqlalchemy import Engine, select

from backend.db import StaffScope, transaction
from backend.models import ReadinessSignOff
from tests.acceptance import promises
from tests.acceptance.diary import Diary, healing, list_named
from tests.acceptance.handset import Handset
from tests.acceptance.story import Story, day_on, local, telling
from tests.acceptance.studio import Studio, begin, open_studio, plan_path

ENDED_AT = local(0, "14:30")
ALL_VIEWS = ("front", "top", "left", "right", "back", "close")


def test_laser_from_the_signature_to_the_sign_off(sqlite: Engine, tmp_path: Path) -> None:
    with telling(str(sqlite.url), tmp_path, local(-1, "12:00")) as story:
        studio, phone = begin(story, "laser", ENDED_AT, {"skin_type": "II"})
        diary = Diary(story, phone, healing(scabs_off=10))
        tell_the_first_days(phone, diary)
        tell_of_a_fever(story, studio, phone, diary)
        tell_of_healing(phone, diary)
        tell_of_readiness(story, studio, phone, diary)
        tell_of_the_sign_off(story, studio, phone, diary)
        promises.check_manners(phone, diary.kinds)
        promises.check_the_end(story, studio)


def tell_the_first_days(phone: Handset, diary: Diary) -> None:
    """The plan on the phone is the reference data's, and each push falls when it says."""
    promises.check_timeline(phone.timeline(), promises.build_expected("laser", ENDED_AT, 0, {}))
    diary.live(local(3, "23:00"))
    assert [phone.pushes_on(day) for day in range(4)] == [
        [
            ("14:40", "Your first steps are ready"),  # when the phone joined
            ("17:30", "A few things for today"),  # check-in at 3 h; cool at 18:00
            ("21:00", "A few things for today"),  # cool and pillowcase at 21:00, head up at 21:30
        ],
        [
            ("07:30", "A few things for today"),  # blisters, 8 h after the end: held in quiet hours; check-in at 8:00
            ("12:00", "A reminder you set"),  # cool for the last time within 24 h
            ("20:00", "A few things for today"),  # wash from 24 h on, ointment at 20:15
        ],
        [("08:00", "A few things for today"), ("20:00", "A few things for today")],
        [("08:00", "A few things for today"), ("20:00", "A few things for today")],
    ]
    assert list_named(diary.notes, "wash")[:3] == [(1, "20:00"), (2, "08:00"), (2, "20:00")]


def tell_of_a_fever(story: Story, studio: Studio, phone: Handset, diary: Diary) -> None:
    """A warning sign reaches the practitioner at once, is answered by name, and is closed."""
    diary.live(local(4, "12:00"))
    result = phone.report({"unwell": "fever"})
    assert result["level"] == "today"
    assert [flag["rule_id"] for flag in result["flags"]] == ["fever"]
    assert result["disclaimer"] == "This is not a diagnosis."
    assert "999" in result["emergency_line"]
    story.work()
    assert [(shown.at, shown.words) for shown in studio.console.alerts] == [
        (local(4, "12:00"), "1 client needs you now")
    ]
    assert [(mail["To"], mail["Subject"]) for mail in story.mails.mails] == [
        (studio.ida.email, "1 client needs you now")
    ]
    flag_id = result["flags"][0]["id"]
    assert phone.today()["flag"]["seen"] is None

    story.until(local(4, "12:09"))
    page = studio.console.open("/console")
    assert "Fever" in page.text
    studio.console.submit(f"/flags/{flag_id}/acknowledge")
    assert phone.today()["flag"]["seen"] == {"by": "Dr Ida Berg", "at": "2026-03-06T12:09:00Z"}
    diary.live(local(4, "19:00"))
    assert len(studio.console.alerts) == 1, "seen, so nobody is called again"
    assert ("18:00", "Please open Fallow") in phone.pushes_on(4), "6 hours after the warning, while it is open"

    studio.console.open(f"/console/flags/{flag_id}")
    studio.console.submit(f"/flags/{flag_id}/close", {"reason": "Seen by her doctor, a cold."})
    assert phone.today()["flag"] is None
    diary.live(local(6, "23:00"))
    assert not [note for note in diary.notes if note.kind == "help_followup" and note.shown.at > local(4, "18:00")]


def tell_of_healing(phone: Handset, diary: Diary) -> None:
    """Scabs off on day 10, skin closed on day 14: what hangs on it moves."""
    diary.live(local(14, "20:30"))
    assert phone.plan()["anchors"] == {"scabs_off": day_on(10), "skin_closed": day_on(14)}
    diary.live(local(17, "12:00"))
    assert list_named(diary.notes, "wash")[-1] == (14, "08:00"), "washing ends when the skin is closed"
    assert list_named(diary.notes, "sunscreen")[:2] == [(15, "08:00"), (16, "08:00")], "and sunscreen begins"
    assert set(diary.results.values()) == {"on_track"}
    after = promises.build_expected("laser", ENDED_AT, 17, {"scabs_off": 10, "skin_closed": 14})
    promises.check_timeline(phone.timeline(), after)


def tell_of_readiness(story: Story, studio: Studio, phone: Handset, diary: Diary) -> None:
    """Day 42 and not one earlier: all else is met the evening before."""
    diary.live(local(35, "12:00"), ticks=False)
    assert (phone.readiness()["earliest_on"], phone.readiness()["suggested_on"]) == (day_on(42), day_on(56))
    studio.client_page()
    studio.console.submit("/condition", holding={"condition_id": "health_same"})
    diary.live(local(40, "12:00"), ticks=False)
    phone.photograph(ALL_VIEWS)
    diary.live(local(41, "23:59"), ticks=False)
    assert list_unmet(phone) == ["min_days", "practitioner_yes"]
    assert (phone.readiness()["status"], studio.status()) == ("not_yet", "Not yet")
    assert not studio.client_page().has_form("/sign-off"), "nothing to sign yet"
    story.until(local(42, "00:00"))
    assert (phone.readiness()["status"], studio.status()) == ("ready_to_ask", "Ready for your sign-off")


def tell_of_the_sign_off(story: Story, studio: Studio, phone: Handset, diary: Diary) -> None:
    """Signed with its facts; the client hears of it in neutral words; a new flag takes it back."""
    diary.live(local(42, "12:00"), ticks=False)
    studio.client_page()
    studio.console.submit("/sign-off")
    story.work()
    assert phone.pushes_on(42)[-1] == ("12:00", "There is news in Fallow")
    area = phone.readiness()
    assert (area["status"], area["signed"]) == ("signed_off", {"by": "Dr Ida Berg", "at": "2026-04-13T11:00:00Z"})
    (kept,) = list_sign_offs(studio)
    facts = {each["id"]: each for each in kept.facts["conditions"]}
    assert facts["min_days"]["met"]
    assert facts["min_days"]["evidence"]["day"] == "42"
    assert all(each["met"] for name, each in facts.items() if each["blocking"] and name != "practitioner_yes")

    diary.live(local(43, "12:00"), ticks=False)
    phone.report({"unwell": "very_ill"})
    assert (phone.readiness()["status"], phone.readiness()["signed"]) == ("on_hold", None)
    assert "A sign-off was taken back: new evidence." in studio.client_page().text
    (kept,) = list_sign_offs(studio)
    assert kept.revoked_at == local(43, "12:00")
    assert kept.facts["conditions"], "revoked, and still on record"
    story.until(local(44, "12:00"))
    lived = promises.as_lived(
        promises.build_expected("laser", ENDED_AT, 0, {}),
        promises.build_expected("laser", ENDED_AT, 14, {"scabs_off": 10}),
        local(10, "8:10"),
    )
    closed = promises.build_expected("laser", ENDED_AT, 44, {"scabs_off": 10, "skin_closed": 14})
    lived = promises.as_lived(lived, closed, local(14, "8:10"))
    promises.check_moments(diary.notes, lived)
    promises.check_nothing_done_is_named(diary.notes, diary.done_at)
    promises.check_complete(diary.notes, lived, diary.done_at, local(43, "12:00"))


def list_unmet(phone: Handset) -> list[str]:
    """The blocking conditions that are still open, as the phone says."""
    items = [item for group in phone.readiness()["groups"] for item in group["items"]]
    return [item["id"] for item in items if item["blocking"] and not item["met"]]


def list_sign_offs(studio: Studio) -> list[ReadinessSignOff]:
    scope = StaffScope(studio.clinic_id, studio.ida.id)
    with transaction(scope, write=False) as session:
        return list(session.scalars(select(ReadinessSignOff).where(ReadinessSignOff.kind == "sign_off")))


def test_no_treatment_starts_before_the_owner_signed_its_plan(sqlite: Engine, tmp_path: Path) -> None:
    with telling(str(sqlite.url), tmp_path, local(0, "12:00")) as story:
        studio = open_studio(story)
        studio.add_client("Ana")
        refused = studio.open_treatment("laser")
        assert refused.status == 409
        assert "not signed" in refused.text.lower(), "and says why"
        assumed = studio.console.open(plan_path("laser")).text
        assert assumed.index("What no source gives") < assumed.index("6. Sign"), "assumptions are read first"
        studio.sign("laser")
        assert studio.open_treatment("laser").status == 200
