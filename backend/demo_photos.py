"""The demo's photos: soft gradients with fading dots, drawn here. No real skin, and plainly none."""

import io
import random
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

SIZE: Final = (480, 640)
TONES: Final = {
    "I": (244, 220, 205), "II": (236, 205, 184), "III": (219, 180, 152),
    "IV": (186, 141, 108), "V": (138, 97, 71), "VI": (96, 65, 49),
}  # fmt: skip
FLUSH: Final = (186, 88, 84)
DARK: Final = ("V", "VI")  # where skin does not redden but darkens
DOT: Final = (44, 52, 66)
DOTS: Final = 220
CALM_BY: Final = 12  # day


def draw_photo(seed: str, skin_type: str, day: int) -> bytes:
    """A JPEG of 480 x 640, the same for the same seed, skin type and day: a flush that calms, dots that fade."""
    dice = random.Random(seed)
    light = Image.radial_gradient("L").resize(SIZE)
    tone = TONES[skin_type]
    shade = tuple(round(part * 0.7) for part in tone)
    picture = Image.composite(Image.new("RGB", SIZE, shade), Image.new("RGB", SIZE, tone), light)
    patch = Image.new("L", SIZE)
    left = max(0.0, 1 - day / CALM_BY)
    ImageDraw.Draw(patch).ellipse((60, 150, 420, 500), fill=round((180 if skin_type in DARK else 90) * left))
    flush = shade if skin_type in DARK else FLUSH
    picture.paste(flush, mask=patch.filter(ImageFilter.GaussianBlur(40)))
    dots = Image.new("L", SIZE)
    pen = ImageDraw.Draw(dots)
    for _ in range(DOTS):
        x, y = dice.gauss(240, 90), dice.gauss(325, 85)
        pen.ellipse((x - 2.5, y - 2.5, x + 2.5, y + 2.5), fill=round(170 * (1 - 0.5 * min(1, day / 28))))
    picture.paste(DOT, mask=dots)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()
