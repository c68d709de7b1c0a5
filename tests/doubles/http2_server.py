"""A double that speaks HTTP/2 alone, over TLS: says on which connection and as which stream each request came."""

import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived, StreamEnded


@dataclass(frozen=True, slots=True)
class SeenStream:
    """`connection` counts from 1."""

    connection: int
    stream: int
    path: str


class Http2Double:
    """Answers every POST with 200 as soon as its body has come; a client that offers no `h2` is turned away."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        tls.set_alpn_protocols(["h2"])
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._open: list[ssl.SSLSocket] = []
        self.seen: list[SeenStream] = []
        self.refused = 0

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self._open:
            each.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, target: object, *given: object) -> None:
        self._threads.append(threading.Thread(target=target, args=given, daemon=True))  # type: ignore[arg-type]
        self._threads[-1].start()

    def _accept(self) -> None:
        while True:
            try:
                raw, _ = self._listener.accept()
            except OSError:
                return
            talking = self._tls.wrap_socket(raw, server_side=True)
            if talking.selected_alpn_protocol() != "h2":
                self.refused += 1
                talking.close()
                continue
            self._open.append(talking)
            self._start(self._talk, talking, len(self._open))

    def _talk(self, talking: ssl.SSLSocket, number: int) -> None:
        with suppress(OSError):  # either end may close at any moment
            self._answer_all(talking, number)

    def _answer_all(self, talking: ssl.SSLSocket, number: int) -> None:
        http = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        http.initiate_connection()
        talking.sendall(http.data_to_send())
        while received := talking.recv(65536):
            for event in http.receive_data(received):
                if isinstance(event, RequestReceived):
                    path = dict(event.headers)[":path"]
                    self.seen.append(SeenStream(number, event.stream_id, str(path)))
                elif isinstance(event, StreamEnded):
                    http.send_headers(event.stream_id, [(":status", "200")], end_stream=True)
            talking.sendall(http.data_to_send())
