"""The demo's drawn photos: the same each time, small, and calmer from day to day."""

import io
import statistics

from PIL import Image

from backend.demo_photos import draw_photo


def test_a_drawn_photo_is_the_same_each_time_and_small() -> None:
    drawn = draw_photo("Ana", "III", 3)
    assert drawn == draw_photo("Ana", "III", 3)
    assert drawn != draw_photo("Ana", "III", 5) != draw_photo("Femi", "VI", 5)
    assert len(drawn) < 40_000


def test_the_drawn_flush_fades() -> None:
    days = [Image.open(io.BytesIO(draw_photo("Ana", "III", day))).crop((200, 280, 280, 360)) for day in (1, 5, 12)]
    green = [statistics.fmean(one.getchannel("G").tobytes()) for one in days]
    assert green == sorted(green)
