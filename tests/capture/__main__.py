"""`./run capture [CHAPTER...] [--quick] [--out DIR] [--targets DIR]`: every screen, theme and language, and axe.

Starts a practice of its own on a free port. Exit 1 if a screen has a fault by axe, scrolls sideways, logs an error or
a breach of the policy, asks another host, or shows a word that no bystander may read.
"""

import argparse
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

import setup_env
from tests.capture import desk, states, walk
from tests.capture.looking import Observer
from tests.capture.sheet import picture_sheet, write_sheet
from tests.capture.stage import Stage
from tests.chromium import QUIET, WHOLE
from tests.pwa.server import LivePractice, open_practice

PHONE = "Pixel 7"
CAMERA = "--use-fake-device-for-media-stream"  # the browser makes the picture itself; a phone still has to allow it
CATALOGUE = re.compile(r"[a-z]{2}\.ts")
CHAPTERS = {**desk.CONSOLE, **walk.CHAPTERS, **states.CHAPTERS}


def list_languages() -> list[str]:
    """Every language that the phone app has a catalogue of, English first."""
    found = {path.stem for path in (setup_env.APP / "src" / "strings").iterdir() if CATALOGUE.fullmatch(path.name)}
    return ["en", *sorted(found - {"en"})]


def read_arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run capture", description="every screen beside its design")
    parser.add_argument("chapters", metavar="CHAPTER", nargs="*", help=", ".join(CHAPTERS))
    parser.add_argument("--quick", action="store_true", help="English alone, of dark screens the colours alone")
    parser.add_argument("--language", action="append", choices=list_languages(), help="this one; all when absent")
    parser.add_argument("--out", type=Path, default=setup_env.ROOT / "var" / "capture", metavar="DIR")
    parser.add_argument("--targets", type=Path, metavar="DIR", help="the design's pictures, NAME-light.png")
    return parser.parse_args(given)


def main(given: Sequence[str]) -> int:
    """0: nothing is wrong, 1: something is."""
    asked = read_arguments(given)
    languages = asked.language or (["en"] if asked.quick else list_languages())
    faults: list[str] = []
    with open_grounds() as (browser, practice, device):
        for language in languages:
            stage = Stage(browser, practice, language, device)
            observer = Observer(_empty(asked.out / language), thorough=not asked.quick, language=language)
            for name in asked.chapters or CHAPTERS:
                if name not in desk.CONSOLE or language == "en":
                    walk_chapter(name, stage, observer)
            sheet = write_sheet(observer.folder, f"Fallow, {language}", observer.seen, observer.faults, asked.targets)
            picture_sheet(browser, sheet)
            print(f"{language}: {len(observer.seen)} screens, {len(observer.faults)} faults, {sheet}")
            faults += [f"{language}: {fault}" for fault in observer.faults]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def walk_chapter(name: str, stage: Stage, observer: Observer) -> None:
    """A chapter that cannot go on is a fault too; the next one goes on."""
    observer.narrowest = 390 if name in desk.CONSOLE else 320  # the console is made from 390 px up
    try:
        for screen in CHAPTERS[name](stage):
            known = len(observer.faults)
            observer.look(screen)
            print(f"capture: {stage.language} {screen.name}", *observer.faults[known:], sep="\n  ", file=sys.stderr)
    except (Error, AssertionError) as fault:
        last = observer.seen[-1][0] if observer.seen else "its beginning"
        observer.faults.append(f"{name} ended after {last}: {' '.join(str(fault).splitlines()[:4])}")
        for phone in stage.phones[-1:]:
            observer.faults.append(f"{name} ended at {phone.page.url}, which said {phone.said}")
            phone.page.screenshot(path=observer.folder / f"{name}-ended.png", scale="css")
    stage.close()


@contextmanager
def open_grounds() -> Iterator[tuple[Browser, LivePractice, dict[str, object]]]:
    """A browser, a practice, and the phone that the walk is made with."""
    with tempfile.TemporaryDirectory() as folder, open_practice(Path(folder)) as practice, sync_playwright() as pw:
        browser = pw.chromium.launch(executable_path=shutil.which(WHOLE), args=[*QUIET, CAMERA])
        device = {name: value for name, value in pw.devices[PHONE].items() if name != "default_browser_type"}
        yield browser, practice, device
        browser.close()


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
