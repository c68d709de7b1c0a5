"""Row-level security and grants of revision 0004, on PostgreSQL. Frozen: a later change is a new migration.

The words are those of revision 0001. What clients are told of (corrections) and what staff alone write stand beside
what is a client's own.
"""

from backend.migrations.policies_0001 import CLIENT, CLINIC

CLINIC_WIDE = ("overlay_draft", "correction")
OF_CLIENT = ("plan_version", "correction_receipt")


def build_statements() -> list[str]:
    """All of it, in order."""
    statements = []
    for table in (*CLINIC_WIDE, *OF_CLIENT):
        statements += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO fallow_app",
        ]
    own = f"clinic_id = {CLINIC}"
    for table in CLINIC_WIDE:
        statements.append(f"CREATE POLICY app_read ON {table} FOR SELECT TO fallow_app USING ({own})")
        statements.append(f"CREATE POLICY app ON {table} TO fallow_app USING ({own} AND {CLIENT} IS NULL)")
    for table in OF_CLIENT:
        client = f"({CLIENT} IS NULL OR client_id = {CLIENT})"
        statements.append(f"CREATE POLICY app ON {table} TO fallow_app USING ({own} AND {client})")
    return statements


STATEMENTS = tuple(build_statements())
