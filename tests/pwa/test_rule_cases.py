"""The phone judges by the same rules as the server: both are held to one file of cases that Python judges."""

import json

from schedules import get_protocol, list_methods, list_versions
from tests.pwa.rule_cases import CASES, build_document, build_rules, render

REMEDY = "rules.cases.json is stale: .venv/bin/python -m tests.pwa.rule_cases"


def test_the_shared_cases_say_what_python_says_today() -> None:
    assert CASES.read_text() == render(build_document()), REMEDY


def test_every_shipped_flag_is_seen_to_fire_and_to_stay_silent_alone() -> None:
    document = json.loads(CASES.read_text())
    for method in list_methods():
        for version in list_versions(method):
            rules = json.loads(json.dumps(build_rules(get_protocol(method, version))))
            assert rules in document["protocols"].values(), f"{method} {version} is judged nowhere"
    for name, given in document["protocols"].items():
        fired = [set(case["expected"]["rule_ids"]) for case in document["cases"] if case["protocol"] == name]
        for rule in given["rules"]:
            assert any(rule["id"] in rules for rules in fired), f"{name}: {rule['id']} never fires"
            assert any(rule["id"] not in rules for rules in fired), f"{name}: {rule['id']} always fires"


def test_no_two_cases_carry_one_name() -> None:
    names = [case["name"] for case in json.loads(CASES.read_text())["cases"]]
    assert len(names) == len(set(names))
