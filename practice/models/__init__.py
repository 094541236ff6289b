"""The tenant, its people, places, payers and the plumbing every app stands on."""

from practice.models.attachment import Attachment
from practice.models.audit import AuditAccess, AuditAccessPatient, AuditChange, AuditGlobal
from practice.models.custody import DestroyedPractice, DestroyRequest, PracticeExport
from practice.models.display import WallDisplay
from practice.models.draft import Draft
from practice.models.idempotency import IdempotencyKey
from practice.models.job import JobRun
from practice.models.keyring import KeyWord
from practice.models.lists import BulkItem, BulkRun, SavedListView
from practice.models.notice import Notice, NoticeChoice
from practice.models.payer import BillingEntity, Payer
from practice.models.people import (
    Membership,
    MembershipLocation,
    MembershipRole,
    Role,
    RolePermission,
    User,
)
from practice.models.place import Location, Room
from practice.models.seal import (
    GLOBAL_CHAIN,
    AuditEpoch,
    AuditRetirement,
    AuditSeal,
    AuditSealPart,
    AuditShape,
    AuditVerification,
)
from practice.models.tenant import Parameter, Practice, PracticeProfile, SequenceCounter
from practice.models.ways_in import (
    ApiToken,
    Invitation,
    InvitationLocation,
    InvitationRole,
    LastUse,
    TokenLookup,
)
from practice.models.work import RecordRef, WorkItem

__all__ = [
    "GLOBAL_CHAIN",
    "ApiToken",
    "Attachment",
    "AuditAccess",
    "AuditAccessPatient",
    "AuditChange",
    "AuditEpoch",
    "AuditGlobal",
    "AuditRetirement",
    "AuditSeal",
    "AuditSealPart",
    "AuditShape",
    "AuditVerification",
    "BillingEntity",
    "BulkItem",
    "BulkRun",
    "DestroyRequest",
    "DestroyedPractice",
    "Draft",
    "IdempotencyKey",
    "Invitation",
    "InvitationLocation",
    "InvitationRole",
    "JobRun",
    "KeyWord",
    "LastUse",
    "Location",
    "Membership",
    "MembershipLocation",
    "MembershipRole",
    "Notice",
    "NoticeChoice",
    "Parameter",
    "Payer",
    "Practice",
    "PracticeExport",
    "PracticeProfile",
    "RecordRef",
    "Role",
    "RolePermission",
    "Room",
    "SavedListView",
    "SequenceCounter",
    "TokenLookup",
    "User",
    "WallDisplay",
    "WorkItem",
]
