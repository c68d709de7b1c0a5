"""Row-level security and grants of revision 0007, on PostgreSQL. Frozen: a later change is a new migration.

The words are those of revision 0001. What was written is only ever appended; that it was seen or answered is noted.
"""

from backend.migrations.policies_0001 import CLIENT, CLINIC

STATEMENTS = (
    "ALTER TABLE message ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE message FORCE ROW LEVEL SECURITY",
    "GRANT SELECT, INSERT, UPDATE (seen_at, settled_at), DELETE ON message TO fallow_app",
    f"CREATE POLICY app ON message TO fallow_app USING (clinic_id = {CLINIC} AND ({CLIENT} IS NULL OR client_id ="
    f" {CLIENT}))",
)
