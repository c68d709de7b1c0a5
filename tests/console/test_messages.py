"""Messages at the clinic: in the list until answered, the thread on the client's page, what was seen."""

from datetime import datetime
from io import BytesIO

from PIL import Image

from backend.ids import new_id
from backend.services import clients, messages, photos
from backend.services.clients import Wishes
from backend.services.consents import ConsentGiven
from backend.services.messages import MessageDraft
from backend.services.photos import PhotoDraft
from tests.console.desk import Clinic, Desk
from tests.services.practice import day, sign, start_plan


def write(clinic: Clinic, words: str, at: datetime) -> None:
    messages.send(clinic.practice.phone, MessageDraft(new_id(at), words, at), now=at)


def desk_at(clinic: Clinic, at: datetime) -> Desk:
    clinic.clock.at = at
    return clinic.desk


def page_of(clinic: Clinic) -> str:
    return f"/console/clients/{clinic.practice.ana.id}"


def test_a_message_waits_under_look_today_and_leads_to_the_thread(clinic: Clinic) -> None:
    sign(clinic.practice, "laser")
    start_plan(clinic.practice, "laser")
    write(clinic, "Is the <b>darker</b> patch usual?", day(1))
    write(clinic, "It itches too.", day(1, 10))
    desk = desk_at(clinic, day(2, 12))
    page = desk.get("/console")
    assert page.text.index("Look today") < page.text.index("Sent 2 messages.") < page.text.index("“It itches too.”")
    assert "27 h, late" in page.text  # 24 are promised
    assert f"{page_of(clinic)}#messages" in page.links
    thread = desk.get(page_of(clinic)).text
    assert "Is the &lt;b&gt;darker&lt;/b&gt; patch usual?" in thread
    assert "past your reply promise of 24 h" in thread
    assert thread.count("no answer yet") == 2


def test_an_answer_ends_the_waiting_and_says_when_it_was_seen(clinic: Clinic) -> None:
    write(clinic, "Is this usual?", day(1))
    desk = desk_at(clinic, day(1, 10))
    assert "No plan yet" in desk.get("/console").text
    page = desk.get(page_of(clinic))
    write(clinic, "One more thing.", day(1, 10))
    answered = desk.submit(page, "/messages", words="It is usual for today.")
    assert "Your message is sent." in answered.text
    assert "not seen yet" in answered.text
    assert answered.text.count("no answer yet") == 1  # it came after the page was opened
    seen = {line.words: line.seen_at for line in messages.get_thread(clinic.practice.phone).messages}
    assert seen["Is this usual?"] == day(1, 10)
    quiet = desk.submit(desk.get(page_of(clinic)), "/messages/set-aside")
    assert "Marked as needing no answer." in quiet.text
    assert "Sent a message." not in desk.get("/console").text
    newest = next(line for line in messages.get_thread(clinic.practice.phone).messages if line.by)
    messages.note_seen(clinic.practice.phone, newest.id, now=day(1, 11))
    clinic.clock.at = day(1, 12)
    assert "seen today, 11:00" in desk.get(page_of(clinic)).text


def test_a_message_without_words_is_refused_beside_its_field(clinic: Clinic) -> None:
    desk = desk_at(clinic, day(1))
    page = desk.submit(desk.get(page_of(clinic)), "/messages", words="  ")
    assert page.status == 422
    assert 'id="words-error"' in page.text
    assert messages.get_thread(clinic.practice.phone).lines == ()


def test_a_long_thread_shows_its_newest_and_keeps_the_rest_folded(clinic: Clinic) -> None:
    for number in range(9):
        write(clinic, f"message {number}", day(1, 9, number))
    page = desk_at(clinic, day(1, 12)).get(page_of(clinic)).text
    folded, shown = page[page.index("Earlier, 3") :].split("</details>", 1)
    assert [n for n in range(9) if f"message {n}" in folded] == [0, 1, 2]
    assert [n for n in range(9) if f"message {n}" in shown] == [3, 4, 5, 6, 7, 8]


def test_a_photo_stands_in_the_thread_and_each_opening_is_checked_and_kept_nowhere(clinic: Clinic) -> None:
    practice = clinic.practice
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    given = Wishes(consents=(ConsentGiven("photos", True, "2026-11-22"),))
    clients.change_me(practice.phone, given, now=day(1))
    draft = MessageDraft(new_id(day(1)), "", day(1), with_photo=True)
    messages.send(practice.phone, draft, now=day(1))
    desk = desk_at(clinic, day(1, 10))
    assert "A photo is on its way." in desk.get(page_of(clinic)).text
    assert "A photo without words." in desk.get("/console").text
    drawn = BytesIO()
    Image.new("RGB", (64, 48), "grey").save(drawn, "JPEG")
    photo = PhotoDraft(new_id(day(1)), plan, None, None, day(1), message_id=draft.id)
    photos.store_photo(practice.phone, photo, drawn.getvalue(), ports=clinic.ports, now=day(1, 10))
    page = desk.get(page_of(clinic))
    assert "on its way" not in page.text
    (full,) = [link for link in page.links if f"/console/photos/{photo.id}" in link]
    answer = desk.http.get(full)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert clinic.desk_of(clinic.joe).http.get(full).status_code == 404
