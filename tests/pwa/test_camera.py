"""The camera in real Chromium, with the browser's made picture in place of a room: a photo taken with it arrives small
and without hidden data, and without a camera the phone's own takes its place."""

import io
import re
import shutil
from collections.abc import Iterator
from itertools import pairwise

import pytest
from PIL import Image
from playwright.sync_api import Browser, Request, expect, sync_playwright
from sqlalchemy import select

from backend.db import transaction
from backend.models import Photo
from tests.pwa.phone import QUIET, Opener, Phone, build_picture
from tests.pwa.server import LivePractice, Patient
from tests.services.worker_process import until

pytestmark = pytest.mark.browser

MOST_BYTES, LONG_EDGE = 350_000, 1600
VIEWS = ("Front", "Top", "Left", "Right", "Back", "Close-up", "Check and send")  # of a full set, in order
# Whether a camera is still on: every track that was ever given out.
WATCH_TRACKS = """
window.tracks = [];
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const stream = await open(wanted);
  window.tracks.push(...stream.getTracks());
  return stream;
};
"""
SLOWEST_ENCODING_MS = 20_000
LIVE = "() => window.tracks.filter((track) => track.readyState === 'live').length"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser with a camera, whose picture it makes itself."""
    with sync_playwright() as playwright:
        arguments = [*QUIET, "--use-fake-device-for-media-stream"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        yield browser
        browser.close()


def shoot(phone: Phone, following: str) -> None:
    """Takes a photo; the browser's made picture may look blurred to the phone, and may be used all the same.

    Chromium encodes when the page has nothing else to do: where the live picture is drawn without a graphics card, that
    can take seconds.
    """
    phone.tap(phone.page.locator("button.shutter"))
    anyway = phone.page.get_by_role("button", name="Use it anyway")
    expect(anyway.or_(phone.page.get_by_role("heading", name=re.compile(f"^{following}")))).to_be_visible(
        timeout=SLOWEST_ENCODING_MS
    )
    if anyway.is_visible():
        phone.tap(anyway)


def walk_to_the_photo(phone: Phone, patient: Patient) -> None:
    phone.join(patient)
    phone.tap(re.compile("Start check-in"))
    phone.answer_page()
    phone.tap("Continue")
    phone.tap("None of these")


def test_photos_of_the_live_camera_come_in_order_and_arrive_small_and_bare(
    practice: LivePractice, open_chromium: Opener
) -> None:
    ana = practice.treat("Ana", "saline", day=7)
    phone = open_chromium(permissions=["camera"])
    phone.context.add_init_script(WATCH_TRACKS)
    walk_to_the_photo(phone, ana)
    phone.heading("One more thing")
    phone.answer_page()
    phone.tap("Continue")
    shutter = phone.page.locator("button.shutter")
    expect(shutter).to_be_enabled()
    assert phone.page.evaluate(LIVE) == 1
    phone.check_screen("camera")
    for view, following in pairwise(VIEWS):
        phone.heading(re.compile(f"^{view}"))
        if view == "Front":
            shoot(phone, following)
        else:
            phone.tap("Skip photo")
    phone.heading("Check and send")
    assert phone.page.evaluate(LIVE) == 0
    with phone.page.expect_request(is_photo) as put:
        phone.tap(re.compile("^Send to Ida"))

    sent = put.value.post_data_buffer or b""
    picture = Image.open(io.BytesIO(sent))
    assert (picture.format, max(picture.size) <= LONG_EDGE, len(sent) <= MOST_BYTES) == ("JPEG", True, True)
    assert not picture.getexif()
    assert b"Exif" not in sent
    assert max(picture.size) > 1200, "the camera's full picture, not its preview"
    until(lambda: len(list_photos(ana)) == 1)
    stored = list_photos(ana)[0]
    assert (stored.width, stored.height, stored.view) == (*picture.size, "front")


def test_without_permission_the_phones_own_camera_takes_its_place(
    practice: LivePractice, open_chromium: Opener
) -> None:
    phone = open_chromium()
    walk_to_the_photo(phone, practice.treat("Ben", "saline", day=9))
    phone.tap("Take photo")
    phone.sees(re.compile("^The camera is off for Fallow"))
    phone.check_screen("camera-denied")
    phone.take_photo(build_picture())
    phone.heading("Check and send")


def is_photo(request: Request) -> bool:
    return request.method == "PUT" and "/photos/" in request.url


def list_photos(patient: Patient) -> list[Photo]:
    with transaction(patient.scope, write=False) as session:
        return list(session.scalars(select(Photo).where(Photo.client_id == patient.scope.client_id)))
