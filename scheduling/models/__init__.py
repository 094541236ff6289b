"""The schedule: what can be booked, when it is open, what is booked, and every change of state (SCHEDULING.md)."""

from scheduling.models.access import AccessDay
from scheduling.models.check_in import CheckIn, CheckInItem
from scheduling.models.displaced import Displacement
from scheduling.models.kinds import (
    AppointmentType,
    ProviderTypeRule,
    ProviderTypeSite,
    TypeNeed,
    WaitReason,
)
from scheduling.models.supply import (
    AvailabilityBlock,
    Resource,
    ScheduleException,
    ScheduleTemplate,
    TemplateBlock,
    TemplateBlockType,
)
from scheduling.models.visit import Appointment, ResourceBooking, StatusEvent

__all__ = [
    "AccessDay",
    "Appointment",
    "AppointmentType",
    "AvailabilityBlock",
    "CheckIn",
    "CheckInItem",
    "Displacement",
    "ProviderTypeRule",
    "ProviderTypeSite",
    "Resource",
    "ResourceBooking",
    "ScheduleException",
    "ScheduleTemplate",
    "StatusEvent",
    "TemplateBlock",
    "TemplateBlockType",
    "TypeNeed",
    "WaitReason",
]
