"""A person looks at a check-in. Reviews are appended, an assessment is never edited."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import StaffScope, transaction
from backend.errors import Conflict, NotFound
from backend.ids import new_id
from backend.models import CheckIn, Practitioner, Review
from backend.services import audit, check_in_results, flags, message_pushes, messages, plan_facts
from backend.services.check_in_results import CheckInResult
from backend.services.plan_facts import LoadedPlan


def review(scope: StaffScope, client_id: UUID, check_in_id: UUID, words: str | None, *, now: datetime) -> CheckInResult:
    """Marks a check-in as looked at, with or without words to the client. One of level today or now needs words
    (DESIGN 4.2), which stand in the thread too. Who answers a check-in has seen its warnings: their ladders end."""
    with transaction(scope) as session:
        check_in = session.get(CheckIn, (scope.clinic_id, client_id, check_in_id))
        by = session.get(Practitioner, (scope.clinic_id, scope.practitioner_id))
        if check_in is None or by is None:
            raise NotFound("no such check-in")
        plan = plan_facts.load_plan(session, scope.clinic_id, check_in.care_plan_id, lock=True)
        said = (words or "").strip() or None
        before = check_in_results.describe(session, plan, check_in)
        if said is None and before.level in ("today", "now"):
            raise Conflict("a warning that urgent is answered with words or a call")
        session.add(
            Review(
                clinic_id=scope.clinic_id,
                id=new_id(now),
                client_id=client_id,
                check_in_id=check_in_id,
                by=by.id,
                by_name=by.name,
                at=now,
                words=said,
            )
        )
        session.flush()
        flags.acknowledge_all(session, scope, [flag.id for flag in before.flags], now)
        if said is not None:
            _reply(session, scope, plan, check_in_id, said, now)
        audit.record(
            session,
            scope,
            act="check_in.review",
            subject_kind="check_in",
            subject_id=check_in_id,
            client_id=client_id,
            now=now,
        )
        return check_in_results.describe(session, plan, check_in)


def _reply(session: Session, scope: StaffScope, plan: LoadedPlan, check_in_id: UUID, words: str, now: datetime) -> None:
    """Puts the words into the client's thread; while the plan runs, a push tells of them."""
    message = messages.add_words(session, scope, plan.row.client_id, words, now, check_in_id)
    if plan.row.ended_at is None:
        message_pushes.tell_in_plan(session, plan, message.id, now, "a reply")


def list_reviewed(scope: StaffScope, client_id: UUID) -> frozenset[UUID]:
    """Ids of the client's check-ins that somebody has looked at."""
    with transaction(scope, write=False) as session:
        rows = session.scalars(
            select(Review.check_in_id).where(Review.clinic_id == scope.clinic_id, Review.client_id == client_id)
        )
        return frozenset(rows)
