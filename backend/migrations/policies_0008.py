"""Row-level security and grants of revision 0008, on PostgreSQL. Frozen: a later change is a new migration.

The words are those of revision 0001. A code is made and taken away, never changed; the door shows the one row that a
code names, so that whose it is can be found. The worker counts unread messages for the number on the app's icon; their
words stay out of its reach.
"""

from backend.migrations.policies_0001 import CLIENT, CLINIC, DOOR

STATEMENTS = (
    "ALTER TABLE hand_over ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE hand_over FORCE ROW LEVEL SECURITY",
    "GRANT SELECT, INSERT, DELETE ON hand_over TO fallow_app",
    f"CREATE POLICY app ON hand_over TO fallow_app USING (clinic_id = {CLINIC} AND ({CLIENT} IS NULL OR client_id ="
    f" {CLIENT}))",
    'GRANT SELECT (clinic_id, client_id, id, "by", seen_at) ON message TO fallow_worker',
    "CREATE POLICY worker ON message TO fallow_worker USING (true)",
    f"CREATE POLICY door ON hand_over FOR SELECT TO fallow_app USING (code_hash = {DOOR})",
)

WITHDRAWN = (
    "DROP POLICY worker ON message",
    'REVOKE SELECT (clinic_id, client_id, id, "by", seen_at) ON message FROM fallow_worker',
)
