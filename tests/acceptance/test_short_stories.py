"""Those who take another way to the sign-off: without photos, and with the longest wait."""

from pathlib import Path

from sqlalchemy import Engine

from tests.acceptance import promises
from tests.acceptance.diary import Diary, healing
from tests.acceptance.story import day_on, local, telling
from tests.acceptance.studio import begin

ENDED_AT = local(0, "14:30")


def test_a_client_without_photos_is_seen_in_person_and_signed_off(sqlite: Engine, tmp_path: Path) -> None:
    with telling(str(sqlite.url), tmp_path, local(-1, "12:00")) as story:
        studio, phone = begin(story, "undo", ENDED_AT, {"skin_type": "II"})
        Diary(story, phone, healing(scabs_off=10)).skim(1, 56)
        unmet = [item["id"] for group in phone.readiness()["groups"] for item in group["items"]
                 if item["blocking"] and not item["met"]]  # fmt: skip
        assert unmet == ["photos", "practitioner_yes"]
        assert phone.readiness()["status"] == "not_yet"
        assert not studio.client_page().has_form("/sign-off")
        studio.console.submit("/seen-in-person")
        assert phone.readiness()["status"] == "ready_to_ask"
        studio.client_page()
        studio.console.submit("/sign-off")
        assert phone.readiness()["signed"] == {"by": "Dr Ida Berg", "at": "2026-04-27T07:10:00Z"}
        story.work()
        promises.check_the_end(story, studio)


def test_laser_on_skin_type_vi_waits_70_days_and_is_signed_off(sqlite: Engine, tmp_path: Path) -> None:
    with telling(str(sqlite.url), tmp_path, local(-1, "12:00")) as story:
        studio, phone = begin(story, "laser", ENDED_AT, {"skin_type": "VI"})
        diary = Diary(story, phone, healing(scabs_off=10))
        diary.skim(1, 63)
        assert (phone.readiness()["earliest_on"], phone.readiness()["suggested_on"]) == (day_on(70), day_on(84))
        story.jump(local(69, "12:00"))
        studio.client_page()
        studio.console.submit("/seen-in-person")
        story.jump(local(69, "23:59"))
        assert (phone.readiness()["status"], studio.status()) == ("not_yet", "Not yet")
        story.jump(local(70, "0:00"))
        assert (phone.readiness()["status"], studio.status()) == ("ready_to_ask", "Ready for your sign-off")
        studio.client_page()
        studio.console.submit("/sign-off")
        assert phone.readiness()["status"] == "signed_off"
        story.work()
        promises.check_the_end(story, studio)
