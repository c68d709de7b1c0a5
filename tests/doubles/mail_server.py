"""A double of an SMTP server on loopback: takes mails, asks for a password if it is given one, refuses by script."""

import base64
import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Self


class MailServerDouble:
    """`mails` holds what was handed over; `refuse` is the answer to RCPT where set; `silent` never greets."""

    def __init__(self, *, user: str = "", password: str = "", refuse: str = "", silent: bool = False) -> None:
        self.mails: list[EmailMessage] = []
        self.refuse = refuse
        self.silent = silent
        self.credentials = base64.b64encode(f"\0{user}\0{password}".encode()).decode() if user else ""
        self._closing = threading.Event()
        double = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                double.talk(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def port(self) -> int:
        port: int = self._server.server_address[1]
        return port

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()

    def talk(self, session: socketserver.StreamRequestHandler) -> None:
        if self.silent:
            self._closing.wait(10)
            return
        signed_in = not self.credentials
        self._say(session, "220 double")
        while line := session.rfile.readline().decode().strip():
            word = line.split(" ")[0].upper()
            if word == "EHLO":
                self._say(session, "250-double" + ("\r\n250 AUTH PLAIN" if self.credentials else "\r\n250 SIZE"))
            elif word == "AUTH":
                signed_in = line.split(" ")[-1] == self.credentials
                self._say(session, "235 yes" if signed_in else "535 no")
            elif word == "MAIL" and not signed_in:
                self._say(session, "530 sign in first")
            elif word == "RCPT" and self.refuse:
                self._say(session, self.refuse)
            elif word == "DATA":
                self._say(session, "354 go on")
                self._take(session)
                self._say(session, "250 taken")
            elif word == "QUIT":
                self._say(session, "221 bye")
                return
            else:
                self._say(session, "250 ok")

    def _take(self, session: socketserver.StreamRequestHandler) -> None:
        lines = []
        while (line := session.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))

    def _say(self, session: socketserver.StreamRequestHandler, text: str) -> None:
        session.wfile.write(text.encode() + b"\r\n")
