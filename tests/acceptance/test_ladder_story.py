"""A red flag at night: the ladder climbs until a person answers, and quiet hours hold none of it back (PROMISES S2)."""

from pathlib import Path

from sqlalchemy import Engine, update

from backend.db import StaffScope, transaction
from backend.models import Client
from backend.services import clinics
from tests.acceptance import promises
from tests.acceptance.story import Shown, local, telling
from tests.acceptance.studio import PASSWORD, begin

ENDED_AT = local(0, "14:30")
CALL, ALARM = "1 client needs you now", "Nobody has answered an urgent check-in"


def told(alerts: list[Shown]) -> list[tuple[str, str]]:
    return [(shown.local(), shown.words) for shown in alerts]


def test_the_ladder_climbs_at_night_until_a_person_answers(sqlite: Engine, tmp_path: Path) -> None:
    with telling(str(sqlite.url), tmp_path, local(-1, "12:00")) as story:
        studio, phone = begin(story, "laser", ENDED_AT)
        studio.console.open("/console/settings")
        studio.console.submit("/settings/cover", {"practitioner_id": str(studio.joe.id)})
        story.until(local(1, "23:20"))
        phone.report({"unwell": "fever"})
        story.until(local(1, "23:40"))
        joe = studio.browser(studio.joe)
        story.until(local(1, "23:51"))
        joe.confirm()
        story.until(local(2, "0:19"))
        assert told(studio.console.alerts) == [("23:20", CALL), ("23:35", CALL)]
        assert told(joe.alerts) == [("23:50", CALL)], "the second person; the browser has shown it"
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


def test_a_practitioner_who_is_away_at_3_am_and_a_second_person_whose_browser_says_nothing(
    sqlite: Engine, tmp_path: Path
) -> None:
    """The owner is alarmed, everybody at the clinic sees it, and the client is told whom to call."""
    with telling(str(sqlite.url), tmp_path, local(-1, "12:00")) as story:
        studio, phone = begin(story, "laser", ENDED_AT)
        away = clinics.add_practitioner(
            studio.clinic_id, name="Dr May Roe", email="may@northlight.example", role="practitioner",
            password=PASSWORD, now=story.now,
        )  # fmt: skip
        with transaction(StaffScope(studio.clinic_id)) as session:
            session.execute(update(Client).values(practitioner_id=away.id))
        studio.console.open("/console/settings")
        studio.console.submit("/settings/cover", {"practitioner_id": str(studio.joe.id)})
        joe = studio.browser(studio.joe)
        story.until(local(2, "3:00"))
        raised = phone.report({"unwell": "fever"})
        assert (raised["level"], raised["flags"][0]["seen"]) == ("today", None)
        story.work()
        assert [mail["To"] for mail in story.mails.mails] == [away.email], "in quiet hours, at once"

        story.until(local(2, "3:36"))
        assert told(joe.alerts) == [("03:30", CALL), ("03:36", CALL)], "sent again: nothing was confirmed"
        first, again = (shown.push for shown in joe.alerts)
        assert first.headers["Topic"] == again.headers["Topic"], "one notification on the screen"
        assert first.payload["id"] != again.payload["id"]

        story.until(local(2, "4:00"))
        assert told(studio.console.alerts) == [("04:00", ALARM)]
        assert [mail["To"] for mail in story.mails.mails][-1] == studio.ida.email
        assert phone.today()["banner"] == {"kind": "nobody_seen"}
        for person in (studio.console, joe):
            assert "Nobody has answered an urgent check-in" in person.open("/console/clients").text
        assert "fallow_alarms 1.0" in story.app.test_client().get("/metrics").text
        story.until(local(2, "4:10"))
        rungs = [shown.words for shown in (*studio.console.alerts, *joe.alerts)]
        assert len(rungs) == 3, "exactly one escalation"

        joe.open("/console")
        joe.submit(f"/flags/{raised['flags'][0]['id']}/acknowledge")
        assert phone.today()["flag"]["seen"]["by"] == "Dr Joe Lind"
        assert phone.today()["banner"] == {"kind": "flag"}
        assert "Nobody has answered" not in studio.console.open("/console/clients").text
        story.work()
        assert "fallow_alarms 0.0" in story.app.test_client().get("/metrics").text
        promises.check_the_end(story, studio)
