"""Approvals: what somebody asks for, who may agree up to which amount, who stands in for whom, what was decided."""

from django.db import models
from django.db.models import F, Q

from kit.status import Status, StatusChoices
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel


def _kind_label(key: str) -> str:
    from practice.approvals import kinds

    found = kinds().get(key)
    return found.label if found else key


class ApprovalLimit(TenantModel):
    """Whose word counts for a kind of approval, at which step and for which amounts, between two dates.

    The steps of an amount are those with a limit it is above. A kind without limits takes one step, and whoever holds
    its permission decides.
    """

    kind = models.CharField(max_length=60)
    step = models.PositiveSmallIntegerField(default=1, help_text="1 decides first")
    role = TenantForeignKey("practice.Role", models.PROTECT, related_name="+")
    above = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        default=0,
        help_text="The step is needed for larger amounts only; 0 for every amount",
    )
    up_to = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, help_text="Empty: any amount"
    )
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True, help_text="The last day")
    ended_on = models.DateField(
        null=True,
        blank=True,
        help_text="Taken back: out of force from this day on, whatever the last day says",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "kind", "step", "role", "effective_from"],
                condition=Q(ended_on=None),
                name="one_limit_per_role_and_day",
                violation_error_message="This role has a limit for this step from that day already.",
            ),
            models.CheckConstraint(
                condition=Q(step__gte=1, step__lte=5),
                name="limit_step_is_1_to_5",
                violation_error_message="Enter a step from 1 to 5.",
            ),
            models.CheckConstraint(
                condition=Q(above__gte=0) & (Q(up_to=None) | Q(up_to__gt=F("above"))),
                name="limit_spans_amounts",
                violation_error_message="Enter an amount above the lower one, or leave it empty.",
            ),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")),
                name="limit_ends_after_it_begins",
                violation_error_message="The last day cannot be before the first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_label}, step {self.step}: {self.role}"

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return _kind_label(self.kind)

    @property
    def can_end(self) -> bool:
        """Whether it can still be taken back."""
        return self.ended_on is None


class ApprovalRequest(TenantModel):
    """Something that somebody asked for and somebody else has to agree to. What it is about is a RecordRef.

    ``digest`` is what was asked for: when the record has changed since, it has to be asked for anew (a new round).
    """

    class State(StatusChoices):
        WAITING = "waiting", "Waiting", "info"
        ASKED_BACK = "asked_back", "Asked back", "warn"
        APPROVED = "approved", "Approved", "ok"
        REFUSED = "refused", "Refused", "bad"
        WITHDRAWN = "withdrawn", "Withdrawn", "muted"
        EXPIRED = "expired", "Expired", "muted"

    OPEN = (State.WAITING.value, State.ASKED_BACK.value)

    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    ref = TenantForeignKey("practice.RecordRef", models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    reason = models.CharField(max_length=500)
    digest = models.CharField(max_length=64, help_text="SHA-256 of what is asked for")
    requested_by = TenantForeignKey("practice.Membership", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    round = models.PositiveSmallIntegerField(default=1, help_text="One more each time it is asked for anew")
    step = models.PositiveSmallIntegerField(default=1, help_text="The step that is to be decided next")
    asked_on = models.DateField()
    due_on = models.DateField()
    expires_on = models.DateField()
    escalated_on = models.DateField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="one_approval_per_number"),
            models.UniqueConstraint(
                fields=["practice", "kind", "ref"],
                condition=Q(state__in=["waiting", "asked_back"]),
                name="one_open_approval_per_record",
                violation_error_message="This has been asked for already and is not decided yet.",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gt=0),
                name="approval_of_something",
                violation_error_message="Enter an amount above zero.",
            ),
        ]
        indexes = [models.Index(fields=["practice", "state", "due_on"], name="approval_by_due_day")]

    def __str__(self) -> str:
        return f"Approval {self.number}"

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return _kind_label(self.kind)

    @property
    def asked_by(self) -> str:
        """Who asked, by name."""
        return str(self.requested_by.name)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be decided or answered."""
        return self.state in self.OPEN

    @property
    def is_waiting(self) -> bool:
        """Whether somebody can decide it now."""
        return self.state == self.State.WAITING

    @property
    def standing(self) -> Status:
        """Its state; a late one says so."""
        if self.is_open and self.escalated_on is not None:
            return Status("Overdue", "bad")
        state = self.State(self.state)
        return Status(str(state.label), state.tone)


class ApprovalEvent(AppendOnlyModel):
    """What was said about a request: asked, decided step by step, asked back, answered, ended. The decision itself.

    ``on_behalf_of`` is whose authority was used: the member's own, or that of whom they stand in for.
    """

    class Outcome(StatusChoices):
        ASKED = "asked", "Asked", "info"
        APPROVED = "approved", "Approved", "ok"
        REFUSED = "refused", "Refused", "bad"
        ASKED_BACK = "asked_back", "Asked back", "warn"
        ANSWERED = "answered", "Asked again", "info"
        WITHDRAWN = "withdrawn", "Withdrawn", "muted"
        ESCALATED = "escalated", "Overdue", "bad"
        EXPIRED = "expired", "Expired", "muted"

    DECISIONS = (Outcome.APPROVED.value, Outcome.REFUSED.value, Outcome.ASKED_BACK.value)

    approval = TenantForeignKey(ApprovalRequest, models.PROTECT, related_name="events")
    outcome = models.CharField(max_length=10, choices=Outcome)
    round = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField()
    asker = TenantForeignKey("practice.Membership", models.PROTECT, related_name="+")
    member = TenantForeignKey("practice.Membership", models.PROTECT, null=True, related_name="+")
    on_behalf_of = TenantForeignKey("practice.Membership", models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=500, blank=True, default="")
    said_at = models.DateTimeField(help_text="By the practice's clock")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "approval", "round", "step"],
                condition=Q(outcome__in=["approved", "refused"]),
                name="one_decision_per_step",
                violation_error_message="Somebody else has just decided this.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["approved", "refused", "asked_back"])
                | (
                    Q(member__isnull=False, on_behalf_of__isnull=False)
                    & ~Q(member=F("asker"))
                    & ~Q(on_behalf_of=F("asker"))
                ),
                name="nobody_decides_their_own",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.approval}: {self.get_outcome_display()}"

    @property
    def tone(self) -> str:
        """The tone of what was said."""
        return str(self.Outcome(self.outcome).tone)


class Delegation(TenantModel):
    """One member stands in for another from one day to another: never for more than that other may decide."""

    member = TenantForeignKey("practice.Membership", models.PROTECT, related_name="delegations")
    deputy = TenantForeignKey("practice.Membership", models.PROTECT, related_name="deputyships")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The last day")
    reason = models.CharField(max_length=200, blank=True, default="")
    ended_on = models.DateField(null=True, blank=True, help_text="Taken back on this day")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(member=F("deputy")),
                name="nobody_stands_in_for_themselves",
                violation_error_message="Choose somebody else.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="delegation_ends_after_it_begins",
                violation_error_message="The last day cannot be before the first.",
            ),
        ]
        indexes = [models.Index(fields=["practice", "deputy", "ends_on"], name="delegation_of_deputy")]

    def __str__(self) -> str:
        return f"{self.deputy} for {self.member}"

    @property
    def kind_labels(self) -> str:
        """What it is for, in words."""
        return ", ".join(sorted(_kind_label(link.kind) for link in self.kind_links.all())) or "Everything"

    @property
    def kinds(self) -> list[str]:
        """Keys of the kinds it is for; none means all."""
        return sorted(link.kind for link in self.kind_links.all())

    @property
    def can_end(self) -> bool:
        """Whether it can still be taken back."""
        return self.ended_on is None


class DelegationKind(TenantModel):
    """A kind of approval that a delegation is for. No rows: all kinds."""

    delegation = TenantForeignKey(Delegation, models.CASCADE, related_name="kind_links")
    kind = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "delegation", "kind"], name="one_kind_link_per_delegation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.delegation}: {self.kind}"
