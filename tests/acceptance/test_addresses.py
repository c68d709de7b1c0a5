"""Addresses of console pages stand in histories and proxy logs: they say nothing about a client either (K2)."""

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from sqlalchemy import Engine
from werkzeug.routing import Rule

from schedules import Protocol, latest_protocol, list_methods
from tests.acceptance import promises
from tests.acceptance.handset import Handset
from tests.acceptance.story import Story, local, telling
from tests.acceptance.studio import Studio, begin

ADDRESS = re.compile(r'(?:href|src|action|data-state|data-waiting)="([^"]+)"')
UNMET = {  # no link of this story leads there; what these routes may hold is read from the URL map below
    "/console/",
    "/console/sw.js",
    "/console/photos/<uuid:photo_id>",
    "/console/flags/<uuid:flag_id>",
    "/console/invites/<uuid:invite_id>/state",
}


def test_no_health_word_in_the_address_of_a_console_page(sqlite: Engine, tmp_path: Path) -> None:
    """Every link of the console is followed; no address on the way, or of a form there, says anything."""
    with telling(str(sqlite.url), tmp_path, local(-1, "12:00")) as story:
        studio, phone = begin(story, "undo", local(0, "14:30"))
        tell_of_the_burning(story, phone)
        found = walk(story, studio)
        addresses = [*story.urls, *found]
        assert promises.find_health_words(addresses) == []
        assert find_ids(addresses) == []
        opened = {rule_of(story, each).rule for each in addresses if each.startswith("/console")}
        pages = {rule.rule for rule in console_rules(story) if "GET" in (rule.methods or ())}
        assert pages - opened == UNMET


def test_a_console_route_takes_nothing_but_numbers_and_random_ids(sqlite: Engine, tmp_path: Path) -> None:
    with telling(str(sqlite.url), tmp_path, local(-1, "12:00")) as story:
        rules = console_rules(story)
        assert len(rules) > 30
        for rule in rules:
            kinds = set(re.findall(r"<([^>]*)>", rule.rule))
            assert all(re.match(r"(uuid|int)\b", kind) for kind in kinds - {"path:name"}), rule
        assert promises.find_health_words(rule.rule for rule in rules) == []
        assert find_ids(rule.rule for rule in rules) == []


def test_the_reading_finds_what_must_not_stand_there() -> None:
    for bad in ("/console/plans/undo", "/x/steps/numb/start", "/x?method=laser", "/x/tone_ok", "/x#last-diabetes"):
        assert find_ids([bad]) == [bad]


def tell_of_the_burning(story: Story, phone: Handset) -> None:
    """A check-in and a warning, so that their pages exist."""
    story.until(local(1, "12:00"))
    sent = phone.report({"unwell": "fever"})
    assert sent["level"] in ("now", "today")


def walk(story: Story, studio: Studio) -> set[str]:
    """Every address of the console that its pages lead to, each page opened once."""
    found: set[str] = set()
    ahead = ["/console", studio.client_path]
    opened: set[str] = set()
    while ahead:
        path = ahead.pop()
        page = studio.console.open(path)
        opened.add(path)
        assert page.status == 200, path
        for address in ADDRESS.findall(page.html):
            target = urlsplit(urljoin(path, address.replace("&amp;", "&")))
            if target.netloc or not target.path.startswith("/console"):
                continue
            whole = target.geturl()
            found.add(whole)
            links = f'href="{address}"' in page.html and not target.path.startswith("/console/static")
            if links and not target.fragment and whole not in opened and whole not in ahead:
                ahead.append(whole)
    return found


def console_rules(story: Story) -> list[Rule]:
    return [rule for rule in story.app.url_map.iter_rules() if rule.rule.startswith("/console")]


def rule_of(story: Story, address: str) -> Rule:
    """The route that answers an address, whether it is opened or sent to."""
    adapter = story.app.url_map.bind("localhost")
    path = urlsplit(address).path
    method = next(method for method in ("GET", "POST", "PUT") if adapter.test(path, method))
    return adapter.match(path, method, return_rule=True)[0]


def find_ids(addresses: Iterable[str]) -> list[str]:
    """Each address with an id of the reference data in it."""
    named = {name for method in list_methods() for name in ids_of(latest_protocol(method))}
    return [each for each in addresses if named & set(re.split(r"[/?&=#.<>:-]", each))]


def ids_of(protocol: Protocol) -> set[str]:
    """All that the reference data names; "photos" is the plain collection besides."""
    named = {
        protocol.method.id,
        *protocol.care_steps,
        *(step.id for step in protocol.in_treatment_steps),
        *(condition.id for condition in protocol.readiness.conditions),
        *protocol.red_flags,
        *protocol.shared.modifiers,
        *protocol.shared.questions,
    }
    return (named | {"scabs_off", "skin_closed", "treatment_end"}) - {"photos"}
