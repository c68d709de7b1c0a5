"""A practice at work: what a story needs to sign, treat, start a plan and check in, through the services alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from backend.db import ClientScope, StaffScope
from backend.ids import new_id
from backend.models import Client, Practitioner
from backend.services import care_plans, check_ins, expiry, protocols, step_logs, treatments
from backend.services.check_in_results import CheckInResult
from backend.services.check_ins import CheckInDraft
from backend.services.step_logs import StepDraft, StepResult
from tests.factories import make_client, make_clinic, make_practitioner

TREATED_AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)  # a Monday, 10:00 in London


@dataclass(frozen=True, slots=True)
class Practice:
    """Dr Ida's studio in London with Ana in its care."""

    ida: Practitioner
    ana: Client

    @property
    def staff(self) -> StaffScope:
        return StaffScope(self.ida.clinic_id, self.ida.id)

    @property
    def phone(self) -> ClientScope:
        return ClientScope(self.ana.clinic_id, self.ana.id)


def open_practice() -> Practice:
    clinic = make_clinic("North Light", zone="Europe/London", country="GB")
    ida = make_practitioner(clinic, "Dr Ida", role="owner")
    ana = make_client(ida, "Ana", zone="Europe/London", check_in_at=datetime(2026, 1, 1, 8).time())
    return Practice(ida, ana)


def sign(practice: Practice, method: str, confirmed: bool = True, now: datetime = TREATED_AT) -> None:
    """The owner signs the newest version of a method and answers every step alike."""
    status = protocols.get_method(practice.staff, method)
    answers = [protocols.StepAnswer(step.id, confirmed) for step in status.must_confirm]
    protocols.sign(practice.staff, method, status.protocol.content_version, answers, now=now)


def treat(practice: Practice, method: str, ended_at: datetime = TREATED_AT, **choices: object) -> UUID:
    """Records a whole treatment that ends at `ended_at`; gives its id."""
    begun = ended_at - timedelta(hours=1)
    record = treatments.open_treatment(
        practice.staff,
        practice.ana.id,
        method=method,
        now=begun,
        **{"site": "scalp", **choices},  # type: ignore[arg-type]
    )
    for step in record.steps:
        treatments.start_step(practice.staff, record.id, step.step_id, now=begun)
    return treatments.finish_treatment(practice.staff, record.id, now=ended_at).id


def start_plan(practice: Practice, method: str, ended_at: datetime = TREATED_AT, **choices: object) -> UUID:
    return care_plans.start(practice.staff, treat(practice, method, ended_at, **choices), now=ended_at).care_plan_id


def day(number: int, hour: int = 9, minute: int = 0) -> datetime:
    """Plan day `number` at a time of day in UTC."""
    return TREATED_AT.replace(hour=hour, minute=minute) + timedelta(days=number)


def check_in(
    practice: Practice, plan: UUID, on: int, answers: Mapping[str, int | str], at: datetime | None = None
) -> CheckInResult:
    """Answers the planned check-in of a day; what has passed by then has been settled by a worker."""
    now = at or day(on)
    expiry.expire(now=now)
    draft = CheckInDraft(new_id(now), plan, "planned", f"check_in@d{on}", now, answers, {})
    return check_ins.submit(practice.phone, draft, now=now)


def report(practice: Practice, plan: UUID, at: datetime, answers: Mapping[str, int | str]) -> CheckInResult:
    """A problem report, which is open at any time."""
    return check_ins.submit(practice.phone, CheckInDraft(new_id(at), plan, "report", None, at, answers, {}), now=at)


def tap(
    practice: Practice, plan: UUID, occurrence: str, event: str, at: datetime, ends_at: datetime | None = None
) -> StepResult:
    draft = StepDraft(new_id(at), plan, occurrence, event, at, ends_at)
    return step_logs.log_step(practice.phone, draft, now=at)
