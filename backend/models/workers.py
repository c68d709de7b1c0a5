"""CONTRACT. Signs of life of the workers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class WorkerHeartbeat(Base):
    """One row a worker process; times are real (database) time. One that beats without progress counts as dead (S3).

    `lag_s`, `red_lag_s`: age in real seconds of the oldest due reminder not yet sent, of all and of the red lane, as
    this worker saw it at its last beat. `ledger_faults`: rows that broke the conservation law at its last sweep.
    `channels_down`: push channels whose provider does not take messages, `name:seconds` since when, comma-separated.
    `alarms`: red flags whose ladder has come to its end with nobody having seen them.
    """

    __tablename__ = "worker_heartbeat"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    host: Mapped[str]
    pid: Mapped[int]
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]
    progress_at: Mapped[datetime]
    sent: Mapped[int] = mapped_column(BigInteger, default=0)
    in_flight_bound: Mapped[int]
    stopped_channels: Mapped[str] = mapped_column(default="")
    lag_s: Mapped[int] = mapped_column(default=0)
    red_lag_s: Mapped[int] = mapped_column(default=0)
    ledger_faults: Mapped[int] = mapped_column(default=0)
    alarms: Mapped[int] = mapped_column(default=0)
    channels_down: Mapped[str] = mapped_column(default="")
