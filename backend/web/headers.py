"""The headers of every answer: what a browser may do with our pages, and what nobody may keep."""

from flask import Flask, Response, request

from backend.web import context

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# what Firebase's web SDK asks; opened for the phone app alone, and only where FALLOW_FCM_WEB_CONFIG is set
FIREBASE_HOSTS = "https://firebaseinstallations.googleapis.com https://fcmregistrations.googleapis.com"
CSP_WITH_FIREBASE = CSP.replace("connect-src 'self'", f"connect-src 'self' {FIREBASE_HOSTS}")
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NO_CAMERA = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
CAMERA = NO_CAMERA.replace("camera=()", "camera=(self)")
HSTS = "max-age=63072000; includeSubDomains"


def init_app(app: Flask) -> None:
    app.after_request(_add)


def allow_camera(response: Response) -> Response:
    """For the phone app's page alone: it may ask for the camera."""
    response.headers["Permissions-Policy"] = CAMERA
    return response


def _add(response: Response) -> Response:
    for name, value in ALWAYS.items():
        response.headers[name] = value
    response.headers.setdefault("Permissions-Policy", NO_CAMERA)
    with_firebase = context.push().firebase is not None and request.path.split("/")[1] != "console"
    response.headers["Content-Security-Policy"] = CSP_WITH_FIREBASE if with_firebase else CSP
    response.headers["X-Request-ID"] = context.request_id()
    if context.settings().production:
        response.headers["Strict-Transport-Security"] = HSTS
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response
