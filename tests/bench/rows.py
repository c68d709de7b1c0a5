"""Practices full of planned reminders, written straight into PostgreSQL: millions of rows in a minute, not an hour.

Reminder number N (from 1) falls due N milliseconds after `FIRST_DUE_AT`, so that a clock says exactly which are due.
Each of the clients has one phone with an FCM token, and one of `CLINICS` clinics.
"""

from datetime import UTC, datetime, timedelta

import psycopg

from tests.postgres import Server

FIRST_DUE_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CLINICS = 20
CLIENTS = 10_000

_CLINIC = f"""INSERT INTO clinic (id, name, zone, country, emergency, reply_promise_h, created_at)
  SELECT md5('clinic' || n)::uuid, 'Clinic ' || n, 'Europe/Berlin', 'DE', '{{}}', 24, %(at)s
    FROM generate_series(1, {CLINICS}) n"""
_PRACTITIONER = """INSERT INTO practitioner (clinic_id, id, name, email, role, password_hash, active, created_at)
  SELECT id, md5('practitioner' || id)::uuid, 'Dr Ida', id || '@clinic.example', 'owner', 'none', true, %(at)s
    FROM clinic"""
_CLIENT = f"""INSERT INTO client (clinic_id, id, practitioner_id, name, zone, language, check_in_at, step_times,
         discreet, cover_photos, help_may_break_quiet, created_at)
  SELECT p.clinic_id, md5('client' || n)::uuid, p.id, 'Ana', 'Europe/Berlin', 'en', '09:00', '{{}}', true, true, false,
         %(at)s
    FROM generate_series(1, %(clients)s::int) n
    JOIN (SELECT *, row_number() OVER (ORDER BY clinic_id) AS place FROM practitioner) p
      ON p.place = n %% {CLINICS} + 1"""
_DEVICE = """INSERT INTO device_session (clinic_id, id, holder_kind, holder_id, name, platform, token_hash, created_at,
         seen_at, expires_at)
  SELECT clinic_id, md5('device' || id)::uuid, 'client', id, 'Phone', 'android', md5('token' || id), %(at)s, %(at)s,
         %(at)s + interval '90 days' FROM client"""
_ADDRESS = """INSERT INTO push_address (clinic_id, id, device_id, holder_kind, holder_id, kind, endpoint, token, p256dh,
         auth, address_hash, changed_at)
  SELECT clinic_id, md5('address' || id)::uuid, id, 'client', holder_id, 'fcm_token', '',
         repeat(md5('t' || id), 5), '', '', md5('address' || id), %(at)s FROM device_session"""
_REMINDER = """INSERT INTO reminder (clinic_id, id, client_id, recipient_kind, recipient_id, kind, lane, dedupe_key,
         collapse_id, occurrence_key, state, by_mail, send_at, expires_at, attempts, created_at)
  SELECT c.clinic_id, uuidv7(), c.id, 'client', c.id, 'check_in_due', 1, 'check_in@d1#' || n, md5('row' || n),
         'check_in@d1', 'planned', false, %(at)s + n * interval '1 millisecond',
         %(at)s + n * interval '1 millisecond' + interval '1 day', 0, %(at)s
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
    JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place FROM client) c ON c.place = n %% %(clients)s::int + 1"""
_LOST = """SELECT indexdef FROM pg_indexes i
   WHERE tablename = 'reminder' AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = i.indexname)"""


def due_at(number: int) -> datetime:
    """When reminder `number` falls due; a clock that stands there makes it and all before it due."""
    return FIRST_DUE_AT + timedelta(milliseconds=number)


def connect(server: Server, database: str) -> psycopg.Connection:
    """As the superuser, whom no policy binds; each statement is its own transaction."""
    return psycopg.connect(f"host=127.0.0.1 port={server.port} user=postgres dbname={database}", autocommit=True)


def fill(server: Server, database: str, rows: int) -> None:
    """Write clinics, clients, phones and reminders 1 to `rows`. Indexes come back at the end: half the time."""
    with connect(server, database) as connection:
        connection.execute("SET session_replication_role = replica")  # no look-up of each foreign key: they are right
        given = {"at": FIRST_DUE_AT, "clients": min(CLIENTS, rows), "first": 1, "last": rows}
        indexes = [str(row[0]) for row in connection.execute(_LOST)]
        with connection.transaction():
            for statement in indexes:
                connection.execute(f"DROP INDEX {statement.split(' INDEX ')[1].split(' ON ')[0]}")
            for statement in (_CLINIC, _PRACTITIONER, _CLIENT, _DEVICE, _ADDRESS, _REMINDER):
                connection.execute(statement, given)
            for statement in indexes:
                connection.execute(statement)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
