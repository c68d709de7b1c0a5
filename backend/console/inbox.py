"""Review: who needs the practitioner first. The list never jumps: what is new is counted above it."""

from uuid import UUID

from flask import Blueprint, Response, jsonify, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.console import methods, pages
from backend.services import inbox
from backend.services.inbox import InboxItem, OpenCheckIn, OpenWarning, PlanHead
from backend.services.sign_tables import SignLine
from backend.web import auth, context

views = Blueprint("inbox", __name__)


@views.get("")
@auth.staff
def show_inbox() -> Response:
    """The list; on a wide screen the first one is open beside it."""
    frame = pages.frame()
    first = _listed(frame)[:1]
    opened: OpenCheckIn | OpenWarning | None = None
    if first and first[0].kind == "check_in":
        opened = inbox.get_open_check_in(auth.staff_scope(), first[0].head.client_id, first[0].id)
    elif first and first[0].kind == "flag":
        opened = inbox.get_open_warning(auth.staff_scope(), first[0].id, now=context.now())
    return show_open(opened, frame=frame, chosen=False)


@views.get("/")
@auth.staff
def leave_slash() -> AnyResponse:
    return redirect(url_for("console.inbox.show_inbox"), code=308)


@views.get("/waiting")
@auth.staff
def list_waiting() -> Response:
    """What waits, by id, for the page that is open: it asks again every 15 seconds."""
    box = inbox.list_inbox(auth.staff_scope(), now=context.now())
    counts = {group: len(box.of_group(group)) for group in inbox.GROUPS}
    return jsonify({**counts, "ids": [str(item.id) for item in box.items]})


def show_open(
    opened: OpenCheckIn | OpenWarning | None,
    *,
    frame: pages.Frame | None = None,
    chosen: bool = True,
    problem: pages.Problem | None = None,
) -> Response:
    """The list with one item open. `chosen`: the person asked for it, so that a phone shows it instead of the list."""
    frame = frame or pages.frame()
    kind = {OpenCheckIn: "check_in", OpenWarning: "flag", type(None): "none"}[type(opened)]
    return pages.show(
        "inbox.html",
        around=frame,
        problem=problem,
        items=_listed(frame),
        all_items=frame.box.items,
        method=methods.asked_method(),
        methods=dict(_method_of(item) for item in frame.box.items if isinstance(item.head, PlanHead)),
        address_of=address_of,
        opened=opened,
        opened_kind=kind,
        lines=_lines(opened),
        opened_id=_id(opened),
        chosen=chosen,
    )


def address_of(item: InboxItem) -> str:
    """Where a row leads."""
    if item.kind == "check_in":
        return url_for("console.check_ins.show_check_in", client_id=item.head.client_id, check_in_id=item.id)
    if item.kind == "flag":
        return url_for("console.flags.show_warning", flag_id=item.id)
    anchor = "messages" if item.kind == "message" else None
    return url_for("console.clients.show_client", client_id=item.head.client_id, _anchor=anchor)


def _listed(frame: pages.Frame) -> tuple[InboxItem, ...]:
    method = methods.asked_method()
    return tuple(item for item in frame.box.items if method in ("", _method_of(item)[0]))


def _method_of(item: InboxItem) -> tuple[str, str]:
    """Id and name; both empty for a client without a plan."""
    method = item.head.protocol.method if isinstance(item.head, PlanHead) else None
    return (method.id, method.name) if method else ("", "")


def _lines(opened: OpenCheckIn | OpenWarning | None) -> list[SignLine]:
    """What was answered today, what stands out first."""
    if not isinstance(opened, OpenCheckIn):
        return []
    answered = [line for line in opened.table.lines if line.cells[-1].value is not None]
    return sorted(answered, key=lambda line: not line.cells[-1].marked)


def _id(opened: OpenCheckIn | OpenWarning | None) -> UUID | None:
    if isinstance(opened, OpenCheckIn):
        return opened.result.id
    return opened.flags[0].id if opened is not None else None
