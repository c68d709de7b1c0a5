"""Stands before a screen: takes its pictures and notes all that is wrong with it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from backend.languages import Language
from tests.capture.stage import Screen
from tests.pwa.phone import COLOUR_RULES, RULES, Phone, run_axe
from tests.word_lists import BYSTANDER

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
NARROWEST = 320
OUR_PATH = re.compile(r"^/healing\b")  # the one address of DESIGN section 2 with a word that no title has
# what may be shown of a page without the page: in a tab, a history, a link's preview
OUTSIDE = "() => [document.title, ...[...document.querySelectorAll('meta[content]')].map((one) => one.content)]"
PICTURES_THERE = "() => [...document.images].every((one) => one.complete)"  # those further down come when they are seen
# a screen without a word has no colours to look at: one rule that every page passes tells that axe looked at all
COLOURS_ALONE = [*COLOUR_RULES, "document-title"]
# what reaches past the edge without a scroller of its own around it
WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= width) return [];
  const holds = (one) => /auto|scroll|hidden/.test(getComputedStyle(one).overflowX);
  const scrolls = (one) => one && (holds(one) || scrolls(one.parentElement));
  const past = [...document.body.querySelectorAll("body *")].filter((one) => {
    if (scrolls(one.parentElement)) return false;
    const { left, right } = one.getBoundingClientRect();
    return right > width + 1 || left < -1;
  });
  return [`${document.scrollingElement.scrollWidth} px wide on ${width}`,
    ...past.slice(0, 3).map((one) => `${one.tagName.toLowerCase()}.${one.className}`)];
}"""


# words that run out of the box they stand in, over their neighbours or past a card's edge
SPILT = """() => {
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    let box = texts.currentNode.parentElement;
    while (/^(inline|contents)$/.test(getComputedStyle(box).display)) box = box.parentElement;
    const { left, right, width } = box.getBoundingClientRect();
    const { overflowX, whiteSpace, fontSize } = getComputedStyle(box);
    if (width <= 1 || box.closest("svg") || /auto|scroll/.test(overflowX)) continue;
    const slack = whiteSpace === "pre-wrap" ? parseFloat(fontSize) / 2 : 2; // there a space may hang past the line
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    const words = range.getBoundingClientRect();
    if (words.width && (words.right > right + slack || words.left < left - slack)) found.push(range.toString().trim());
  }
  return found.slice(0, 3);
}"""


@dataclass
class Observer:
    """Keeps pictures in `folder` and faults in a list. `thorough`: every rule of axe in both themes."""

    folder: Path
    thorough: bool
    language: Language = "en"
    narrowest: int = NARROWEST
    seen: list[tuple[str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def look(self, screen: Screen) -> None:
        page = screen.phone.page
        self.seen.append((screen.name, screen.target))
        found: list[str] = []
        size = page.viewport_size
        assert size is not None
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            tall = page.evaluate("document.scrollingElement.scrollHeight")
            page.set_viewport_size({"width": size["width"], "height": max(tall, size["height"])})
            page.wait_for_function(PICTURES_THERE)
            page.screenshot(path=self.folder / f"{screen.name}-{theme}.png", scale="css")
            # so tall that the dock covers nothing: axe would take what lies half under it for too small to touch
            page.set_viewport_size({"width": size["width"], "height": tall + 300})
            rules = RULES if self.thorough or theme == "light" else COLOURS_ALONE
            found += [f"{theme}: axe: {fault}" for _, fault in run_axe(page, rules)]
            page.set_viewport_size(size)
        page.emulate_media(color_scheme="light")
        found += self._find_cramped(screen, size["width"], "200%")
        found += self._find_cramped(screen, self.narrowest, "")
        page.set_viewport_size(size)
        found += self._hear(screen.phone)
        self.faults += [f"{screen.name}: {fault}" for fault in found]

    def _find_cramped(self, screen: Screen, width: int, text: str) -> Sequence[str]:
        """What reaches past the page's edge, or past the box it stands in, at this width and with text of this size."""
        page = screen.phone.page
        page.set_viewport_size({"width": width, "height": 780})
        page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
        wide, spilt = page.evaluate(WIDE), page.evaluate(SPILT)
        page.screenshot(path=self.folder / f"{screen.name}-{'large' if text else 'narrow'}.png", scale="css")
        page.evaluate("document.documentElement.style.fontSize = ''")
        place = f"at {width} px{text and f', text {text}'}"
        found = [f"scrolls sideways {place}: {'; '.join(wide)}"] if wide else []
        return [*found, *(f"words run out of their box {place}: {words!r}" for words in spilt)]

    def _hear(self, phone: Phone) -> Sequence[str]:
        """What was logged, refused by the policy or said where bystanders read, since the last look."""
        page = phone.page
        breaches = page.evaluate("window.breaches.splice(0)")
        found = [*phone.said, *(f"policy: {one}" for one in breaches)]
        phone.said.clear()
        address = OUR_PATH.sub("", page.url.removeprefix(phone.practice.url))
        return [*found, *self._find_giveaways([*page.evaluate(OUTSIDE), address])]

    def _find_giveaways(self, texts: Sequence[str]) -> Sequence[str]:
        """Words that no bystander may read, of the walk's language and of English."""
        lists = (BYSTANDER[self.language], BYSTANDER["en"])
        found = {(word[0], text) for text in texts for words in lists for word in words.finditer(text)}
        return [f"a bystander reads {word!r} in {text!r}" for word, text in sorted(found)]
