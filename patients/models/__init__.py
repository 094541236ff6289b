"""People treated here: who they are, what covers them, what they complained about, who opened their records in need."""

from patients.models.break_glass import BreakGlass, BreakGlassClosing, BreakGlassReview
from patients.models.complaint import Complaint, ComplaintEvent
from patients.models.patient import Coverage, Patient

__all__ = [
    "BreakGlass",
    "BreakGlassClosing",
    "BreakGlassReview",
    "Complaint",
    "ComplaintEvent",
    "Coverage",
    "Patient",
]
