"""Who may sign in, and what each practice lets them do."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.crypto import salted_hmac

from kit.ids import uuid7
from kit.status import Status
from practice.tenancy import UUID7, TenantForeignKey, TenantModel


class UserManager(BaseUserManager["User"]):
    """Users are found by e-mail, whatever its case."""

    def create_user(self, email: str, *, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").strip().lower())


class Theme(models.TextChoices):
    """The colours somebody reads in."""

    SYSTEM = "system", "As the device is set"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


class User(AbstractBaseUser):
    """A person's identity across practices. A practice changes memberships, never the person."""

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=UUID7(), editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    session_epoch = models.PositiveIntegerField(
        default=0, editable=False, help_text="One more ends every session of this person"
    )

    # How a person likes the product, the same in every practice.
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM, db_default=Theme.SYSTEM)
    comfortable_rows = models.BooleanField(default=False, db_default=False)
    single_keys = models.BooleanField(
        default=True, db_default=True, help_text="One letter is a command outside of fields"
    )

    USERNAME_FIELD = "email"
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_per_email")]

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session is checked against at every request: ends with the password or with the epoch."""
        salt = "practice.models.people.User.session"
        value = f"{self.password}:{self.session_epoch}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()


class Role(TenantModel):
    """A named bundle of permissions of one practice, made from a default and editable."""

    code = models.SlugField(max_length=40, db_index=False)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=200, blank=True, default="")
    escalates_to = TenantForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    requires_mfa = models.BooleanField(
        default=False, db_default=False, help_text="Its holders sign in with a second factor"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "code"], name="one_role_per_code")]

    def __str__(self) -> str:
        return self.name

    @property
    def grants(self) -> list[str]:
        """Its permissions by name, sorted."""
        return sorted(link.permission for link in self.permissions.all())

    @property
    def held_by(self) -> int:
        """How many members hold it now; from the selector's count where there is one."""
        counted = getattr(self, "holders", None)
        return (
            int(counted)
            if counted is not None
            else self.member_links.filter(membership__ended_at=None).count()
        )

    @property
    def is_default(self) -> bool:
        """Whether every practice has it: it can be changed, not deleted."""
        from practice.permissions import EVERYONE

        return self.code in EVERYONE

    @property
    def deletable(self) -> bool:
        """Whether it is the practice's own; who holds it is checked when it is deleted."""
        return not self.is_default

    @property
    def can_do(self) -> list[str]:
        """Its permissions as readable sentences: "See claims and their lines", "Send claims", …"""
        from practice.permissions import all_permissions

        known = all_permissions()
        granted = sorted(link.permission for link in self.permissions.all())
        sentences = [known[value].sentence for value in granted if value in known]
        return [sentence[:1].upper() + sentence[1:] for sentence in sentences]


class RolePermission(TenantModel):
    """One permission of a role. What is not listed is denied."""

    role = TenantForeignKey(Role, models.CASCADE, related_name="permissions")
    permission = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "role", "permission"], name="one_permission_per_role")
        ]

    def __str__(self) -> str:
        return self.permission


class Membership(TenantModel):
    """A user's place in a practice. Ended, never deleted."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "user"], name="one_membership_per_user")]
        indexes = [models.Index(fields=["user", "practice"], name="membership_of_user")]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def name(self) -> str:
        """The person's name."""
        return self.user.name or self.user.email

    @property
    def email(self) -> str:
        """The person's address, which is also how they sign in."""
        return self.user.email

    @property
    def roles(self) -> list[uuid.UUID]:
        """Ids of the roles held."""
        return [link.role_id for link in self.role_links.all()]

    @property
    def locations(self) -> list[uuid.UUID]:
        """Ids of the sites worked at; none means all."""
        return [link.location_id for link in self.location_links.all()]

    @property
    def role_names(self) -> str:
        """The roles in words."""
        return ", ".join(sorted(link.role.name for link in self.role_links.all()))

    @property
    def site_names(self) -> str:
        """The sites in words."""
        return ", ".join(sorted(link.location.name for link in self.location_links.all())) or "All sites"

    @property
    def is_live(self) -> bool:
        """Whether the person may come in."""
        return self.ended_at is None

    @property
    def last_in(self) -> datetime | None:
        """When the person last worked in this practice, to the minute; from the selector's annotation."""
        return getattr(self, "used_at", None)

    @property
    def has_second_factor(self) -> bool:
        """Whether the person has an authenticator app or passkey; from the selector's annotation."""
        return bool(getattr(self, "factors", False))

    @property
    def needs_second_factor(self) -> bool:
        """Whether one of the roles asks for one."""
        return any(link.role.requires_mfa for link in self.role_links.all())

    @property
    def second_factor(self) -> Status:
        """On, off, or missing although a role asks for it."""
        if self.has_second_factor:
            return Status("On", "ok")
        return Status("Required, not set up", "warn") if self.needs_second_factor else Status("Off")

    @property
    def standing(self) -> Status:
        """Whether the membership is current."""
        return Status("Current", "ok") if self.is_live else Status("Ended")


class MembershipRole(TenantModel):
    """A role that a member holds."""

    membership = TenantForeignKey(Membership, models.CASCADE, related_name="role_links")
    role = TenantForeignKey(Role, models.PROTECT, related_name="member_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "membership", "role"], name="one_role_link_per_member"
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership} as {self.role}"


class MembershipLocation(TenantModel):
    """A site that a member works at. No rows: all sites."""

    membership = TenantForeignKey(Membership, models.CASCADE, related_name="location_links")
    location = TenantForeignKey("practice.Location", models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "membership", "location"], name="one_site_link_per_member"
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership} at {self.location}"
