"""Who may sign in, and what each practice lets them do."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.crypto import salted_hmac

from kit.ids import uuid7
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
