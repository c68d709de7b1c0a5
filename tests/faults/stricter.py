"""S4: a clinic may make the list of warning signs stricter, and switch off none that is for today or for now.

Real: the command that a clinic would use, a process for each way of trying; the web server that a client then tells of
a sign; both databases. Simulated: nothing.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from uuid import uuid4

from backend.adapters.clock import SystemClock
from backend.db import StaffScope
from backend.models import Practitioner
from backend.services import overlays
from schedules import latest_protocol, list_methods
from tests.bench.figures import Figure
from tests.faults.house import BOTH, Grounds, House, call
from tests.faults.load import Entry
from tests.faults.seeding import seed_plans
from tests.people import make_ida

RED = ("emergency", "same_day")
TRIED: Mapping[str, object] = {  # what one might set on a warning sign
    "urgency": "practitioner_review",
    "from_day": 14,
    "to_day": 0,
    "sites": ["brows"],
    "trigger": {"all": [{"question": "pain", "op": ">=", "value": 10}, {"question": "pain", "op": "<=", "value": 0}]},
}


def measure(grounds: Grounds, *, quick: bool) -> Iterator[Figure]:
    """About three minutes in full, half a minute with `quick`."""
    for database in ("sqlite",) if quick else BOTH:
        yield from loosen(grounds, database, list_methods()[:1] if quick else list_methods())


def loosen(
    grounds: Grounds, database: str, methods: Sequence[str], tried: Mapping[str, object] = TRIED
) -> Iterator[Figure]:
    """Every red flag of the methods, in each way of `tried`; then the sign for now is reported all the same."""
    with grounds.open(database) as house:
        house.clock = ""
        owner = make_ida()
        scope = StaffScope(owner.clinic_id, owner.id)
        count, taken, unnamed = 0, 0, list[str]()
        for method in methods:
            for key, value in tried.items():
                paths = [f"red_flags.{rule_id}" for rule_id in list_red(method)]
                edits = [f"{path}.{key}={json.dumps(value)}" for path in paths]
                done = house.run_cli("overlay", "set", "--method", method, "--as", owner.email, *edits)
                count += len(edits)
                taken += len(edits) * (done.returncode == 0)
                unnamed += [f"{method} {path}.{key}" for path in paths if f"{path}." not in done.stderr]
        drafts = sum(overlays.get_draft(scope, method) is not None for method in methods)
        what = f"{database}: {count} attempts to loosen a red flag"
        yield Figure("S4", f"{what}: taken, or a draft of it left", taken + drafts, 0, "changes")
        yield Figure(
            "S4", f"{what}: refused without a reason that names it", len(unnamed), 0, "changes", str(unnamed[:5])
        )
        silent = sum("now" not in level for level in _tell(house, owner, methods))
        yield Figure("S4", f"{database}: signs for now that raised no flag after it", silent, 0, "signs")


def list_red(method: str) -> list[str]:
    """The rules of its red flags."""
    return [rule_id for rule_id, flag in latest_protocol(method).red_flags.items() if flag.urgency in RED]


def _tell(house: House, owner: Practitioner, methods: Sequence[str]) -> Iterator[str]:
    """A client of each method reports that she is very ill; what the server says to it."""
    treated_at = SystemClock().now() - timedelta(days=3)
    clients = [client for method in methods for client in seed_plans(owner, 1, treated_at=treated_at, method=method)]
    web = house.start_web()
    for client in clients:
        _, answer = call(web.port, "POST", "/api/v1/check-ins", Entry(client, uuid4(), red=True).body(), client.token)
        yield str(answer.get("level"))
