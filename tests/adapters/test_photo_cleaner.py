"""Photos as they come in: only upright pixels in sRGB come out (PROMISES K3)."""

import io
import struct
from collections.abc import Callable

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from backend.adapters.photo_cleaner import SpawnedPhotoCleaner

CANARY = b"CANARY-51.5007N-0.1246W"
FORMATS = ("JPEG", "PNG", "WEBP")
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
Bytes = Callable[[], bytes]


def encode(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def flat(width: int = 64, height: int = 48, colour: object = "red", mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (width, height), colour)  # type: ignore[arg-type]


def clean(body: bytes) -> Image.Image:
    """The cleaned picture, decoded."""
    return Image.open(io.BytesIO(SpawnedPhotoCleaner().clean(body).full)).convert("RGB")


def near(seen: object, wanted: tuple[int, int, int]) -> bool:
    return isinstance(seen, tuple) and all(abs(a - b) <= 12 for a, b in zip(seen, wanted, strict=True))


def chunks_of(webp: bytes) -> list[bytes]:
    assert webp[:4] == b"RIFF"
    assert webp[8:12] == b"WEBP"
    assert struct.unpack_from("<I", webp, 4)[0] + 8 == len(webp), "bytes stand after the picture"
    names, at = [], 12
    while at < len(webp):
        names.append(webp[at : at + 4])
        length = struct.unpack_from("<I", webp, at + 4)[0]
        at += 8 + length + length % 2
    return names


# --- nothing but pixels -----------------------------------------------------------------------------------------------


def with_segment(marker: int, content: bytes) -> bytes:
    """A JPEG with one more segment behind its start."""
    body = encode(flat())
    return body[:2] + struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content + body[2:]


def with_gps() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()  # description
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 2.5), 3: "W", 4: (0.0, 7.0, 28.0), 27: CANARY})
    return exif.tobytes()


def with_thumbnail() -> bytes:
    """EXIF whose second directory points at a thumbnail with a comment of its own."""
    inner = b"\xff\xd8\xff\xfe" + struct.pack(">H", len(CANARY) + 2) + CANARY + encode(flat(8, 8))[2:]
    entries = struct.pack(">HHIIHHII", 0x0201, 4, 1, 44, 0x0202, 4, 1, len(inner))
    return b"Exif\0\0MM\0*" + struct.pack(">I", 8) + struct.pack(">HI", 0, 14) + struct.pack(">H", 2) + entries + (
        struct.pack(">I", 0) + inner
    )  # fmt: skip


def canary_profile() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    text = profile.index(b"text" + bytes(4)) if b"text" + bytes(4) in profile else profile.rindex(b"mluc")
    return profile[: text + 28] + CANARY + profile[text + 28 + len(CANARY) :]


def png_text(compress: bool = False) -> bytes:
    info = PngInfo()
    info.add_text("Comment", CANARY.decode(), zip=compress)
    info.add_itxt("XML:com.adobe.xmp", CANARY.decode(), zip=compress)
    return encode(flat(), "PNG", pnginfo=info)


HIDDEN: dict[str, Bytes] = {
    "EXIF with GPS": lambda: encode(flat(), exif=with_gps()),
    "EXIF in PNG": lambda: encode(flat(), "PNG", exif=with_gps()),
    "EXIF in WebP": lambda: encode(flat(), "WEBP", exif=with_gps()),
    "thumbnail": lambda: with_segment(0xE1, with_thumbnail()),
    "XMP": lambda: with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + CANARY + b"</x:xmpmeta>"),
    "XMP in WebP": lambda: encode(flat(), "WEBP", xmp=CANARY),
    "IPTC": lambda: with_segment(
        0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", 28) + CANARY + bytes(5)
    ),
    "comment": lambda: with_segment(0xFE, CANARY),
    "unknown segment": lambda: with_segment(0xEB, CANARY),
    "profile": lambda: encode(flat(), icc_profile=canary_profile()),
    "profile that cannot be read": lambda: encode(flat(), icc_profile=CANARY * 8),
    "profile in WebP": lambda: encode(flat(), "WEBP", icc_profile=canary_profile()),
    "PNG text": png_text,
    **{f"after the {kind}": lambda kind=kind: encode(flat(), kind) + CANARY for kind in FORMATS},  # type: ignore[misc]
    "a page after the picture": lambda: encode(flat()) + b"<html><script>" + CANARY + b"</script></html>",
    "under see-through pixels": lambda: encode(
        Image.frombytes("RGBA", (2, 3), CANARY + b"\0"), "PNG", compress_level=0
    ),
}


@pytest.mark.parametrize("place", HIDDEN)
def test_hidden_data_does_not_survive(place: str) -> None:
    body = HIDDEN[place]()
    if place != "under see-through pixels":  # rows of a PNG begin with a filter byte
        assert CANARY in body, "the test hid nothing"
    photo = SpawnedPhotoCleaner().clean(body)
    for webp in (photo.full, photo.thumb):
        assert CANARY not in webp
        assert chunks_of(webp) == [b"VP8 "]


@pytest.mark.parametrize("compress", [False, True])
def test_compressed_texts_and_profiles_go_too(compress: bool) -> None:
    photo = SpawnedPhotoCleaner().clean(png_text(compress))
    assert chunks_of(photo.full) == chunks_of(photo.thumb) == [b"VP8 "]


# --- the picture ------------------------------------------------------------------------------------------------------

STORED = {  # how a camera with this orientation lays an upright picture down
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def quarters() -> Image.Image:
    picture = flat(160, 80, WHITE)
    for colour, at in ((RED, (0, 0)), (GREEN, (80, 0)), (BLUE, (0, 40))):
        picture.paste(colour, (*at, at[0] + 80, at[1] + 40))
    return picture


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("orientation", STORED)
def test_every_orientation_ends_upright(orientation: int, kind: str) -> None:
    way = STORED[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    lying = quarters().transpose(way) if way is not None else quarters()
    photo = SpawnedPhotoCleaner().clean(encode(lying, kind, exif=exif.tobytes()))
    assert (photo.width, photo.height) == (160, 80)
    for webp, scale in ((photo.full, 1), (photo.thumb, 1)):
        shown = Image.open(io.BytesIO(webp)).convert("RGB")
        corners = [shown.getpixel((x * scale, y * scale)) for x, y in ((40, 20), (120, 20), (40, 60), (120, 60))]
        assert all(near(seen, wanted) for seen, wanted in zip(corners, (RED, GREEN, BLUE, WHITE), strict=True))


def swapped_profile() -> bytes:
    """A profile whose red is sRGB's green and the other way round."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"swap", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"swap", b"gXYZ", 1)


@pytest.mark.parametrize("kind", FORMATS)
def test_colours_are_read_by_the_profile_before_it_goes(kind: str) -> None:
    assert near(clean(encode(flat(), kind)).getpixel((5, 5)), RED)
    assert near(clean(encode(flat(), kind, icc_profile=swapped_profile())).getpixel((5, 5)), GREEN)


def test_a_profile_or_exif_that_cannot_be_read_spoils_nothing() -> None:
    assert near(clean(encode(flat(), icc_profile=b"not a profile")).getpixel((5, 5)), RED)
    assert near(clean(encode(flat(64, 48, 128, "L"), icc_profile=canary_profile())).getpixel((5, 5)), (128, 128, 128))
    assert near(clean(with_segment(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff")).getpixel((5, 5)), RED)


def test_every_kind_of_pixel_becomes_rgb_and_what_is_seen_through_is_white() -> None:
    modes = {"L": 76, "1": 1, "LA": (76, 255), "RGBA": (255, 0, 0, 255), "P": 1}
    for mode, colour in modes.items():
        assert clean(encode(flat(colour=colour, mode=mode), "PNG")).mode == "RGB"
    assert near(clean(encode(flat(colour=(0, 255, 255, 0), mode="CMYK"))).getpixel((5, 5)), RED)
    for kind in ("PNG", "WEBP"):
        assert near(clean(encode(flat(colour=(0, 0, 0, 0), mode="RGBA"), kind)).getpixel((5, 5)), WHITE)


@pytest.mark.parametrize(
    ("size", "wanted"), [((4000, 3000), (1600, 1200)), ((300, 4000), (120, 1600)), ((9, 5), (9, 5))]
)
def test_the_long_edge_is_at_most_1600(size: tuple[int, int], wanted: tuple[int, int]) -> None:
    photo = SpawnedPhotoCleaner().clean(encode(flat(*size)))
    assert (photo.width, photo.height) == wanted == Image.open(io.BytesIO(photo.full)).size


def test_the_thumbnail_is_at_most_20_kb_also_for_noise() -> None:
    noise = Image.merge("RGB", [Image.effect_noise((2000, 2000), 200) for _ in range(3)])
    photo = SpawnedPhotoCleaner().clean(encode(noise, quality=95))
    assert 5_000 < len(photo.thumb) <= 20_000 < len(photo.full)
