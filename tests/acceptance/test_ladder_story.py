"""A red flag at night: the ladder climbs until a person answers, and quiet hours hold none of it back (PROMISES S2)."""

from pathlib import Path

from sqlalchemy import Engine

from tests.acceptance import promises
from tests.acceptance.story import Shown, local, telling
from tests.acceptance.studio import begin

ENDED_AT = local(0, "14:30")
CALL, ALARM = "1 client needs you now", "Nobody has answered an urgent check-in"


def told(alerts: list[Shown]) -> list[tuple[str, str]]:
    return [(shown.local(), shown.words) for shown in alerts]


def test_the_ladder_climbs_at_night_until_a_person_answers(sqlite: Engine, tmp_path: Path) -> None:
    with telling(str(sqlite.url), tmp_path, local(-1, "12:00")) as story:
        studio, phone = begin(story, "laser", ENDED_AT)
        studio.console.open("/console/settings")
        studio.console.submit("/settings/cover", {"practitioner_id": str(studio.joe.id)})
        joe = studio.browser(studio.joe)
        story.until(local(1, "23:20"))
        phone.report({"unwell": "fever"})
        story.until(local(2, "0:19"))
        assert told(studio.console.alerts) == [("23:20", CALL), ("23:35", CALL)]
        assert told(joe.alerts) == [("23:50", CALL)], "the second person"
        assert phone.today()["banner"] == {"kind": "flag"}

        story.until(local(2, "0:25"))
        assert told(studio.console.alerts)[2:] == [("00:20", ALARM)], "the owner, after an hour"
        assert [(mail["To"], mail["Subject"]) for mail in story.mails.mails] == [
            (studio.ida.email, CALL),
            (studio.ida.email, CALL),
            (studio.joe.email, CALL),
            (studio.ida.email, ALARM),
        ]
        today = phone.today()
        assert today["banner"] == {"kind": "nobody_seen"}
        assert today["flag"]["nobody_seen"]
        assert phone.me["studio"]["phone"] == "+44 20 7946 0018", "the number that the banner shows"
        assert not [shown for shown in phone.lock_screen if shown.at > local(1, "22:00")], "her own pushes wait"

        story.until(local(2, "0:40"))
        joe.open("/console")
        joe.submit(f"/flags/{today['flag']['id']}/acknowledge")
        assert phone.today()["flag"]["seen"] == {"by": "Dr Joe Lind", "at": "2026-03-04T00:40:00Z"}
        assert phone.today()["banner"] == {"kind": "flag"}
        story.until(local(2, "7:35"))
        assert (len(studio.console.alerts), len(joe.alerts)) == (3, 1), "answered: nobody is called again"
        assert phone.pushes_on(2)[0][0] == "07:30", "six hours after it, held until quiet hours end"
        promises.check_the_end(story, studio)


def test_an_answer_within_a_quarter_of_an_hour_ends_the_ladder(sqlite: Engine, tmp_path: Path) -> None:
    with telling(str(sqlite.url), tmp_path, local(-1, "12:00")) as story:
        studio, phone = begin(story, "saline", ENDED_AT)
        story.until(local(1, "12:00"))
        result = phone.report({"allergy": "breathing"})
        assert (result["level"], result["title"]) == ("now", "Call 999 now")
        story.until(local(1, "12:14"))
        studio.console.open("/console")
        studio.console.submit(f"/flags/{result['flags'][0]['id']}/acknowledge")
        story.until(local(2, "12:00"))
        assert told(studio.console.alerts) == [("12:00", CALL)]
        later = [shown.words for shown in phone.lock_screen if shown.at > local(1, "12:00")]
        assert set(later) == {"Please open Fallow"}, "while an emergency is open, nothing else is sent"
        promises.check_the_end(story, studio)
