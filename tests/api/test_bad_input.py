"""Input that nobody should send is one clear 4xx that names every fault, and changes nothing (PROMISES K8)."""

import json
from typing import Any
from uuid import UUID

import pytest

from tests.api.phone import CONSENTS, DEVICE, House, Phone


@pytest.fixture
def plan(house: House) -> UUID:
    return house.start_plan()


@pytest.fixture
def phone(house: House, plan: UUID) -> Phone:
    return house.phone_of(house.ana)


def good_tap(house: House, plan: UUID) -> dict[str, Any]:
    return {
        "id": house.new_id(),
        "care_plan_id": str(plan),
        "occurrence": "wash@d6#1",
        "event": "done",
        "at": "2026-03-08T09:00:00Z",
    }


def good_check_in(house: House, plan: UUID) -> dict[str, Any]:
    return {
        "id": house.new_id(),
        "care_plan_id": str(plan),
        "occurrence": "check_in@d6",
        "kind": "planned",
        "answered_at": "2026-03-08T09:00:00Z",
        "answers": [{"question": "pain", "value": 2}],
    }


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"colour": "blue"}, "/colour"),
        ({"at": "2026-03-08T09:00:00"}, "/at"),
        ({"at": "2026-03-08 09:00:00Z"}, "/at"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "/at"),
        ({"at": "9999-12-31T23:59:59-14:00"}, "/at"),
        ({"at": "2026-13-08T09:00:00Z"}, "/at"),
        ({"at": 1772960400}, "/at"),
        ({"id": "{0193a5b0-7c4e-7cc1-8000-000000000001}"}, "/id"),
        ({"id": "urn:uuid:0193a5b0-7c4e-7cc1-8000-000000000001"}, "/id"),
        ({"id": "0193A5B0-7C4E-7CC1-8000-000000000001"}, "/id"),
        ({"id": 7}, "/id"),
        ({"event": "exploded"}, "/event"),
        ({"event": ["done"]}, "/event"),
        ({"occurrence": "wash@d6#1\0"}, "/occurrence"),
        ({"occurrence": "x" * 101}, "/occurrence"),
        ({"occurrence": None}, "/occurrence"),
        ({"occurrence": 5}, "/occurrence"),
    ],
)
def test_a_step_log_with_a_fault(house: House, plan: UUID, phone: Phone, changes: dict[str, Any], pointer: str) -> None:
    refused = phone.post("/step-logs", {**good_tap(house, plan), **changes})
    assert refused.status_code == 422
    assert refused.mimetype == "application/problem+json"
    assert [fault["pointer"] for fault in refused.json["errors"]] == [pointer]


@pytest.mark.parametrize("value", ["2", 2.5, True, None, 10**30, -1, [2], {"a": 1}, "\0", "x" * 101, 2.58e-42, "٢"])
def test_an_answer_with_a_fault(house: House, plan: UUID, phone: Phone, value: object) -> None:
    body = {**good_check_in(house, plan), "answers": [{"question": "pain", "value": value}]}
    refused = phone.post("/check-ins", body)
    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json["errors"]] == ["/answers/0/value"]
    assert phone.get("/check-ins").json["items"] == []


def test_every_fault_is_named_at_once(house: House, phone: Phone) -> None:
    body = {"id": "x", "care_plan_id": 5, "colour": 1, "answers": [{"question": "pain", "values": 2}], "partial": "yes"}
    refused = phone.post("/check-ins", body)
    assert {fault["pointer"] for fault in refused.json["errors"]} == {
        "/id",
        "/care_plan_id",
        "/colour",
        "/answers/0/values",
        "/partial",
        "/occurrence",
        "/kind",
        "/answered_at",
    }


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"text"', 422),
        (b"NaN", 400),
        (b'{"at": Infinity}', 400),
        (b'{"occurrence": "\\ud800"}', 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000 + b"]" * 100_000, 400),
        (b'{"a":' * 17 + b"1" + b"}" * 17, 400),
        (b'{"id": ' + b"9" * 5000 + b"}", 400),
    ],
)
def test_a_body_that_is_no_such_json(phone: Phone, raw: bytes, status: int) -> None:
    for path in ("/step-logs", "/check-ins", "/sync", "/receipts"):
        answer = phone.post(path, data=raw, content_type="application/json")
        assert answer.status_code == status, (path, answer.text)
        assert answer.mimetype == "application/problem+json"


def test_depth_16_is_still_read(phone: Phone) -> None:
    raw = b'{"a":' * 16 + b"1" + b"}" * 16
    assert phone.post("/step-logs", data=raw, content_type="application/json").status_code == 422


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "application/json; charset=latin-1", "image/jpeg", ""]
)
def test_the_wrong_media_type(house: House, plan: UUID, phone: Phone, content_type: str) -> None:
    raw = json.dumps(good_tap(house, plan)).encode()
    assert phone.post("/step-logs", data=raw, content_type=content_type).status_code == 415


def test_a_body_that_is_too_large(house: House, plan: UUID, phone: Phone) -> None:
    raw = json.dumps({**good_tap(house, plan), "occurrence": "x" * 1024 * 1024}).encode()
    assert phone.post("/step-logs", data=raw, content_type="application/json").status_code == 413


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("/today?colour=blue", "/query/colour"),
        ("/me?%00=1", "/query/\0"),
        ("/check-ins?limit=0", "/query/limit"),
        ("/check-ins?limit=1e3", "/query/limit"),
        ("/check-ins?limit=99999999999999999999", "/query/limit"),
        ("/check-ins?before=yesterday", "/query/before"),
        ("/check-ins?offset=5", "/query/offset"),
        ("/timeline?from=2026-3-8&to=2026-03-09", "/query/from"),
        ("/timeline?from=0001-01-01&to=2026-03-09", "/query/from"),
        ("/timeline?from=2026-01-01&to=2199-01-01", "/query/to"),
    ],
)
def test_a_query_with_a_fault(phone: Phone, path: str, pointer: str) -> None:
    refused = phone.get(path)
    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json["errors"]] == [pointer]


@pytest.mark.parametrize(
    "changes",
    [
        {"device": {**DEVICE, "screen": "big"}},
        {"device": {**DEVICE, "platform": "toaster"}},
        {"consents": [{**CONSENTS[0], "given": "yes"}]},
        {"consents": [{**CONSENTS[0], "given": 1}]},
        {"consents": "all"},
        {"code": ["a"]},
        {"code": "\0" * 12},
    ],
)
def test_an_enrolment_with_a_fault_leaves_the_invitation_unused(house: House, changes: dict[str, Any]) -> None:
    code = house.invite(house.ben)
    body = {"code": code, "device": DEVICE, "consents": CONSENTS}
    assert house.phone().post("/enrolments", {**body, **changes}).status_code == 422
    assert house.phone().post("/enrolments", body).status_code == 201


def test_wrong_methods_and_unknown_paths_are_problems_too(phone: Phone) -> None:
    wrong = phone.call("DELETE", "/today")
    assert (wrong.status_code, wrong.mimetype) == (405, "application/problem+json")
    assert "GET" in wrong.headers["Allow"]
    unknown = phone.get("/no-such-thing", headers={"Accept": "text/html"})
    assert (unknown.status_code, unknown.mimetype) == (404, "application/problem+json")
