"""From claims to tries: builds the messages, asks the pushers and the mail server at once, gathers by reminder.

One dispatcher a lane: the red lane's mails and look-ups never wait for a thread that the rest holds. What they share is
the pushers, which keep places apart for red messages, and what is known of the channels.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from backend.arrivals import Arrivals
from backend.errors import MailError
from backend.languages import Language
from backend.models.reminders import RED_LANE, REST_LANE
from backend.ports import Channel, Mailer, Pusher, PushMessage, PushResult
from backend.services import delivery
from backend.services.delivery_results import Address, Claim, Try
from backend.services.push_texts import (
    ALSO_BY_MAIL,
    SENDER,
    URGENT,
    build_mail_body,
    build_stopped_mail,
    get_text,
)
from backend.workers.channels import CHANNEL_OF, Channels

TTL_LIMIT_S = 28 * 24 * 3600  # FCM's


@dataclass(slots=True)
class Flight:
    """One reminder in the air: what has come back, and how many answers are still out. `held`: at least one address
    was not tried; `held_s`: real seconds until it may be."""

    claim: Claim
    tries: list[Try] = field(default_factory=list)
    out: int = 0
    held: bool = False
    held_s: float = 0.0

    def hold(self, seconds: float = 0.0) -> None:
        self.held_s = max(self.held_s, seconds)
        self.held = True


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail that goes beside a push."""

    flight: Flight
    to: str
    subject: str
    body: str


class Dispatcher:
    """Bound to the sender's loop. `mail_threads` carry SMTP, `look_ups` reads of the database: both block."""

    def __init__(
        self,
        pushers: Sequence[Pusher],
        mailer: Mailer,
        mail_threads: Executor,
        *,
        public_url: str,
        rate: float,
        lane: int = REST_LANE,
        channels: Channels | None = None,
        look_ups: Executor | None = None,
    ) -> None:
        self.channels = channels or Channels()
        self._pushers = pushers
        self._mailer = mailer
        self._mail_threads = mail_threads
        self._look_ups = look_ups or mail_threads
        self._public_url = public_url.rstrip("/")
        self._rate = rate
        self._red = lane == RED_LANE
        self._background: set[asyncio.Future[None]] = set()

    async def send(self, claims: Sequence[Claim], now: datetime) -> AsyncIterator[Flight]:
        """Send a batch; gives each reminder when the last of its answers is in. Never raises for one of them."""
        flights = [Flight(claim) for claim in claims]
        batches = self._build_batches(flights, now)
        answers: Arrivals[tuple[Flight, Try]] = Arrivals()
        tasks = [asyncio.create_task(self._push(*batch, answers)) for batch in batches if batch[1]]
        mails = await self._build_mails(flights)
        tasks += [asyncio.create_task(self._mail(mail, answers)) for mail in mails]
        for flight in flights:
            if not flight.out:
                self._alarm_if_held(flight)
                yield flight
        expected = sum(flight.out for flight in flights)
        while expected:
            came = await answers.take()
            expected -= len(came)
            for flight, tried in came:
                self._take_in(flight, tried)
                flight.out -= 1
                if not flight.out:
                    self._alarm_if_held(flight)
                    yield flight
        await asyncio.gather(*tasks)

    async def close(self) -> None:
        """Let alarms go out, then end the pushers' connections; what another lane's dispatcher closed stays closed."""
        await asyncio.gather(*self._background, return_exceptions=True)
        for pusher in self._pushers:
            await pusher.close()

    def _build_batches(
        self, flights: Iterable[Flight], now: datetime
    ) -> list[tuple[Pusher | None, list[tuple[PushMessage, Flight, Address]]]]:
        """One batch a pusher; None takes addresses of a kind that no pusher serves."""
        by_pusher: dict[int, list[tuple[PushMessage, Flight, Address]]] = {}
        serving = {kind: number for number, pusher in enumerate(self._pushers) for kind in pusher.kinds}
        at, ref = asyncio.get_running_loop().time(), 0
        for flight in flights:
            for address in flight.claim.addresses:
                wait_s = 0.0 if self._red else self.channels.wait_s(address.target, at)
                if wait_s:
                    flight.hold(wait_s)
                    continue
                ref += 1
                message = build_message(flight.claim, address, ref, now, self._rate, red=self._red)
                by_pusher.setdefault(serving.get(address.target.kind, -1), []).append((message, flight, address))
                flight.out += 1
        return [(self._pushers[number] if number >= 0 else None, batch) for number, batch in by_pusher.items()]

    async def _push(
        self,
        pusher: Pusher | None,
        batch: list[tuple[PushMessage, Flight, Address]],
        answers: Arrivals[tuple[Flight, Try]],
    ) -> None:
        waiting = {message.ref: (flight, address) for message, flight, address in batch}
        left = PushResult("misconfigured", detail="no pusher for this kind of address")
        if pusher is not None:
            left = PushResult("retry_later", detail="no answer from the pusher")
            try:
                async for ref, result in pusher.send([message for message, _, _ in batch]):
                    flight, address = waiting.pop(ref)
                    answers.add((flight, Try(CHANNEL_OF[address.target.kind], result, address)))
            except Exception as fault:  # against its contract; the others of the batch must not wait for ever
                left = PushResult("retry_later", detail=type(fault).__name__)
        for flight, address in waiting.values():
            answers.add((flight, Try(CHANNEL_OF[address.target.kind], left, address)))

    async def _build_mails(self, flights: Iterable[Flight]) -> list[Mail]:
        """The second channel: practitioners' urgent kinds (PROMISES S2), and what silent clients get (DESIGN 7)."""
        wanted = [each for each in flights if each.claim.kind in ALSO_BY_MAIL or each.claim.by_mail]
        loop = asyncio.get_running_loop()
        mails = []
        for clinic_id in {flight.claim.clinic_id for flight in wanted}:
            here = [flight for flight in wanted if flight.claim.clinic_id == clinic_id]
            ids = [flight.claim.recipient_id for flight in here]
            try:
                known: Mapping[UUID, tuple[str, Language]] = await loop.run_in_executor(
                    self._look_ups, delivery.list_mail_addresses, clinic_id, ids
                )
            except Exception:
                for flight in here:
                    flight.hold()  # the mail is still owed
                continue
            for flight in here:
                if flight.claim.recipient_id in known:
                    mails.append(self._build_mail(flight, *known[flight.claim.recipient_id]))
                    flight.out += 1
        return mails

    def _build_mail(self, flight: Flight, to: str, language: Language) -> Mail:
        words = get_text(flight.claim.recipient_kind, flight.claim.kind, language).words
        place = "/" if flight.claim.recipient_kind == "client" else "/console/"
        return Mail(flight, to, words, build_mail_body(words, self._public_url + place, language))

    async def _mail(self, mail: Mail, answers: Arrivals[tuple[Flight, Try]]) -> None:
        result = PushResult("accepted", detail="handed over")
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._mail_threads, self._mailer.send, mail.to, mail.subject, mail.body)
        except MailError as fault:
            result = PushResult("retry_later", detail=fault.detail)
        except Exception as fault:
            result = PushResult("retry_later", detail=type(fault).__name__)
        answers.add((mail.flight, Try("mail", result)))

    def _take_in(self, flight: Flight, tried: Try) -> None:
        if not tried.result.tried:
            flight.hold(tried.result.retry_after_s or 0.0)
            return
        flight.tries.append(tried)
        if tried.address is None:
            return
        self.channels.note(tried.address.target, tried.result, asyncio.get_running_loop().time())
        if tried.result.outcome == "misconfigured":
            flight.hold()

    def _alarm_if_held(self, flight: Flight) -> None:
        """Tell the owners of a clinic once a process and channel that its reminders wait."""
        if not flight.held:
            return
        for channel in {CHANNEL_OF[address.target.kind] for address in flight.claim.addresses}:
            if self.channels.may_tell(flight.claim.clinic_id, channel):
                loop = asyncio.get_running_loop()
                told = loop.run_in_executor(self._mail_threads, self._tell_owners, flight.claim.clinic_id, channel)
                self._background.add(told)
                told.add_done_callback(self._background.discard)

    def _tell_owners(self, clinic_id: UUID, channel: Channel) -> None:
        subject, body = build_stopped_mail(channel)
        for to in delivery.list_owner_mails(clinic_id):
            try:
                self._mailer.send(to, subject, body)
            except MailError:
                continue  # the log and /readyz say it as well


def build_message(
    claim: Claim, address: Address, ref: int, now: datetime, rate: float, *, red: bool = False
) -> PushMessage:
    """Build what one address gets: neutral words, an opaque id, how long it is worth showing in real seconds."""
    text = get_text(claim.recipient_kind, claim.kind, address.language)
    left_s = (claim.expires_at - now).total_seconds() / max(rate, 1.0)
    return PushMessage(
        ref=ref,
        reminder_id=claim.id,
        text_number=text.number,
        title=SENDER,
        body=text.words,
        path=f"/o/{claim.id}" if claim.recipient_kind == "client" else "/console/",
        collapse_id=claim.collapse_id,
        ttl_s=max(1, min(int(left_s), TTL_LIMIT_S)),
        urgent=claim.kind in URGENT,
        target=address.target,
        red=red,
        badge=claim.badge,
    )
