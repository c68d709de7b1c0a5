"""The API's document for machines, and a plain page of it for people, without a foreign host."""

import orjson
from flask import Blueprint, Flask, Response
from flask_smorest import Api
from markupsafe import escape

from backend.web.auth import public
from mobile_api.api import PREFIX

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Fallow API</title></head><body><main><h1>Fallow API</h1>
<p>The whole contract: <a href="{prefix}/openapi.json">openapi.json</a>. Errors are application/problem+json.</p>
{sections}</main></body></html>"""


def init_app(app: Flask, api: Api) -> None:
    """Serve both; they are made once, when the last view is known."""
    pages = Blueprint("docs", __name__, url_prefix=PREFIX)
    made: dict[str, bytes] = {}

    @pages.get("/openapi.json")
    @public
    def openapi() -> Response:
        if "document" not in made:
            made["document"] = orjson.dumps(api.spec.to_dict())
        return Response(made["document"], content_type="application/json")

    @pages.get("/docs")
    @public
    def docs() -> Response:
        return Response(_build_page(api), content_type="text/html; charset=utf-8")

    app.register_blueprint(pages)


def _build_page(api: Api) -> str:
    sections = []
    for path, operations in api.spec.to_dict()["paths"].items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            answers = ", ".join(sorted(str(status) for status in operation.get("responses", {})))
            title = escape(f"{method.upper()} {path}")
            summary = escape(" ".join((operation.get("summary", ""), operation.get("description", ""))).strip())
            sections.append(f"<section><h2>{title}</h2><p>{summary}</p><p>Answers: {escape(answers)}</p></section>")
    return PAGE.format(prefix=PREFIX, sections="\n".join(sections))
