"""Row-level security and grants of revision 0001, on PostgreSQL. Frozen: a later change is a new migration.

A transaction takes the group role fallow_app or fallow_worker and sets fallow.clinic, fallow.client and fallow.door
(`backend/scopes.py`). Policies are written TO a group role, so that a login without a scope is refused loudly; FORCE
binds the owner too. After a transaction a setting reads '' and not NULL, hence NULLIF. What a table's rows are to a
client must say the same as the models' `of_client` and `behind_door`.
"""

CLINIC = "NULLIF(current_setting('fallow.clinic', true), '')::uuid"
CLIENT = "NULLIF(current_setting('fallow.client', true), '')::uuid"
DOOR = "NULLIF(current_setting('fallow.door', true), '')"

# clients of the clinic may read these, its staff alone may write them
CLINIC_WIDE = {"clinic": "id", "practitioner": "clinic_id", "clinic_protocol": "clinic_id", "audit_head": "clinic_id"}

# the column that says whose row it is
OF_CLIENT = {
    "client": "id",
    "device_session": "holder_id",
    "push_address": "holder_id",
    "anchor_observation": "client_id",
    "assessment": "client_id",
    "audit_entry": "client_id",
    "care_plan": "client_id",
    "check_in": "client_id",
    "consent": "client_id",
    "course": "client_id",
    "flag": "client_id",
    "health_factor": "client_id",
    "invite": "client_id",
    "pause": "client_id",
    "photo": "client_id",
    "readiness_sign_off": "client_id",
    "reminder": "client_id",
    "review": "client_id",
    "step_log": "client_id",
    "treated_area": "client_id",
    "treatment_session": "client_id",
    "zone_move": "client_id",
}

# the parent that says whose row it is
THROUGH = {
    "delivery_attempt": ("reminder_id", "reminder"),
    "receipt": ("reminder_id", "reminder"),
    "treatment_step_record": ("treatment_id", "treatment_session"),
}

BEHIND_DOOR = {
    "device_session": f"token_hash = {DOOR} OR previous_hash = {DOOR}",
    "invite": f"code_hash = {DOOR}",
    "practitioner": f"email = {DOOR}",
}

# what is only ever appended; sealing alone writes into an audit row
APPEND_ONLY = {
    "assessment": "SELECT, INSERT, DELETE",
    "audit_entry": "SELECT, INSERT, UPDATE (sequence, hash)",
    "audit_head": "SELECT, INSERT, UPDATE",
    "check_in": "SELECT, INSERT, DELETE",
    "review": "SELECT, INSERT, DELETE",
}

SETTLING = "state, reason, trail, carrier_id, send_at, attempts, lease_token, leased_until, settled_at"
WORKER = {
    "care_plan": "SELECT (clinic_id, id, client_id, zone, started_at, ended_at, planned_until)",
    "client": "SELECT (clinic_id, id, practitioner_id, zone, language, quiet_from, quiet_until, discreet,"
    " help_may_break_quiet, joined_at)",
    "clinic": "SELECT (id, name, zone, country, second_practitioner_id)",
    "delivery_attempt": "SELECT, INSERT",
    "flag": "SELECT",
    "push_address": "SELECT, UPDATE (retired_at, retire_reason)",
    "reminder": f"SELECT, UPDATE ({SETTLING})",
}


OWN_PARENT = (
    "EXISTS (SELECT FROM {parent} p"
    " WHERE p.clinic_id = {table}.clinic_id AND p.id = {table}.{key} AND p.client_id = {client})"
)


def build_statements() -> list[str]:
    """All of it, in order."""
    statements = []
    for table, key in CLINIC_WIDE.items():
        clinic = f"{key} = {CLINIC}"
        statements += _secure(table)
        statements.append(f"CREATE POLICY app_read ON {table} FOR SELECT TO fallow_app USING ({clinic})")
        statements.append(f"CREATE POLICY app ON {table} TO fallow_app USING ({clinic} AND {CLIENT} IS NULL)")
    for table, column in OF_CLIENT.items():
        statements += [*_secure(table), _policy(table, f"{column} = {CLIENT}")]
    for table, (key, parent) in THROUGH.items():
        own = OWN_PARENT.format(parent=parent, table=table, key=key, client=CLIENT)
        statements += [*_secure(table), _policy(table, own)]
    for table, condition in BEHIND_DOOR.items():
        statements.append(f"CREATE POLICY door ON {table} FOR SELECT TO fallow_app USING ({condition})")
    for table, rights in WORKER.items():
        statements.append(f"GRANT {rights} ON {table} TO fallow_worker")
        statements.append(f"CREATE POLICY worker ON {table} TO fallow_worker USING (true)")
    return [*statements, *_unscoped_grants()]


def _secure(table: str) -> list[str]:
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"GRANT {APPEND_ONLY.get(table, 'SELECT, INSERT, UPDATE, DELETE')} ON {table} TO fallow_app",
    ]


def _policy(table: str, own: str) -> str:
    return f"CREATE POLICY app ON {table} TO fallow_app USING (clinic_id = {CLINIC} AND ({CLIENT} IS NULL OR {own}))"


def _unscoped_grants() -> list[str]:
    """Tables that belong to no clinic, and the sequence behind the attempts."""
    return [
        "GRANT SELECT, INSERT, UPDATE, DELETE ON guess TO fallow_app",
        "GRANT SELECT, DELETE ON guess TO fallow_worker",
        "GRANT SELECT ON worker_heartbeat TO fallow_app",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON worker_heartbeat TO fallow_worker",
        "GRANT SELECT ON alembic_version TO fallow_app, fallow_worker",
        "GRANT USAGE ON SEQUENCE delivery_attempt_id_seq TO fallow_app, fallow_worker",
    ]


STATEMENTS = tuple(build_statements())
