"""The tenant, its people, places, payers and the plumbing every app stands on."""

from practice.models.announcement import (
    Announcement,
    AnnouncementLocation,
    AnnouncementReceipt,
    AnnouncementRole,
    AnnouncementVersion,
)
from practice.models.approval import (
    ApprovalEvent,
    ApprovalLimit,
    ApprovalRequest,
    Delegation,
    DelegationKind,
)
from practice.models.attachment import Attachment
from practice.models.audit import AuditAccess, AuditAccessPatient, AuditChange, AuditGlobal
from practice.models.brief import Brief, BriefEntry, BriefMail, BriefMark, BriefReader
from practice.models.calendar import Holiday
from practice.models.checklist import (
    ChecklistAnswer,
    ChecklistRun,
    ChecklistStep,
    ChecklistTemplate,
    ChecklistVersion,
)
from practice.models.correspondence import Correspondence
from practice.models.custody import DestroyedPractice, DestroyRequest, PracticeExport
from practice.models.display import WallDisplay
from practice.models.draft import Draft
from practice.models.form import (
    FormAnswer,
    FormChoice,
    FormField,
    FormSection,
    FormSubmission,
    FormVersion,
    PublicForm,
    PublicLink,
    PublicLinkEvent,
    PublicRate,
    QuarantinedFile,
)
from practice.models.idempotency import IdempotencyKey
from practice.models.imports import (
    ImportedRecord,
    ImportFile,
    ImportRefusal,
    ImportRun,
    SheetColumn,
    SheetMapping,
    SheetValue,
)
from practice.models.job import JobRun
from practice.models.keyring import KeyWord
from practice.models.letter import (
    Language,
    Letter,
    LetterBatch,
    Letterhead,
    LetterLink,
    LetterStep,
    LetterTemplate,
    LetterVersion,
)
from practice.models.lists import BulkItem, BulkRun, SavedListView
from practice.models.note import Note, NoteMention, NotePin
from practice.models.notice import Notice, NoticeChoice
from practice.models.number import NumberSeries
from practice.models.payer import BillingEntity, Payer, Vendor
from practice.models.people import (
    Membership,
    MembershipLocation,
    MembershipRole,
    Role,
    RolePermission,
    User,
)
from practice.models.phone import CallAttempt, PhoneMessage
from practice.models.place import Location, Room
from practice.models.rule import RuleCheck, RuleValue
from practice.models.seal import (
    GLOBAL_CHAIN,
    AuditEpoch,
    AuditRetirement,
    AuditSeal,
    AuditSealPart,
    AuditShape,
    AuditVerification,
)
from practice.models.tenant import Practice, PracticeProfile, SequenceCounter
from practice.models.ways_in import (
    ApiToken,
    Invitation,
    InvitationLocation,
    InvitationRole,
    LastUse,
    TokenLookup,
)
from practice.models.work import RecordRef, WorkEvent, WorkItem

__all__ = [
    "GLOBAL_CHAIN",
    "Announcement",
    "AnnouncementLocation",
    "AnnouncementReceipt",
    "AnnouncementRole",
    "AnnouncementVersion",
    "ApiToken",
    "ApprovalEvent",
    "ApprovalLimit",
    "ApprovalRequest",
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
    "Brief",
    "BriefEntry",
    "BriefMail",
    "BriefMark",
    "BriefReader",
    "BulkItem",
    "BulkRun",
    "CallAttempt",
    "ChecklistAnswer",
    "ChecklistRun",
    "ChecklistStep",
    "ChecklistTemplate",
    "ChecklistVersion",
    "Correspondence",
    "Delegation",
    "DelegationKind",
    "DestroyRequest",
    "DestroyedPractice",
    "Draft",
    "FormAnswer",
    "FormChoice",
    "FormField",
    "FormSection",
    "FormSubmission",
    "FormVersion",
    "Holiday",
    "IdempotencyKey",
    "ImportFile",
    "ImportRefusal",
    "ImportRun",
    "ImportedRecord",
    "Invitation",
    "InvitationLocation",
    "InvitationRole",
    "JobRun",
    "KeyWord",
    "Language",
    "LastUse",
    "Letter",
    "LetterBatch",
    "LetterLink",
    "LetterStep",
    "LetterTemplate",
    "LetterVersion",
    "Letterhead",
    "Location",
    "Membership",
    "MembershipLocation",
    "MembershipRole",
    "Note",
    "NoteMention",
    "NotePin",
    "Notice",
    "NoticeChoice",
    "NumberSeries",
    "Payer",
    "PhoneMessage",
    "Practice",
    "PracticeExport",
    "PracticeProfile",
    "PublicForm",
    "PublicLink",
    "PublicLinkEvent",
    "PublicRate",
    "QuarantinedFile",
    "RecordRef",
    "Role",
    "RolePermission",
    "Room",
    "RuleCheck",
    "RuleValue",
    "SavedListView",
    "SequenceCounter",
    "SheetColumn",
    "SheetMapping",
    "SheetValue",
    "TokenLookup",
    "User",
    "Vendor",
    "WallDisplay",
    "WorkEvent",
    "WorkItem",
]
