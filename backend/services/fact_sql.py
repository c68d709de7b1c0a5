"""The reads and writes behind planning, built once.

Planning runs after every tap, and building its SQL anew each time costs more than running it.

Plain tables, an exception to the session guard (PROMISES K1): each statement names the clinic, and the plans or the
client, itself. `tests/architecture/test_transactions.py` lists who may do so.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Date,
    Insert,
    Integer,
    Select,
    String,
    Table,
    Text,
    Update,
    Uuid,
    bindparam,
    exists,
    func,
    insert,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from backend import prepared
from backend.models import (
    AnchorObservation,
    AssessmentRow,
    Base,
    CarePlan,
    CheckIn,
    Flag,
    Pause,
    Photo,
    ReadinessSignOff,
    Reminder,
    StepLog,
    ZoneMove,
)
from backend.models.base import UtcDateTime
from backend.services.moves import MOST_CHARACTERS


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


_plan, _flag, _log, _check_in = _table(CarePlan).c, _table(Flag).c, _table(StepLog).c, _table(CheckIn).c
_anchor, _pause, _zone, _yes = (
    _table(AnchorObservation).c,
    _table(Pause).c,
    _table(ZoneMove).c,
    _table(ReadinessSignOff).c,
)
_photo, _judged, _row = _table(Photo).c, _table(AssessmentRow).c, _table(Reminder).c


def _of_plans(columns: Any) -> Any:
    own = columns.clinic_id == bindparam("clinic_id")
    return own & columns.care_plan_id.in_(bindparam("plan_ids", expanding=True))


def _of_client(columns: Any) -> Any:
    return (columns.clinic_id == bindparam("clinic_id")) & (columns.client_id == bindparam("client_id"))


FLAGS = (
    select(_flag.care_plan_id, _flag.rule_id, _flag.urgency, _flag.raised_at, _flag.closed_at, _flag.area_id)
    .where(_of_client(_flag))
    .order_by(_flag.raised_at, _flag.id)
)


def _facts(*where: ColumnElement[bool], **given: Any) -> Select[*tuple[Any, ...]]:
    """One kind of fact in the columns that all kinds share; what a kind does not have is null."""
    columns = []
    for name, of in _SHARED.items():
        own = given.get(name)
        columns.append((cast_to(null(), of) if own is None else own).label(name))
    return select(*columns).where(*where)


_SHARED: dict[str, TypeEngine[Any]] = {
    "plan_id": Uuid(),
    "name": String(200),
    "word": String(200),
    "at": UtcDateTime(),
    "until": UtcDateTime(),
    "on": Date(),
    "day": Integer(),
    "received_at": UtcDateTime(),
    "row_id": Uuid(),
}
KINDS_OF_FACTS = {
    "anchor": _facts(
        _of_plans(_anchor), plan_id=_anchor.care_plan_id, name=_anchor.anchor, at=_anchor.at,
        until=_anchor.superseded_at, on=_anchor.on, row_id=_anchor.id,
    ),
    "pause": _facts(
        _of_plans(_pause), plan_id=_pause.care_plan_id, at=_pause.from_at, until=_pause.until_at, row_id=_pause.id
    ),
    "zone": _facts(_of_client(_zone), name=_zone.zone, at=_zone.from_at, row_id=_zone.id),
    "flag": _facts(
        _of_client(_flag), plan_id=_flag.care_plan_id, name=_flag.rule_id, word=_flag.urgency, at=_flag.raised_at,
        until=_flag.closed_at, row_id=_flag.id,
    ),
    "yes": _facts(
        _of_plans(_yes), _yes.kind == "sign_off", _yes.revoked_at.is_(None), plan_id=_yes.care_plan_id, at=_yes.at
    ),
    "answered": _facts(
        _of_plans(_check_in), _check_in.occurrence_key.is_not(None), plan_id=_check_in.care_plan_id,
        name=_check_in.occurrence_key,
    ),
    "photographed": _facts(
        _of_plans(_photo), _photo.occurrence_key.is_not(None), plan_id=_photo.care_plan_id, name=_photo.occurrence_key
    ),
    "watch": _facts(
        _of_plans(_check_in), _judged.clinic_id == _check_in.clinic_id, _judged.client_id == _check_in.client_id,
        _judged.id == _check_in.id, _judged.level == "watch", plan_id=_check_in.care_plan_id, at=_check_in.answered_at,
        day=_check_in.day,
    ),
    "last answer": _facts(_of_client(_check_in), at=func.max(_check_in.answered_at)),
    "tap": _facts(
        _of_plans(_log), plan_id=_log.care_plan_id, name=_log.occurrence_key, word=_log.event, at=_log.at,
        until=_log.ends_at, received_at=_log.received_at, row_id=_log.id,
    ),
}  # fmt: skip
# all that is stored of a client's plans and bears on their timelines, each kind in the order in which it happened; one
# statement, since to ask costs more than to find
_all = union_all(*(each.add_columns(literal(what).label("what")) for what, each in KINDS_OF_FACTS.items())).subquery().c
FACTS = select(_all.what, _all.plan_id, _all.name, _all.word, _all.at, _all.until, _all.on, _all.day).order_by(
    _all.at, _all.received_at, _all.row_id
)
CHECK_INS = (
    select(
        _check_in.id,
        _check_in.day,
        _check_in.on,
        _check_in.answered_at,
        _check_in.answers,
        _check_in.excluded,
        _check_in.kind,
        _check_in.amends,
    )
    .where(_of_plans(_check_in))
    .order_by(_check_in.answered_at, _check_in.received_at, _check_in.id)
)

# the other plans of a client that may still send something: those that run, and those with an open flag
OTHER_PLANS = select(_plan.id).where(
    _of_client(_plan),
    _plan.id != bindparam("plan_id"),
    or_(
        _plan.ended_at.is_(None),
        exists().where(_flag.clinic_id == _plan.clinic_id, _flag.care_plan_id == _plan.id, _flag.closed_at.is_(None)),
    ),
)
_same = _table(CarePlan).alias()
LOCK_COMPANY = (
    select(_plan.id)
    .where(
        _plan.clinic_id == bindparam("clinic_id"),
        _plan.client_id
        == select(_same.c.client_id)
        .where(_same.c.clinic_id == bindparam("clinic_id"), _same.c.id == bindparam("plan_id"))
        .scalar_subquery(),
    )
    .order_by(_plan.id)
    .with_for_update()
)
LOCK_PLANS = select(_plan.id).where(_of_client(_plan)).order_by(_plan.id).with_for_update()

# --- reminders ---

ROUTINE = frozenset({"check_in_due", "check_in_open", "care_step", "mask_due", "one_tap", "merged"})
PLANNED_KINDS = ROUTINE | {"first_day", "mask_done", "check_again", "help_followup", "appointment", "paused"}


def _one_of(kinds: frozenset[str]) -> ColumnElement[bool]:
    """Written into the statement: as parameters they would be put into its text anew each time."""
    return _row.kind.in_([literal_column(f"'{kind}'") for kind in sorted(kinds)])


_to_client = (_of_plans(_row), _row.recipient_kind == "client", _one_of(PLANNED_KINDS))
# a literal: a parameter beside the condition of a partial index makes SQLite plan the statement anew at each execution
_pending = _row.state == literal_column("'planned'")
PENDING_ROWS = (
    select(
        _row.id,
        _row.care_plan_id,
        _row.dedupe_key,
        _row.occurrence_key,
        _row.send_at,
        _row.expires_at,
        _row.carrier_id,
        _row.attempts,
        _row.by_mail,
        _row.lease_token,
        _row.trail,
        _row.resend_of,
    )
    .where(*_to_client, _pending, _row.send_at < bindparam("until"))
    # the worker's order of locks: carriers and single rows by id, then what is carried
    .order_by(_row.carrier_id.is_not(None), _row.id)
    .with_for_update()
)
PENDING_OF_STEP = select(_row.id).where(_of_plans(_row), _row.occurrence_key == bindparam("key"), _pending).limit(1)
ROWS_OUT = select(_row.care_plan_id, _row.kind, _row.occurrence_key, _row.send_at, _row.state).where(
    *_to_client,
    _row.state.not_in([literal_column("'planned'"), literal_column("'withdrawn'")]),
    or_(~_one_of(ROUTINE), _row.send_at > bindparam("since")),
)
_this_row = (_row.clinic_id == bindparam("of_clinic"), _row.id == bindparam("of_id"), _pending)
WITHDRAW = (
    update(_table(Reminder))
    .where(*_this_row)
    .values(
        state="withdrawn",
        reason=bindparam("why"),
        settled_at=bindparam("now"),
        lease_token=None,
        leased_until=None,
        carrier_id=None,
    )
)
MOVE = (
    update(_table(Reminder))
    .where(*_this_row)
    .values(
        send_at=bindparam("to_send_at"),
        expires_at=bindparam("to_expires_at"),
        carrier_id=bindparam("to_carrier_id"),
        by_mail=bindparam("to_by_mail"),
        trail=bindparam("to_trail"),
        moves=func.substr(bindparam("move", type_=Text).concat(func.coalesce(_row.moves, "")), 1, MOST_CHARACTERS),
    )
)
ADD = insert(_table(Reminder))

# --- a tap ---

TAP_OF_ID = select(_log.care_plan_id, _log.occurrence_key, _log.event, _log.claimed_at, _log.received_at).where(
    _of_client(_log), _log.id == bindparam("tap_id")
)
KEEP_TAP = insert(_table(StepLog))
COUNT_CHANGE = (
    update(_table(CarePlan))
    .where(_plan.clinic_id == bindparam("of_clinic"), _plan.id == bindparam("of_id"))
    .values(facts_version=bindparam("to_version"))
)


def read(session: Session, statement: Select[*tuple[Any, ...]], **given: Any) -> Sequence[Any]:
    """The rows of one of these statements. What the session holds back is not written first: who reads what was just
    changed flushes."""
    return prepared.read(session.connection(), statement, given)


def write(session: Session, statement: Insert | Update, given: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> None:
    """One of these statements, for one row or many. Of an insert what is not given is null."""
    prepared.write(session.connection(), statement, [given] if isinstance(given, Mapping) else given)
