"""Shipped documents under a clinic's overlay, for the tests of what an overlay may do."""

from typing import Any

import pytest

from schedules.catalog import documents, latest
from schedules.errors import ProtocolError
from schedules.parsing import parse_protocol
from schedules.protocol import Overlay, OverlayChange, Protocol

DOCUMENTS: dict[str, Any] = {
    method: documents(method, latest(method).content_version)[0] for method in ("laser", "undo")
}
SHARED = latest("undo").shared


def layer(*changes: tuple[str, object]) -> Overlay:
    return Overlay(3, tuple(OverlayChange(path, value, "Dr Ida", "2026-11-22T09:00:00Z") for path, value in changes))


def applied(*changes: tuple[str, object], method: str = "undo") -> Protocol:
    return parse_protocol(DOCUMENTS[method], SHARED, layer(*changes))


def refusals(*changes: tuple[str, object], method: str = "undo", document: Any = None) -> dict[str, str]:
    with pytest.raises(ProtocolError) as caught:
        parse_protocol(document or DOCUMENTS[method], SHARED, layer(*changes))
    return {fault.path: fault.problem for fault in caught.value.faults}
