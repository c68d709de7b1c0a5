"""Every page: there for its own people alone, strict in its markup, silent about names where others may look."""

import re
from dataclasses import dataclass
from uuid import UUID

import pytest

from backend.ids import new_id
from backend.services import health_factors, invites, treatments
from tests.console.desk import SAME_SITE, Clinic, Page
from tests.console.test_walk import CALM
from tests.services.practice import Practice, check_in, day, sign, start_plan


@dataclass(frozen=True)
class Ids:
    """One of each thing that a route of the console can name."""

    client_id: UUID
    care_plan_id: UUID
    check_in_id: UUID
    flag_id: UUID
    factor_id: UUID
    invite_id: UUID
    treatment_id: UUID
    photo_id: UUID


def live(practice: Practice, method: str = "laser") -> Ids:
    """A client with a plan, a warning, a health factor, an invitation and a running treatment."""
    sign(practice, method)
    factors = [health_factors.FactorChosen("diabetes")]
    plan = start_plan(practice, method, factors=factors)
    result = check_in(practice, plan, 3, {**CALM, "unwell": "fever"})
    from backend.services import client_pages

    invite = invites.make(practice.staff, practice.ana.id, now=day(3))
    running = treatments.open_treatment(practice.staff, practice.ana.id, method=method, site="brows", now=day(3))
    page = client_pages.get_client_page(practice.staff, practice.ana.id, now=day(3))
    return Ids(
        client_id=practice.ana.id,
        care_plan_id=plan,
        check_in_id=result.id,
        flag_id=result.flags[0].id,
        factor_id=page.factors[0].id,
        invite_id=invite.id,
        treatment_id=running.id,
        photo_id=new_id(day(3)),
    )


def routes(clinic: Clinic) -> list[tuple[str, str, set[str]]]:
    """(method, rule, ids) of every route of the console, from the URL map."""
    found = []
    for rule in clinic.app.url_map.iter_rules():
        if str(rule).startswith("/console"):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                found.append((method, str(rule), set(rule.arguments)))
    return found


def path_of(rule: str, ids: Ids) -> str:
    def fill(match: re.Match[str]) -> str:
        name = match[1]
        return {"number": "01", "place": "01", "name": "console.css"}.get(name) or str(getattr(ids, name))

    return re.sub(r"<(?:[^:<>]+:)?(\w+)>", fill, rule)


def test_every_page_is_there_strict_and_silent(clinic: Clinic) -> None:
    ids = live(clinic.practice)
    clinic.clock.at = day(3)
    desk = clinic.desk
    seen = 0
    for method, rule, _ in routes(clinic):
        if method != "GET" or rule in ("/console/", "/console/photos/<uuid:photo_id>"):
            continue
        answer = desk.http.get(path_of(rule, ids))
        assert answer.status_code == 200, rule
        if answer.mimetype == "text/html":
            page = Page(answer)
            assert page.refused == [], rule
            assert "Ana" not in page.title, rule
            assert page.title.endswith("– Fallow"), rule
            assert answer.headers["Cache-Control"] == "no-store"
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
            seen += 1
    assert seen >= 11


def test_without_a_session_nothing_is_shown_and_nothing_done(clinic: Clinic) -> None:
    ids = live(clinic.practice)
    clinic.clock.at = day(3)
    stranger = clinic.browser()
    open_to_all = {"/console/sign-in", "/console/static/<path:name>", "/console/sw.js"}
    for method, rule, _ in routes(clinic):
        if rule in open_to_all:
            continue
        answer = stranger.open(path_of(rule, ids), method=method, headers=SAME_SITE)
        assert answer.status_code == 401, (method, rule)
        assert "Ana" not in answer.text


def test_foreign_and_unknown_ids_answer_alike_on_every_route(clinic: Clinic) -> None:
    """PROMISES K1: Dr Joe asks for what is Dr Ida's, then for what is nobody's."""
    foreign = live(clinic.practice)
    live(Practice(clinic.joe, clinic.cleo))
    clinic.clock.at = day(3)
    unknown = Ids(*(new_id(day(3)) for _ in range(8)))
    joe = clinic.desk_of(clinic.joe)
    asked = 0
    form = {
        "reason": "x",
        "note": "x",
        "words": "x",
        "anchor": "scabs_off",
        "on": "2026-03-04",
        "condition_id": "tone_ok",
    }
    for method, rule, arguments in routes(clinic):
        if not arguments - {"place", "name"}:
            continue
        answers = []
        for ids in (foreign, unknown):
            query = f"?client={ids.client_id}" if "photo_id" in arguments else ""
            sent = {**form, "method": "laser", "site": "scalp"} if method == "POST" else None
            answer = joe.http.open(path_of(rule, ids) + query, method=method, data=sent, headers=SAME_SITE)
            answers.append((answer.status_code, re.sub(r"[0-9a-f]{16}", "", answer.text)))
        assert answers[0] == answers[1], (method, rule)
        assert answers[0][0] == 404, (method, rule, answers[0])
        asked += 1
    assert asked >= 20
    assert clinic.desk.get(f"/console/clients/{foreign.client_id}").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/console/nothing",
        "/console/clients/not-an-id",
        "/console/plans/laser",
        "/console/plans/00",
        "/console/plans/99",
        f"/console/plans/{'9' * 5000}",
    ],
)
def test_what_is_not_there_is_said_in_the_look_of_the_console_or_plainly(clinic: Clinic, path: str) -> None:
    answer = clinic.desk.http.get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"


def test_a_script_is_answered_without_a_page(clinic: Clinic) -> None:
    answer = clinic.browser().get("/console/waiting", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json) == (401, {"status": 401})


def test_files_named_by_their_content_are_kept_and_nothing_else_is(clinic: Clinic) -> None:
    page = clinic.desk.get("/console").text
    found = re.search(r'href="(/console/static/console\.css\?v=[0-9a-f]+)"', page)
    assert found is not None
    http = clinic.browser()
    assert "immutable" in http.get(found[1]).headers["Cache-Control"]
    assert "immutable" not in http.get("/console/static/console.css").headers.get("Cache-Control", "")
    assert http.get("/console/static/../edge.py").status_code == 404
