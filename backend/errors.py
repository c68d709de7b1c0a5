"""CONTRACT. One family of errors. The docstring is the title a person reads; data are attributes; `web/problems.py`
gives statuses."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InputFault:
    """One fault in what was sent: JSON pointer and what is wrong, in plain words."""

    pointer: str
    problem: str


class FallowError(Exception):
    """Something went wrong."""

    def __init__(self, detail: str = "", **data: object) -> None:
        super().__init__(detail or (self.__doc__ or ""))
        self.detail = detail
        self.data = data

    @property
    def title(self) -> str:
        return (type(self).__doc__ or "").strip().rstrip(".")


class InvalidInput(FallowError):
    """What was sent has faults."""

    def __init__(self, faults: tuple[InputFault, ...], detail: str = "") -> None:
        super().__init__(detail)
        self.faults = faults


class NotSignedIn(FallowError):
    """Please sign in again."""


class NotAllowed(FallowError):
    """This is not yours to do."""


class OwnerNeeded(NotAllowed):
    """This needs the clinic's owner."""


class ConsentNeeded(NotAllowed):
    """This needs your consent first."""


class NotFound(FallowError):
    """There is nothing here."""


class Conflict(FallowError):
    """This does not fit what is there already."""


class ProtocolNotSigned(Conflict):
    """The clinic has not signed this plan yet."""


class WrongOrder(Conflict):
    """These steps have an order; another one needs a reason."""


class Contradicted(Conflict):
    """Steps of this plan contradict each other, or those of another area."""

    def __init__(self, contradictions: tuple[object, ...]) -> None:
        super().__init__("look at what contradicts, then start all the same")
        self.contradictions = contradictions


class InviteSpent(FallowError):
    """This link has been used or has expired."""


class TooLarge(FallowError):
    """This is too large."""


class UnsupportedMedia(FallowError):
    """This kind of file cannot be read."""


class TooMany(FallowError):
    """Too many tries; wait a little."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class Busy(FallowError):
    """This takes too long just now; please try again in a moment."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class SettingsError(FallowError):
    """The settings have faults."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class MailError(FallowError):
    """The mail could not be handed over."""


class LeaseLost(FallowError):
    """Another worker took this row over."""
