"""How `cli overlay` writes a draft: one JSON document, or lines for people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.services.overlay_drafts import DraftView
    from backend.services.protocols import SignedPlan

LONGEST = 60


def write_draft(method: str, draft: DraftView | None, signed: SignedPlan | None) -> dict[str, object]:
    """The document; `draft` null where there is none."""
    return {
        "method": method,
        "signed": None
        if signed is None
        else {"version": signed.version, "content_version": signed.content_version, "signed_by": signed.signed_by},
        "draft": None if draft is None else _write(draft),
    }


def _write(draft: DraftView) -> dict[str, object]:
    return {
        "number": draft.revision,
        "content_version": draft.content_version,
        "edited_by": draft.edited_by,
        "edited_at": f"{draft.edited_at:%Y-%m-%dT%H:%M:%SZ}",
        "changes": [
            {
                "path": change.path,
                "value": change.value,
                "by": change.by,
                "at": change.at,
                "reason": change.reason,
            }
            for change in draft.changes
        ],
        "values": [{"path": one.path, "before": one.before, "after": one.after} for one in draft.values],
        "differences": [{"path": one.path, "before": one.before, "after": one.after} for one in draft.differences],
        **write_findings(draft),
    }


def write_findings(draft: DraftView) -> dict[str, object]:
    """What is wrong with a draft."""
    return {
        "publishable": draft.publishable,
        "faults": [{"path": fault.path, "problem": fault.problem} for fault in draft.faults],
        "findings": [
            {"severity": one.severity, "path": one.path, "problem": one.problem, "remedy": one.remedy}
            for one in draft.findings
        ],
    }


def show_draft_lines(method: str, draft: DraftView | None, signed: SignedPlan | None) -> Iterator[str]:
    """The draft for people."""
    if signed is None:
        yield f"{method}: nothing is signed yet"
    else:
        yield f"{method}: version {signed.version} is signed ({signed.content_version}, by {signed.signed_by})"
    if draft is None:
        yield "no draft; begin one with: ./run cli overlay set"
        return
    when = f"{draft.edited_at:%Y-%m-%d %H:%M} UTC"
    yield f"draft {draft.revision} on {draft.content_version}, last edited by {draft.edited_by}, {when}"
    yield ""
    yield "CHANGES"
    for change in draft.changes:
        reason = change.reason
        yield f"  {change.path} = {_shorten(change.value)}  ({change.by}{f': {reason}' if reason else ''})"
    yield ""
    yield "AGAINST WHAT IS SIGNED" if signed else "AGAINST WHAT IS SHIPPED"
    for one in draft.differences:
        yield f"  {one.path}"
        yield f"    before  {_shorten(one.before)}"
        yield f"    after   {_shorten(one.after)}"
    yield ""
    yield from show_findings(draft)


def show_findings(draft: DraftView) -> Iterator[str]:
    """What is wrong with a draft, for people."""
    for one in draft.findings:
        yield f"{one.severity:<8} {one.path}: {one.problem}"
        yield f"{'':<8} -> {one.remedy}"
    yield "it can be published" if draft.publishable else "IT CANNOT BE PUBLISHED"


def _shorten(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
