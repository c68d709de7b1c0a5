"""A clinic's changes to a shipped protocol before they count: drafted, looked at, tried on a virtual client, published.

A draft begins with what the clinic signed last of the method, so that publishing it loses nothing. Nothing of it
reaches a client before its owner publishes it as the clinic's next version.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.db import StaffScope, transaction
from backend.errors import InputFault, InvalidInput, NotFound
from backend.models import OverlayDraft, Practitioner
from backend.services import overlay_drafts, protocol_versions, protocols
from backend.services.overlay_drafts import DraftView
from backend.services.protocol_versions import Edition
from backend.services.protocols import SignedPlan, StepAnswer
from schedules import DayWindow, Preview, Protocol, VirtualClient, build_preview


@dataclass(frozen=True, slots=True)
class Edit:
    """One value to set: `path` as in `OverlayChange`; `value` plain JSON; `reason` where one is needed or wished."""

    path: str
    value: object
    reason: str | None = None


def get_draft(scope: StaffScope, method: str) -> DraftView | None:
    """The clinic's draft of a method. Raises NotFound for a method that is not shipped."""
    overlay_drafts.check_method(method)
    with transaction(scope, write=False) as session:
        row = overlay_drafts.find(session, scope, method)
        return None if row is None else overlay_drafts.describe(session, row)


def set_changes(scope: StaffScope, method: str, edits: Sequence[Edit], *, seen: int, now: datetime) -> DraftView:
    """Sets values, all or none. `seen`: the revision that the edit was made on; 0 begins a draft.

    Raises NotFound (method), NotAllowed, Conflict (the draft is another one by now), InvalidInput: every fault that
    these edits bring in, by path.
    """
    overlay_drafts.check_method(method)
    with transaction(scope) as session:
        editor = overlay_drafts.lock_for_editor(session, scope)
        row = overlay_drafts.open_draft(session, scope, method, editor, seen, now)
        _check_edits(edits)
        made = [
            change
            for edit in edits
            for change in protocol_versions.build_changes(((edit.path, edit.value),), editor, edit.reason, now)
        ]
        replaced = {edit.path for edit in edits}
        kept = [change for change in overlay_drafts.changes(row) if change.path not in replaced]
        overlay_drafts.keep(session, scope, row, (*kept, *made), editor, now)
        return overlay_drafts.describe(session, row)


def drop_changes(scope: StaffScope, method: str, paths: Sequence[str], *, seen: int, now: datetime) -> DraftView:
    """Takes changes out of the draft, so that the shipped values stand again. Raises as `set_changes`."""
    overlay_drafts.check_method(method)
    with transaction(scope) as session:
        editor = overlay_drafts.lock_for_editor(session, scope)
        row = overlay_drafts.open_draft(session, scope, method, editor, seen, now)
        known = {change.path for change in overlay_drafts.changes(row)}
        unknown = [path for path in dict.fromkeys(paths) if path not in known]
        if unknown or not paths:
            problem = "the draft does not change this"
            raise InvalidInput(tuple(InputFault(f"/{path}", problem) for path in unknown or ("paths",)))
        overlay_drafts.keep(
            session, scope, row, [each for each in overlay_drafts.changes(row) if each.path not in paths], editor, now
        )
        return overlay_drafts.describe(session, row)


def discard(scope: StaffScope, method: str, *, seen: int, now: datetime) -> None:
    """Throws the whole draft away; what is signed stays. Raises NotFound, NotAllowed, Conflict."""
    with transaction(scope) as session:
        overlay_drafts.lock_for_editor(session, scope)
        row = overlay_drafts.need(session, scope, method, seen)
        session.delete(row)
        overlay_drafts.record(session, scope, "overlay.discard", row, {}, now)


def preview(scope: StaffScope, method: str, client: VirtualClient, days: DayWindow | None = None) -> Preview:
    """What a virtual client would get under the draft; steps that must be confirmed are as `client.plan` says.

    Raises NotFound, InvalidInput (the draft does not parse, or an unknown zone or health factor).
    """
    protocol = get_drafted(scope, method)
    try:
        return build_preview(protocol, client, days)
    except ValueError as error:
        raise InvalidInput((InputFault("/client", str(error)),)) from None


def get_drafted(scope: StaffScope, method: str) -> Protocol:
    """The shipped protocol with the draft's changes. Raises NotFound, InvalidInput with every fault of the draft."""
    with transaction(scope, write=False) as session:
        row = overlay_drafts.find(session, scope, method)
        if row is None:
            raise NotFound(f"there is no draft of {method}")
        protocol, faults = overlay_drafts.compile_draft(row.method, row.content_version, overlay_drafts.changes(row))
        if protocol is None:
            raise InvalidInput(protocol_versions.as_input(faults))
        return protocol


def publish(
    scope: StaffScope,
    method: str,
    answers: Sequence[StepAnswer],
    *,
    reviewer_id: UUID | None,
    seen: int,
    now: datetime,
) -> SignedPlan:
    """The owner makes the draft the clinic's next version, which new plans follow; the draft is gone.

    `answers` as in `protocols.sign`. Where the clinic has several practitioners, one who did not make the last edit
    has reviewed it. Raises OwnerNeeded, NotFound (no draft), Conflict (another revision), InvalidInput:
    reviewer, answers, faults and each error of lint, all at once.
    """
    with transaction(scope) as session:
        owner = protocols.lock_for_owner(session, scope)
        row = overlay_drafts.need(session, scope, method, seen)
        edition = _edit_version(session, row, owner, answers, reviewer_id, now)
        version = protocol_versions.store_version(session, scope, owner, edition, now)
        session.delete(row)
        overlay_drafts.record(session, scope, "overlay.publish", row, {"version": version.version}, now)
        return protocols.describe(version)


def _edit_version(
    session: Session,
    row: OverlayDraft,
    owner: Practitioner,
    answers: Sequence[StepAnswer],
    reviewer_id: UUID | None,
    now: datetime,
) -> Edition:
    """The draft with its owner's answers, ready to be stored; InvalidInput with all that stands in the way."""
    author = session.get_one(Practitioner, (row.clinic_id, row.edited_by))
    reviewer, faults = overlay_drafts.find_reviewer(session, author, reviewer_id)
    confirmed, turned_on = protocols.chosen_steps(answers)
    own = protocol_versions.build_changes(protocols.answered_values(answers), owner, None, now)
    answered = {change.path for change in own}
    changes = (*(each for each in overlay_drafts.changes(row) if each.path not in answered), *own)
    protocol, found = overlay_drafts.compile_draft(row.method, row.content_version, overlay_drafts.changes(row))
    if protocol is not None:
        unanswered = protocols.answer_faults(protocol, answers)
        faults += unanswered
        if not unanswered:
            protocol, found = overlay_drafts.compile_draft(row.method, row.content_version, changes)
    faults += protocol_versions.as_input(found)
    if protocol is not None:
        faults += overlay_drafts.lint_faults(overlay_drafts.lint(protocol, row.content_version, frozenset(confirmed)))
    if faults:
        raise InvalidInput(faults)
    return Edition(row.method, row.content_version, changes, confirmed, turned_on, author, reviewer)


def _check_edits(edits: Sequence[Edit]) -> None:
    faults = [] if edits else [InputFault("/edits", "nothing to change")]
    paths = [edit.path for edit in edits]
    faults += [InputFault(f"/{path}", "is set twice") for path in dict.fromkeys(paths) if paths.count(path) > 1]
    for edit in edits:
        reason = edit.reason
        if reason is not None and not protocols.is_reason(reason):
            faults.append(InputFault("/reason", f"from 1 to {protocols.MOST_REASON} characters in one line"))
    if faults:
        raise InvalidInput(tuple(dict.fromkeys(faults)))
