"""The statements of claim, last look, record and expiry, for both databases (FIELD_NOTES 6 and 21: measured shapes).

Plain SQL, an exception to the session guard: it runs for all clinics, under WorkerScope alone. The state is a literal,
so that the partial index is used. A claim writes lease columns only, which keeps it off the indexes. What is due goes
by `:now`, the product's clock; leases go by the database's own time, which no test hook moves.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Boolean, DateTime, Integer, String, Text, TextClause, Uuid, bindparam, text
from sqlalchemy.sql.selectable import TextualSelect
from sqlalchemy.types import TypeEngine

from backend.tables import UtcDateTime

_INSTANTS = ("now", "until", "send_at", "settled_at", "at")
_IDS = ("token", "lease_token", "clinic_id", "id", "reminder_id", "address_id")


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How one database says it. `pairs`: the rows of a batch by key, as a table v(clinic_id, id, place).

    What comes back names its row by `place`, from 0: reading and hashing two ids a row cost more than the query.
    `by_holder`: their live addresses, each looked up in the index: PostgreSQL would rather read the whole table for a
    batch, up to some ten thousand addresses. `instant`: how a point in time is read; PostgreSQL's are aware anyway.
    `lies_at`: where a row lies, so that what was found due is written without a second search by its key.
    """

    real_time: str
    lease_end: str
    lock: str
    pairs: str
    by_holder: str
    lies_at: str
    instant: type[TypeEngine[datetime]]


_POSTGRESQL = _Dialect(
    real_time="now()",
    lease_end="now() + make_interval(secs => :lease_s)",
    lock="FOR UPDATE SKIP LOCKED",
    pairs="(SELECT clinic_id, id, nth - 1 AS place"
    " FROM unnest(CAST(:clinics AS uuid[]), CAST(:ids AS uuid[])) WITH ORDINALITY AS u(clinic_id, id, nth)) AS v",
    by_holder="CROSS JOIN LATERAL (SELECT * FROM push_address AS of_one WHERE of_one.clinic_id = v.clinic_id"
    " AND of_one.holder_id = v.id AND of_one.retired_at IS NULL OFFSET 0) AS a",
    lies_at="ctid",
    instant=DateTime,
)
_SQLITE = _Dialect(
    real_time="strftime('%Y-%m-%d %H:%M:%f000', 'now')",
    lease_end="strftime('%Y-%m-%d %H:%M:%f000', 'now', '+' || :lease_s || ' seconds')",
    lock="",  # BEGIN IMMEDIATE holds every other writer
    pairs="(SELECT json_extract(value, '$[0]') AS clinic_id, json_extract(value, '$[1]') AS id, key AS place"
    " FROM json_each(:pairs)) AS v",
    by_holder="JOIN push_address AS a ON a.clinic_id = v.clinic_id AND a.holder_id = v.id AND a.retired_at IS NULL",
    lies_at="rowid",
    instant=UtcDateTime,
)

_DIALECTS = {"postgresql": _POSTGRESQL, "sqlite": _SQLITE}

# the limit is a literal: PostgreSQL would take one that it does not know for a tenth of the table
_DUE = """SELECT {lies_at} AS lies_at FROM reminder
           WHERE state = 'planned' AND carrier_id IS NULL AND lane = :lane AND send_at <= :until AND {life}
             AND (leased_until IS NULL OR leased_until < {real_time})
           ORDER BY send_at LIMIT {limit} {lock}"""

_CLAIM = """WITH due AS ({due})
    UPDATE reminder SET lease_token = :token, leased_until = {lease_end}
      FROM due WHERE reminder.{lies_at} = due.lies_at
    RETURNING reminder.clinic_id, reminder.id, reminder.recipient_kind, reminder.recipient_id, reminder.kind,
      reminder.collapse_id, reminder.send_at, reminder.expires_at, reminder.attempts, reminder.by_mail,
      reminder.reason"""

_EXPIRE = """WITH due AS ({due})
    UPDATE reminder SET state = 'expired', reason = 'window closed', settled_at = :now,
           lease_token = NULL, leased_until = NULL
      FROM due WHERE reminder.{lies_at} = due.lies_at
    RETURNING reminder.id"""

_ADDRESSES = """SELECT v.place, a.id, a.kind, a.endpoint, a.token, a.p256dh, a.auth, a.address_hash,
      (SELECT c.language FROM client AS c WHERE c.clinic_id = v.clinic_id AND c.id = v.id) AS language
    FROM {pairs} {by_holder}"""

# what of each client's thread has not been on their screen; the words are none of the worker's business
_UNREAD = """SELECT v.place, count(*) AS unread FROM {pairs}
    JOIN message AS m ON m.clinic_id = v.clinic_id AND m.client_id = v.id
   WHERE m."by" IS NOT NULL AND m.seen_at IS NULL GROUP BY v.place"""

_STILL_WANTED = """reminder.clinic_id = v.clinic_id AND reminder.id = v.id AND reminder.lease_token = :token
     AND reminder.state = 'planned' AND reminder.carrier_id IS NULL
     AND reminder.send_at <= :now AND reminder.expires_at > :now"""
_LOOK = """SELECT v.place FROM {pairs} JOIN reminder ON {still_wanted}
   WHERE reminder.leased_until > {real_time}"""
_RENEW = """UPDATE reminder SET leased_until = {lease_end} FROM {pairs} WHERE {still_wanted}
   RETURNING reminder.clinic_id, reminder.id"""

_RELEASE = """UPDATE reminder SET lease_token = NULL, leased_until = NULL
     FROM {pairs} WHERE reminder.clinic_id = v.clinic_id AND reminder.id = v.id
      AND reminder.lease_token = :token AND reminder.state = 'planned'"""

_SETTLE_SQLITE = """UPDATE reminder SET state = :state, reason = :reason, send_at = COALESCE(:send_at, send_at),
       attempts = attempts + :tries, settled_at = :settled_at, lease_token = NULL, leased_until = NULL
   WHERE clinic_id = :clinic_id AND id = :id AND lease_token = :token AND state = 'planned'"""
_ATTEMPT_SQLITE = """INSERT INTO delivery_attempt
       (clinic_id, reminder_id, address_id, channel, attempt, outcome, detail, provider_id, lease_token, at)
   VALUES (:clinic_id, :reminder_id, :address_id, :channel, :attempt, :outcome, :detail, :provider_id,
           :lease_token, :at)"""

# Attempts are written from what was tried, not from what was settled: a try under a lost lease is kept too. A try
# names its row by place.
_RECORD_POSTGRESQL = """
    WITH v AS (SELECT * FROM unnest(CAST(:clinics AS uuid[]), CAST(:ids AS uuid[]), CAST(:tokens AS uuid[]),
               CAST(:states AS text[]), CAST(:reasons AS text[]), CAST(:send_ats AS timestamptz[]),
               CAST(:tries AS int[]), CAST(:attempts AS int[])) WITH ORDINALITY
               AS v(clinic_id, id, token, state, reason, send_at, tries, attempt, nth)),
    settled AS (
      UPDATE reminder AS r SET state = v.state, reason = v.reason, send_at = COALESCE(v.send_at, r.send_at),
             attempts = r.attempts + v.tries, lease_token = NULL, leased_until = NULL,
             settled_at = CASE WHEN v.state = 'planned' THEN NULL ELSE CAST(:now AS timestamptz) END
        FROM v WHERE r.clinic_id = v.clinic_id AND r.id = v.id AND r.lease_token = v.token AND r.state = 'planned'
      RETURNING r.state),
    tried AS (
      INSERT INTO delivery_attempt
             (clinic_id, reminder_id, address_id, channel, attempt, outcome, detail, provider_id, lease_token, at)
      SELECT v.clinic_id, v.id, t.address_id, t.channel, v.attempt, t.outcome, t.detail, t.provider_id, v.token,
             CAST(:now AS timestamptz)
        FROM unnest(CAST(:t_places AS int[]), CAST(:t_addresses AS uuid[]), CAST(:t_channels AS text[]),
             CAST(:t_outcomes AS text[]), CAST(:t_details AS text[]), CAST(:t_providers AS text[]))
             AS t(place, address_id, channel, outcome, detail, provider_id)
        JOIN v ON v.nth = t.place + 1)
    SELECT count(*) AS settled FROM settled"""

RETIRE = """UPDATE push_address SET retired_at = :now, retire_reason = 'gone'
   WHERE clinic_id = :clinic_id AND id = :id AND address_hash = :hash AND retired_at IS NULL"""

_WITH_CARRIER = """UPDATE reminder SET
       state = CASE WHEN reminder.expires_at <= :now THEN 'expired' WHEN p.state = 'sent' THEN 'merged'
                    ELSE p.state END,
       reason = CASE WHEN reminder.expires_at <= :now THEN 'window closed' WHEN p.state = 'sent' THEN 'carrier sent'
                     ELSE p.reason END,
       settled_at = :now, lease_token = NULL, leased_until = NULL
  FROM reminder AS p
 WHERE reminder.state = 'planned' AND reminder.carrier_id = p.id AND reminder.clinic_id = p.clinic_id
   AND p.state IN ('sent', 'unreachable', 'failed', 'expired')"""
OF_ONE_CARRIER = f"{_WITH_CARRIER} AND p.clinic_id = :clinic_id AND p.id = :id"
LEFT_BEHIND = f"{_WITH_CARRIER} AND reminder.send_at <= :now"
FREE_CARRIED = """UPDATE reminder SET carrier_id = NULL FROM reminder AS p
 WHERE reminder.state = 'planned' AND reminder.carrier_id = p.id AND reminder.clinic_id = p.clinic_id
   AND reminder.send_at <= :now AND p.state IN ('withdrawn', 'merged')"""
EXPIRE_CARRIED = """UPDATE reminder SET state = 'expired', reason = 'window closed', settled_at = :now
 WHERE state = 'planned' AND carrier_id IS NOT NULL AND send_at <= :now AND expires_at <= :now"""

# what a look finds before anything is locked: a closed window, or what is carried and still here when it is due
_ANYTHING_TO_END = """SELECT 1 AS found WHERE EXISTS (
     SELECT 1 FROM reminder WHERE state = 'planned' AND carrier_id IS NULL AND lane IN (0, 1) AND send_at <= :now
        AND expires_at <= :now)
   OR EXISTS (SELECT 1 FROM reminder WHERE state = 'planned' AND carrier_id IS NOT NULL AND send_at <= :now)"""


def typed(statement: str) -> TextClause:
    """The statement with the types of the parameters that the drivers do not know by themselves."""
    made = text(statement)
    used = made.compile().params
    instants = (bindparam(name, type_=UtcDateTime()) for name in _INSTANTS if name in used)
    ids = (bindparam(name, type_=Uuid()) for name in _IDS if name in used)
    return made.bindparams(*instants, *ids)


def _fill(statement: str, dialect: _Dialect) -> TextClause:
    parts = {name: getattr(dialect, name) for name in ("lease_end", "pairs", "real_time", "by_holder")}
    return typed(statement.format(still_wanted=_STILL_WANTED, **parts))


def _fill_due(statement: str, dialect: _Dialect, life: str, limit: int) -> TextClause:
    parts = {name: getattr(dialect, name) for name in ("lies_at", "lease_end", "real_time", "lock")}
    due = _DUE.format(life=life, limit=int(limit), **parts)
    return typed(statement.format(due=due, **parts))


@cache
def claim(dialect_name: str, limit: int) -> TextualSelect:
    """Leases up to `limit` due rows, oldest first, and gives them."""
    dialect = _DIALECTS[dialect_name]
    return _fill_due(_CLAIM, dialect, "expires_at > :now", limit).columns(
        clinic_id=Uuid,
        id=Uuid,
        recipient_kind=String,
        recipient_id=Uuid,
        kind=String,
        collapse_id=String,
        send_at=dialect.instant,
        expires_at=dialect.instant,
        attempts=Integer,
        by_mail=Boolean,
        reason=String,
    )


@cache
def expire(dialect_name: str, limit: int) -> TextualSelect:
    """Ends up to `limit` due rows whose window has closed, and gives their ids."""
    return _fill_due(_EXPIRE, _DIALECTS[dialect_name], "expires_at <= :now", limit).columns(id=Uuid)


class Statements:
    """The other statements that differ between the two databases, for one of them."""

    def __init__(self, dialect: _Dialect) -> None:
        self.addresses = _fill(_ADDRESSES, dialect).columns(
            place=Integer,
            id=Uuid,
            kind=String,
            endpoint=Text,
            token=Text,
            p256dh=String,
            auth=String,
            address_hash=String,
            language=String,
        )
        self.unread = _fill(_UNREAD, dialect).columns(place=Integer, unread=Integer)
        self.look = _fill(_LOOK, dialect).columns(place=Integer)
        self.renew = _fill(_RENEW, dialect).columns(clinic_id=Uuid, id=Uuid)
        self.release = _fill(_RELEASE, dialect)


BY_DIALECT = {name: Statements(dialect) for name, dialect in _DIALECTS.items()}
RECORD_POSTGRESQL = typed(_RECORD_POSTGRESQL).columns(settled=Integer)
SETTLE_SQLITE, ATTEMPT_SQLITE = typed(_SETTLE_SQLITE), typed(_ATTEMPT_SQLITE)
ANYTHING_TO_END = typed(_ANYTHING_TO_END).columns(found=Integer)
