"""A whole practice in fast time (INTERFACE, `cli simulate`): through the real services, or pure, without a database."""

from backend.simulate.practices import simulate_practice
from backend.simulate.progress import build_bar
from backend.simulate.pure import simulate_pure
from backend.simulate.report import Report, show_report, write_report

__all__ = ["Report", "build_bar", "show_report", "simulate_practice", "simulate_pure", "write_report"]
