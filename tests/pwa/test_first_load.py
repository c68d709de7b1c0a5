"""What the phone app loads first stays small (PROMISES F7); what draws curves comes with the first curve."""

import gzip
import re

import setup_env
from tests.pwa.server import build_phone_app

MOST_JS, MOST_CSS = 45_000, 10_000  # bytes, gzipped
MOST_FIREBASE = 20_000
ASSETS = setup_env.APP / "dist" / "assets"


def test_the_first_load_is_small_and_brings_no_chart() -> None:
    build_phone_app()
    shell = (setup_env.APP / "dist" / "index.html").read_text()
    first = re.findall(r'(?:src|href)="/assets/([^"]+)"', shell)
    size = {kind: sum(_size_of(name) for name in first if name.endswith(kind)) for kind in (".js", ".css")}
    assert 0 < size[".js"] <= MOST_JS, size
    assert 0 < size[".css"] <= MOST_CSS, size
    drawing = [path.name for path in ASSETS.glob("*.js") if "uplot" in path.read_text()]
    assert len(drawing) == 1
    assert drawing[0] not in first


def test_what_speaks_to_google_is_fetched_by_nobody_who_does_not_need_it() -> None:
    build_phone_app()
    speaking = [path.name for path in ASSETS.glob("*.js") if "googleapis.com" in path.read_text()]
    assert len(speaking) == 1
    assert _size_of(speaking[0]) <= MOST_FIREBASE
    for name in ("index.html", "sw.js"):
        assert speaking[0] not in (setup_env.APP / "dist" / name).read_text(), f"{name} asks for it"


def _size_of(name: str) -> int:
    return len(gzip.compress((ASSETS / name).read_bytes(), 9))
