"""The demo's practice: a studio with clients of all three methods at telling stages, made through the services alone.

Every act is given the instant at which it would have happened, so the practice has a past; nothing is written around a
service.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from backend.db import ClientScope, StaffScope
from backend.demo_photos import draw_photo
from backend.ids import new_id
from backend.ports import Ports
from backend.services import (
    care_plans,
    check_ins,
    clients,
    clinics,
    expiry,
    flags,
    invites,
    messages,
    photos,
    protocols,
    readiness,
    reviews,
    step_logs,
    timelines,
    treatments,
)
from backend.services.check_ins import CheckInDraft
from backend.services.consents import ConsentGiven
from backend.services.invites import Device
from backend.services.messages import MessageDraft
from backend.services.photos import PhotoDraft
from backend.services.sessions import SignedIn
from backend.services.step_logs import StepDraft
from schedules import AnswerValue, CheckInPlan, Protocol, Question, get_protocol, list_versions, questions_of

ZONE = "Europe/London"
PASSWORD = "fallow-demo-only"  # a demo on this machine alone; production has no demo
CONSENTS = (ConsentGiven("care", True, "2026-11-22"), ConsentGiven("photos", True, "2026-11-22"))
SCAB_STAGES = ((1, 1), (4, 2), (6, 3), (400, 4))  # until that day: the stage, while scabs are on


JUST_NOW = timedelta(minutes=6)


@dataclass(frozen=True, slots=True)
class Stage:
    """One client: how far along, and what is special. `days` since the treatment; `scabs_off` the day they came off."""

    name: str
    method: str
    skin_type: str
    days: int
    scabs_off: int | None = None
    odd: tuple[tuple[int, str, AnswerValue], ...] = ()
    joined: bool = True
    in_person: bool = False
    photo_days: tuple[int, ...] = ()  # close ones, planned for that day
    talk: tuple[tuple[str, str | None, str | None], ...] = ()  # yesterday at: what the client wrote, what was answered


STAGES = (
    Stage("Sam", "laser", "II", 0, joined=False),
    Stage(
        "Ana",
        "saline",
        "III",
        6,
        photo_days=(1, 3, 5),
        talk=(
            ("14:05", "The scabs look darker today and it itches at night. Is that ok?", None),
            ("17:38", None, "Hi Ana. Dark and dry is what we want to see on these days."),
            ("17:40", None, "For the itch at night: a cool, dry cloth held next to it for a minute. No cream yet."),
            ("17:52", "Thank you, that helps.", None),
        ),
    ),
    Stage("Ben", "saline", "IV", 23),
    Stage("Chloe", "undo", "II", 2, talk=(("18:30", "May I wash my hair tomorrow before work?", None),)),
    Stage("Dan", "laser", "V", 9, odd=((9, "fluid", "cloudy"), (9, "warmth", 2))),
    Stage("Eve", "undo", "III", 60, scabs_off=12, in_person=True),
    Stage("Femi", "laser", "VI", 40, scabs_off=13, photo_days=(3, 28)),
)


@dataclass(frozen=True, slots=True)
class DemoClient:
    """A client of the demo; `device_id` where a phone has joined."""

    name: str
    client_id: UUID
    device_id: UUID | None


@dataclass(frozen=True, slots=True)
class DemoPractice:
    clinic_id: UUID
    owner_id: UUID
    owner_email: str
    clients: tuple[DemoClient, ...]


def build_practice(now: datetime, ports: Ports) -> DemoPractice:
    """The studio, its signed plans and its clients, as of `now`. `ports`: where their photos are kept."""
    long_ago = now - timedelta(days=120)
    clinic_id = clinics.add_clinic(
        name="North Light Studio", zone=ZONE, country="GB", phone="+44 20 7946 0018", now=long_ago
    )
    owner = clinics.add_practitioner(
        clinic_id, name="Maya Okafor", email="maya@northlight.example", role="owner", password=PASSWORD, now=long_ago
    )
    second = clinics.add_practitioner(
        clinic_id, name="Jo Reyes", email="jo@northlight.example", role="practitioner", password=PASSWORD, now=long_ago
    )
    staff = StaffScope(clinic_id, owner.id)
    clinics.name_second(staff, second.id, now=long_ago)
    clinics.confirm_emergency(staff, emergency="999", advice="111", advice_name="NHS 111", now=long_ago)
    for status in protocols.list_methods(staff):
        answers = [protocols.StepAnswer(step.id, True) for step in status.must_confirm]
        protocols.sign(staff, status.protocol.id, status.protocol.content_version, answers, now=long_ago)
    made = tuple(_client(staff, stage, now, ports) for stage in STAGES)
    expiry.expire(now=now)
    return DemoPractice(clinic_id, owner.id, owner.email, made)


def _client(staff: StaffScope, stage: Stage, now: datetime, ports: Ports) -> DemoClient:
    ended_at = _ended_at(stage, now)
    client = clients.add_client(staff, name=stage.name, now=ended_at - timedelta(hours=2))
    plan_id = _treat(staff, stage, client.id, ended_at)
    if not stage.joined:
        return DemoClient(stage.name, client.id, None)
    invitation = invites.make(staff, client.id, now=ended_at)
    phone = Device(f"{stage.name}'s phone", "web", ZONE, "en")
    signed_in, _token = invites.redeem(invitation.code, phone, CONSENTS, origin=f"demo {stage.name}", now=ended_at)
    _live(staff, signed_in, stage, plan_id, ended_at, now)
    _photograph(signed_in.client_scope, stage, plan_id, ended_at, ports)
    return DemoClient(stage.name, client.id, signed_in.device_id)


def _ended_at(stage: Stage, now: datetime) -> datetime:
    """Mid-morning of day 0; a fresh one ended an hour ago."""
    if stage.days == 0:
        return now - timedelta(hours=1)
    return (now - timedelta(days=stage.days)).replace(hour=10, minute=20, second=0, microsecond=0)


def _treat(staff: StaffScope, stage: Stage, client_id: UUID, ended_at: datetime) -> UUID:
    begun = ended_at - timedelta(minutes=55)
    record = treatments.open_treatment(
        staff, client_id, method=stage.method, site="scalp", skin_type=stage.skin_type, now=begun
    )
    for number, step in enumerate(record.steps):
        treatments.start_step(staff, record.id, step.step_id, now=begun + timedelta(minutes=11 * number))
    treatments.finish_treatment(staff, record.id, now=ended_at)
    return care_plans.start(staff, record.id, now=ended_at).care_plan_id


def _live(staff: StaffScope, phone: SignedIn, stage: Stage, plan_id: UUID, ended_at: datetime, now: datetime) -> None:
    """The client's days up to now: planned check-ins answered in the usual range but for what is odd, steps ticked."""
    protocol = get_protocol(stage.method, list_versions(stage.method)[-1])
    today = (now - ended_at).days if stage.days else 0
    for planned in protocol.check_ins:
        at = _answered_at(planned, ended_at)
        if any(day == planned.day for day, _question, _value in stage.odd):
            at = now - JUST_NOW  # the warning has just come in: its ladder has begun, nobody has answered yet
        if at > now or (planned.optional and planned.day != stage.days):
            continue
        _check_in(staff, phone.client_scope, protocol, stage, planned, plan_id, at, leave_open=planned.day >= today - 1)
    if stage.in_person:
        readiness.note_seen_in_person(
            staff, plan_id, note="Skin looked at in the studio.", now=now - timedelta(hours=3)
        )
    _tick_steps(phone.client_scope, plan_id, now)
    _talk(staff, phone.client_scope, stage, now)


def _photograph(phone: ClientScope, stage: Stage, plan_id: UUID, ended_at: datetime, ports: Ports) -> None:
    """The client's photos, drawn; each on the morning of its day."""
    for day in stage.photo_days:
        at = (ended_at + timedelta(days=day)).replace(hour=8, minute=14)
        draft = PhotoDraft(new_id(at), plan_id, f"photo@d{day}#any", "close", at)
        photos.store_photo(phone, draft, draw_photo(stage.name, stage.skin_type, day), ports=ports, now=at)


def _talk(staff: StaffScope, phone: ClientScope, stage: Stage, now: datetime) -> None:
    """What client and studio wrote to each other; the last words of a longer talk are thanks that need no answer."""
    newest: UUID | None = None
    for clock_time, asked, answered in stage.talk:
        hour, minute = map(int, clock_time.split(":"))
        at = (now - timedelta(days=1)).replace(hour=hour, minute=minute, second=0, microsecond=0)
        if asked is not None:
            newest = messages.send(phone, MessageDraft(new_id(at), asked, at), now=at)[0].id
        if answered is not None:
            messages.open_thread(staff, phone.client_id, now=at)
            messages.answer(staff, phone.client_id, answered, newest, now=at)
    if newest is not None and len(stage.talk) > 1:
        messages.open_thread(staff, phone.client_id, now=now - timedelta(hours=1))
        messages.set_aside(staff, phone.client_id, newest, now=now - timedelta(hours=1))


def _answered_at(planned: CheckInPlan, ended_at: datetime) -> datetime:
    if planned.at_h is not None:
        return ended_at + timedelta(hours=planned.at_h, minutes=20)
    return (ended_at + timedelta(days=planned.day)).replace(hour=8, minute=12)


def _check_in(
    staff: StaffScope, phone: ClientScope, protocol: Protocol, stage: Stage, planned: CheckInPlan, plan_id: UUID,
    at: datetime, *, leave_open: bool,
) -> None:  # fmt: skip
    answers: dict[str, AnswerValue] = {
        question.id: _usual_answer(protocol, question, planned.day, stage)
        for question in questions_of(protocol, planned, "scalp")
    }
    answers |= {question: value for day, question, value in stage.odd if day == planned.day}
    draft = CheckInDraft(new_id(at), plan_id, "planned", f"check_in@d{planned.day}", at, answers, {})
    result = check_ins.submit(phone, draft, now=at)
    if leave_open:
        return
    words = "Thank you, I have seen it." if result.level != "on_track" else None
    reviews.review(staff, phone.client_id, result.id, words, now=at + timedelta(hours=2))
    for flag in result.flags:
        if flag.closed_at is None:
            flags.close(staff, flag.id, "Looked at, settling.", now=at + timedelta(hours=2))


def _usual_answer(protocol: Protocol, question: Question, day: int, stage: Stage) -> AnswerValue:
    """A plausible answer inside the plan's usual range of the day."""
    if question.id == "scab_stage":
        return _scab_stage(day, stage)
    if question.id == "skin_open":
        return "no" if stage.scabs_off is not None and day > stage.scabs_off else "yes"
    if question.id == "mood":
        return 4
    sign = protocol.signs.get(question.id)
    row = sign.row_on(day) if sign is not None else None
    if row is not None and row.high is not None:
        return max(0, row.high - 2) if question.type == "number" else max(0, row.high - 1)
    return _calm_option(question, row.allowed if row is not None else None)


def _calm_option(question: Question, allowed: tuple[AnswerValue, ...] | None) -> AnswerValue:
    calm: Mapping[str, AnswerValue] = {"skin_shine": "matt", "skin_tone": "matches", "pigment_look": "a_bit_lighter"}
    values = [option.value for option in question.options]
    wish = calm.get(question.id)
    if wish is not None and (allowed is None or wish in allowed):
        return wish
    return next((value for value in ("none", "no", "yes") if value in values), 0)


def _scab_stage(day: int, stage: Stage) -> AnswerValue:
    if stage.scabs_off is not None and day >= stage.scabs_off:
        return 5
    return next(level for until, level in SCAB_STAGES if day <= until)


def _tick_steps(phone: ClientScope, plan_id: UUID, now: datetime) -> None:
    """Ticks the steps of yesterday and of this morning, as a careful client does."""
    day = now.date()
    for plan, item in timelines.get_timeline(phone, day - timedelta(days=1), day, now=now):
        due = item.occurrence.window.due_at
        if plan != plan_id or item.step is None or item.occurrence.entry != "slot" or item.occurrence.withheld:
            continue
        if due < now - timedelta(hours=2) and item.state in ("open", "missed"):
            step_logs.log_step(phone, StepDraft(new_id(due), plan, item.occurrence.key, "done", due), now=due)
