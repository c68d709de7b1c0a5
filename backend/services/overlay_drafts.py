"""The rows behind a clinic's drafts: found, opened, changed under a revision, compiled and described; used by the
services beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import StaffScope
from backend.errors import Conflict, InputFault, InvalidInput, NotAllowed, NotFound
from backend.ids import new_id
from backend.models import Clinic, OverlayDraft, Practitioner
from backend.services import audit, plan_facts, protocol_versions
from schedules import (
    ChangedValue,
    Fault,
    LintFinding,
    OverlayChange,
    Protocol,
    ProtocolError,
    describe_overlay,
    explain_faults,
    get_protocol,
    latest_protocol,
    lint_protocol,
    list_methods,
)

EDITORS = ("owner", "practitioner")
MOST_CHANGES = 500


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as it stands. `faults`: it does not parse; then `findings` are these faults with their remedies.

    `values`: what it changes in the shipped version. `differences`: what it changes in what is signed now (in what is
    shipped, where nothing is). `revision` goes with the next edit.
    """

    method: str
    content_version: str
    revision: int
    changes: tuple[OverlayChange, ...]
    faults: tuple[Fault, ...]
    findings: tuple[LintFinding, ...]
    values: tuple[ChangedValue, ...]
    differences: tuple[ChangedValue, ...]
    edited_by: str
    edited_at: datetime

    @property
    def publishable(self) -> bool:
        """Whether nothing in the draft itself stands in the way of publishing it."""
        return not self.faults and all(finding.severity != "error" for finding in self.findings)


def check_method(method: str) -> None:
    """Raises NotFound for a method that is not shipped."""
    if method not in list_methods():
        raise NotFound("no such method")


def lock_for_editor(session: Session, scope: StaffScope) -> Practitioner:
    """Who edits; the clinic's drafts are edited one at a time. Raises NotAllowed."""
    editor = session.get(Practitioner, (scope.clinic_id, scope.practitioner_id))
    if editor is None or not editor.active or editor.role not in EDITORS:
        raise NotAllowed("only the clinic's practitioners change a plan")
    session.execute(select(Clinic.id).where(Clinic.id == scope.clinic_id).with_for_update())
    return editor


def find(session: Session, scope: StaffScope, method: str) -> OverlayDraft | None:
    """The clinic's draft of a method."""
    return session.scalar(
        select(OverlayDraft).where(OverlayDraft.clinic_id == scope.clinic_id, OverlayDraft.method == method)
    )


def need(session: Session, scope: StaffScope, method: str, seen: int) -> OverlayDraft:
    """The draft that somebody has in view. Raises NotFound, Conflict where it is another one by now."""
    row = find(session, scope, method)
    if row is None:
        raise NotFound(f"there is no draft of {method}")
    if row.revision != seen:
        raise Conflict(f"{row.edited_by_name} has changed the draft since: look at it again", revision=row.revision)
    return row


def open_draft(
    session: Session, scope: StaffScope, method: str, editor: Practitioner, seen: int, now: datetime
) -> OverlayDraft:
    """The draft, or a new one on the newest shipped version with the changes of what is signed now."""
    if seen != 0 or find(session, scope, method) is not None:
        return need(session, scope, method, seen)
    signed = protocol_versions.newest_version(session, scope.clinic_id, method)
    row = OverlayDraft(
        clinic_id=scope.clinic_id,
        id=new_id(now),
        method=method,
        content_version=latest_protocol(method).content_version,
        revision=0,
        changes=list(signed.overlay) if signed else [],
        edited_by=editor.id,
        edited_by_name=editor.name,
        edited_at=now,
    )
    session.add(row)
    return row


def keep(
    session: Session,
    scope: StaffScope,
    row: OverlayDraft,
    wanted: Sequence[OverlayChange],
    editor: Practitioner,
    now: datetime,
) -> None:
    """Stores the changes, unless they bring in a fault that the draft did not have before."""
    if len(wanted) > MOST_CHANGES:
        raise InvalidInput((InputFault("/changes", f"at most {MOST_CHANGES} changes"),))
    before = changes(row)
    _, known = compile_draft(row.method, row.content_version, before)
    _, faults = compile_draft(row.method, row.content_version, wanted)
    brought = [fault for fault in faults if fault not in known]
    if brought:
        raise InvalidInput(protocol_versions.as_input(brought))
    touched = {one.path for one in wanted if one not in before} | {one.path for one in before if one not in wanted}
    row.changes = [protocol_versions.write_change(change) for change in wanted]
    row.revision += 1
    row.edited_by, row.edited_by_name, row.edited_at = editor.id, editor.name, now
    session.flush()
    record(session, scope, "overlay.edit", row, {"revision": row.revision, "paths": sorted(touched)}, now)


def changes(row: OverlayDraft) -> tuple[OverlayChange, ...]:
    """The draft's changes in the order in which they are applied."""
    return tuple(protocol_versions.read_change(stored) for stored in row.changes)


def compile_draft(
    method: str, content_version: str, wanted: Sequence[OverlayChange]
) -> tuple[Protocol | None, tuple[Fault, ...]]:
    """The changed protocol, or None with every fault."""
    try:
        return protocol_versions.compile_changes(method, content_version, wanted), ()
    except ProtocolError as error:
        return None, error.faults


def describe(session: Session, row: OverlayDraft) -> DraftView:
    """The draft with what it changes and what is wrong with it."""
    shipped = get_protocol(row.method, row.content_version)
    protocol, faults = compile_draft(row.method, row.content_version, changes(row))
    signed = protocol_versions.newest_version(session, row.clinic_id, row.method)
    findings = tuple(explain_faults(faults))
    values: tuple[ChangedValue, ...] = ()
    differences: tuple[ChangedValue, ...] = ()
    if protocol is not None:
        findings = lint(protocol, row.content_version, frozenset(signed.confirmed_steps if signed else ()))
        values = describe_overlay(shipped, protocol)
        differences = describe_overlay(plan_facts.compiled(signed) if signed else shipped, protocol)
    return DraftView(
        method=row.method,
        content_version=row.content_version,
        revision=row.revision,
        changes=changes(row),
        faults=faults,
        findings=findings,
        values=values,
        differences=differences,
        edited_by=row.edited_by_name,
        edited_at=row.edited_at,
    )


def lint(protocol: Protocol, content_version: str, confirmed: frozenset[str]) -> tuple[LintFinding, ...]:
    """What is wrong with a drafted protocol though it parses; errors stand in the way of publishing it."""
    others = tuple(latest_protocol(method) for method in list_methods() if method != protocol.id)
    return lint_protocol(protocol, others, confirmed=confirmed, shipped=get_protocol(protocol.id, content_version))


def lint_faults(findings: Iterable[LintFinding]) -> tuple[InputFault, ...]:
    """The errors among some findings, each with its remedy."""
    return tuple(
        InputFault(f"/{finding.path}", f"{finding.problem}; {finding.remedy}")
        for finding in findings
        if finding.severity == "error"
    )


def find_reviewer(
    session: Session, author: Practitioner, reviewer_id: UUID | None
) -> tuple[Practitioner | None, tuple[InputFault, ...]]:
    """Who looked at the author's changes: somebody else, where the clinic has somebody else."""
    others = session.scalars(
        select(Practitioner).where(
            Practitioner.clinic_id == author.clinic_id,
            Practitioner.id != author.id,
            Practitioner.role.in_(EDITORS),
            Practitioner.active.is_(True),
        )
    )
    able = {person.id: person for person in others}
    if reviewer_id is None and not able:
        return None, ()
    if reviewer_id in able:
        return able[reviewer_id], ()
    names = ", ".join(sorted(person.name for person in able.values())) or "nobody: the clinic has no other"
    problem = f"somebody other than {author.name} looks at it first; right would be {names}"
    return None, (InputFault("/reviewer", problem),)


def record(
    session: Session, scope: StaffScope, act: str, row: OverlayDraft, details: dict[str, object], now: datetime
) -> None:
    """The audit entry of an act on a draft."""
    audit.record(
        session,
        scope,
        act=act,
        subject_kind="overlay_draft",
        subject_id=row.id,
        details={"method": row.method, "content_version": row.content_version, **details},
        now=now,
    )
