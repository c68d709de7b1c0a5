"""Photos: bytes up, re-encoded bytes down, never kept by anybody between."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, request

from backend.services import photos
from backend.services.photos import PhotoDraft
from backend.web import auth, context
from mobile_api.api import Blueprint, answer
from mobile_api.schemas.photos import PhotoQuerySchema, PhotoStoredSchema, SizeSchema

views = Blueprint("photos", __name__, description="Photos")

MEDIA_TYPES = ("image/jpeg", "image/webp", "image/png")
MOST_BYTES = 15 * 1024 * 1024
BODY = {"required": True, "content": {name: {"schema": {}} for name in MEDIA_TYPES}}


@views.route("/photos/<uuid:photo_id>", methods=["PUT"])
@auth.client
@auth.accepts(*MEDIA_TYPES, most_bytes=MOST_BYTES)
@views.arguments(PhotoQuerySchema, location="query")
@views.doc(requestBody=BODY)
@views.response(201, PhotoStoredSchema)
@views.alt_response(200, schema=PhotoStoredSchema, description="The same again", success=True)
def put_photo(query: dict[str, Any], photo_id: UUID) -> Response:
    """Keep a photo, sealed; its hidden data is dropped. The same bytes again are answered the same."""
    taken_at: datetime = query["taken_at"]
    draft = PhotoDraft(
        id=photo_id,
        care_plan_id=query["care_plan_id"],
        occurrence=query.get("occurrence"),
        view=query.get("view"),
        taken_at=taken_at,
        age=query.get("age"),
        message_id=query.get("message"),
    )
    stored = photos.store_photo(
        auth.client_scope(), draft, request.get_data(cache=False), ports=context.ports(), now=context.now()
    )
    document = {
        "id": str(stored.id),
        "view": stored.view,
        "taken_on": stored.taken_on.isoformat(),
        "width": stored.width,
        "height": stored.height,
        "bytes": stored.size_bytes,
    }
    return answer(document, 200 if stored.repeated else 201)


@views.route("/photos/<uuid:photo_id>")
@auth.client
@views.arguments(SizeSchema, location="query")
@views.response(200, {"type": "string", "format": "binary"}, content_type="image/webp")
def get_photo(query: dict[str, Any], photo_id: UUID) -> Response:
    """One of the client's own photos."""
    data, media_type = photos.get_photo(auth.client_scope(), photo_id, query["size"], ports=context.ports())
    return Response(data, content_type=media_type)
