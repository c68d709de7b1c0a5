"""Saline: scabs off moves the oil; a late scab moves nothing; sign-off on day 56. The long one on both databases."""

from pathlib import Path

from sqlalchemy import Engine

from tests.acceptance import promises
from tests.acceptance.diary import Diary, healing, list_named
from tests.acceptance.handset import Handset
from tests.acceptance.story import Story, day_on, local, telling
from tests.acceptance.studio import Studio, begin

ENDED_AT = local(0, "14:30")


def test_saline_from_the_signature_to_the_sign_off(database: Engine, tmp_path: Path) -> None:
    url = database.url.render_as_string(hide_password=False)
    with telling(url, tmp_path, local(-1, "12:00")) as story:
        studio, phone = begin(story, "saline", ENDED_AT, {"skin_type": "III"})
        diary = Diary(story, phone, healing(scabs_off=10))
        before = promises.build_expected("saline", ENDED_AT, 0, {})
        promises.check_timeline(phone.timeline(), before)
        tell_of_the_scabs(phone, diary)
        tell_of_the_oil(phone, diary)
        tell_of_day_56(story, studio, phone, diary)
        without_scabs = promises.build_expected("saline", ENDED_AT, 17, {"scabs_off": 10})
        closed = promises.build_expected("saline", ENDED_AT, 57, {"scabs_off": 10, "skin_closed": 17})
        lived = promises.as_lived(before, without_scabs, local(10, "8:10"))
        lived = promises.as_lived(lived, closed, local(17, "8:10"))
        promises.check_moments(diary.notes, lived)
        promises.check_nothing_done_is_named(diary.notes, diary.done_at)
        promises.check_complete(diary.notes, lived, diary.done_at, local(27, "23:00"))
        promises.check_manners(phone, diary.kinds)
        promises.check_the_end(story, studio)


def tell_of_the_scabs(phone: Handset, diary: Diary) -> None:
    """While the scabs are on: blot and wash; the oil is a forecast that nothing is sent for."""
    diary.live(local(8, "18:30"))
    diary.tap("wash@d8#1")  # before its time, at 20:00
    diary.live(local(10, "8:05"))
    washes = list_named(diary.notes, "wash")
    assert washes == [(day, "20:00") for day in (2, 3, 4, 5, 6, 7, 9)], "done on day 8 before it was due"
    assert list_named(diary.notes, "blot")[:4] == [(0, "20:00"), (1, "08:00"), (1, "14:00"), (1, "20:00")]
    oil = [each for each in phone.timeline(0, 20) if each["key"].startswith("after_scab_oil")]
    assert oil[0]["key"] == "after_scab_oil@d14#1"
    assert all(each["provisional"] for each in oil)


def tell_of_the_oil(phone: Handset, diary: Diary) -> None:
    """Scabs off on day 10, at the check-in of 8:10: washing and blotting end, oil begins two days later."""
    diary.live(local(13, "23:00"))
    assert phone.plan()["anchors"] == {"scabs_off": day_on(10)}
    assert max(list_named(diary.notes, "wash")) == (9, "20:00")
    assert max(list_named(diary.notes, "blot")) == (10, "08:00")
    times = ("08:00", "14:00", "20:00")
    assert list_named(diary.notes, "after_scab_oil") == [(day, at) for day in (12, 13) for at in times]
    oil = [each for each in phone.timeline(0, 60) if each["key"].startswith("after_scab_oil")]
    assert oil[0]["local"] == f"{day_on(12)}T08:00"
    assert not any(each["provisional"] for each in oil)


def tell_of_day_56(story: Story, studio: Studio, phone: Handset, diary: Diary) -> None:
    """Ready on day 56, with the skin seen in person; not at 23:59 of day 55."""
    diary.live(local(18, "12:00"))
    assert phone.plan()["anchors"] == {"scabs_off": day_on(10), "skin_closed": day_on(17)}
    assert list_named(diary.notes, "sunscreen") == [(18, "08:00")]
    diary.live(local(28, "9:00"), ticks=False)
    for day in (35, 42, 49):
        story.jump(local(day, "7:55"))  # the worker was away: what is past its window expires, nothing floods
        diary.live(local(day, "9:00"), ticks=False)
    assert phone.readiness()["earliest_on"] == day_on(56)
    story.jump(local(55, "7:55"))
    diary.watch(local(55, "12:00"))
    studio.client_page()
    studio.console.submit("/condition", holding={"condition_id": "health_same"})
    studio.console.submit("/seen-in-person")
    diary.watch(local(55, "23:59"))
    assert (phone.readiness()["status"], studio.status()) == ("not_yet", "Not yet")
    story.until(local(56, "00:00"))
    assert (phone.readiness()["status"], studio.status()) == ("ready_to_ask", "Ready for your sign-off")
    diary.live(local(56, "12:00"), ticks=False)
    studio.client_page()
    studio.console.submit("/sign-off")
    diary.watch(local(56, "12:00"))
    assert phone.pushes_on(56)[-1] == ("12:00", "There is news in Fallow")
    assert phone.readiness()["signed"]["by"] == "Dr Ida Berg"


def test_scabs_still_on_at_day_20_no_oil_no_sunscreen_and_washing_goes_on(sqlite: Engine, tmp_path: Path) -> None:
    with telling(str(sqlite.url), tmp_path, local(0, "12:00")) as story:
        studio, phone = begin(story, "saline", ENDED_AT)
        diary = Diary(story, phone, healing(scabs_off=99))
        diary.skim(1, 17)
        diary.live(local(19, "23:00"), ticks=False)
        diary.live(local(21, "7:00"), ticks=False)
        on_day_20 = [note for note in diary.notes if note.shown.day() == 20]
        named = {key.split("@")[0] for note in on_day_20 for key in note.keys}
        assert "wash" in named
        assert not {"after_scab_oil", "sunscreen"} & named
        assert not list_named(diary.notes, "after_scab_oil")
        assert not list_named(diary.notes, "sunscreen")
        shown = {each["key"] for each in phone.timeline(20, 20)}
        assert "wash@d20#1" in shown
        ahead = [each for each in phone.timeline(0, 60) if each["key"].split("@")[0] in ("after_scab_oil", "sunscreen")]
        assert ahead
        assert all(each["provisional"] and each["local"] > day_on(21) for each in ahead)
        promises.check_manners(phone, diary.kinds)
        promises.check_the_end(story, studio)
