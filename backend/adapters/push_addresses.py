"""Which Web Push subscriptions may be kept and called: an endpoint is an address a phone makes us call (SSRF)."""

from urllib.parse import urlsplit

from backend.adapters.webpush_encryption import read_auth, read_point

HOSTS = frozenset({"fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com"})
HOST_ENDINGS = (".push.services.mozilla.com", ".push.apple.com", ".notify.windows.com")
LOOPBACK = frozenset({"127.0.0.1", "localhost"})
LENGTH_LIMIT = 2048


def check_endpoint(endpoint: str, *, allow_loopback: bool) -> tuple[str, ...]:
    """Name every fault of an endpoint; none means that it may be called.

    https on port 443 at a push service of Google, Mozilla, Apple or Microsoft, without user info. `allow_loopback` is
    the test hook FALLOW_PUSH_ALLOW_LOOPBACK and adds this machine, http and any port.
    """
    if len(endpoint) > LENGTH_LIMIT:
        return (f"endpoint: longer than {LENGTH_LIMIT} characters",)
    if not endpoint.isascii() or not endpoint.isprintable() or any(mark in endpoint for mark in " \\"):
        return ("endpoint: not a web address",)
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ("endpoint: not a web address",)
    faults = []
    if "@" in parts.netloc:
        faults.append("endpoint: must not carry a user name")
    if parts.fragment:
        faults.append("endpoint: must not carry a fragment")
    if allow_loopback and host in LOOPBACK and parts.scheme in ("http", "https"):
        return tuple(faults)
    if parts.scheme != "https":
        faults.append("endpoint: must be https")
    if port not in (None, 443):
        faults.append("endpoint: must use port 443")
    if host not in HOSTS and not host.endswith(HOST_ENDINGS):
        faults.append("endpoint: not a known push service")
    return tuple(faults)


def check_subscription(endpoint: str, p256dh: str, auth: str, *, allow_loopback: bool) -> tuple[str, ...]:
    """Name every fault of a subscription, each starting with the field's name; none means that it can be sent to.

    Broken keys would show only at send time (FIELD_NOTES section 10), so they are refused at registration.
    """
    faults = list(check_endpoint(endpoint, allow_loopback=allow_loopback))
    try:
        read_point(p256dh)
    except ValueError:
        faults.append("p256dh: must be a point of the P-256 curve, 65 bytes in base64url")
    try:
        read_auth(auth)
    except ValueError:
        faults.append("auth: must be 16 bytes in base64url")
    return tuple(faults)
