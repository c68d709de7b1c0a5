"""A client's photo, opened for this request alone and kept nowhere on the way."""

from uuid import UUID

from flask import Blueprint, Response, request

from backend.errors import InputFault, InvalidInput
from backend.services import photos
from backend.web import auth, context

views = Blueprint("photos", __name__, url_prefix="/photos")
SIZES: tuple[photos.Size, ...] = ("thumb", "full")


@views.get("/<uuid:photo_id>")
@auth.staff
def show_photo(photo_id: UUID) -> Response:
    """`?client=` names whose it is: photo ids are made on phones. `?size=thumb` or `full`."""
    asked = request.args.get("size", "full")
    size = next((size for size in SIZES if size == asked), None)
    if size is None:
        raise InvalidInput((InputFault("/query/size", f"one of {', '.join(SIZES)}"),))
    data, media_type = photos.get_photo(
        auth.staff_scope(), photo_id, size, ports=context.ports(), client_id=_client_id()
    )
    return Response(data, content_type=media_type, headers={"Cache-Control": "no-store"})


def _client_id() -> UUID:
    try:
        return UUID(request.args.get("client", ""))
    except ValueError:
        raise InvalidInput((InputFault("/query/client", "the client's id"),)) from None
