"""Mail with neutral words, over SMTP; in development it goes to the log."""

import logging
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from backend.errors import MailError, SettingsError
from backend.ports import Mailer

TIMEOUT_S = 15.0
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
log = logging.getLogger("fallow.mail")


class LogMailer:
    """Writes the subject to the log, no address and no body: a body may hold a link. The default in development."""

    def send(self, to: str, subject: str, body: str) -> None:
        del to, body
        log.info("mail, not sent (development): %s", subject)


class SmtpMailer:
    """Hands each mail to one server, a connection per mail. A password goes only over TLS or to this machine.

    Raises MailError with the type of the fault, never with an address.
    """

    def __init__(
        self, url: str, sender: str, *, timeout_s: float = TIMEOUT_S, tls: ssl.SSLContext | None = None
    ) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._loopback = self._host in LOOPBACK
        self._implicit_tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._implicit_tls else 587)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._sender = sender
        self._timeout_s = timeout_s
        self._tls = tls or ssl.create_default_context()

    def send(self, to: str, subject: str, body: str) -> None:
        try:
            message = EmailMessage()
            message["From"], message["To"], message["Subject"] = self._sender, to, subject
            message.set_content(body)
            with self._connect() as server:
                self._secure(server)
                if self._user:
                    server.login(self._user, self._password)
                server.send_message(message)
        except (OSError, smtplib.SMTPException, ValueError, IndexError) as fault:
            raise MailError(type(fault).__name__) from None

    def _connect(self) -> smtplib.SMTP:
        if self._implicit_tls:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout_s, context=self._tls)
        return smtplib.SMTP(self._host, self._port, timeout=self._timeout_s)

    def _secure(self, server: smtplib.SMTP) -> None:
        if self._implicit_tls:
            return
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=self._tls)
            server.ehlo()
        elif self._user and not self._loopback:
            raise smtplib.SMTPNotSupportedError("no STARTTLS; a password is not sent in the clear")


def mailer_from(url: str | None, sender: str) -> Mailer:
    """Give the mailer that FALLOW_MAIL_URL asks for: `smtp://[user:password@]host[:port]`, `smtps://...`, or the log.

    Raises SettingsError, without the password, for any other URL.
    """
    if not url:
        return LogMailer()
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and (parts.port or 1) > 0
        sound = sound and parts.path in ("", "/") and not parts.query and not parts.fragment
    except ValueError:
        sound = False
    if not sound:
        raise SettingsError(("FALLOW_MAIL_URL must be smtp://[user:password@]host[:port] or smtps://...",))
    return SmtpMailer(url, sender)
