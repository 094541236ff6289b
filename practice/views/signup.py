"""Opening a practice: the form at once on a first run, a mailed link where sign-up is open."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from allauth.core.internal.ratelimit import consume
from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kit.errors import DomainError
from kit.writes import explain
from practice.forms.people import NewPersonForm
from practice.forms.signup import AddressForm, FirstFounderForm, FounderForm, PracticeForm
from practice.models import User
from practice.services import signup
from practice.views.invitation import sign_in

SALT = "practice.signup"
LINK_SECONDS = 24 * 3600
# Mails to one address and from one place: a form that mails is a form that can be made to spam.
MAILS = {"sign_up_mail": "20/h/ip,3/h/key"}


@never_cache
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Where a practice is opened from: what it asks depends on who may (``settings.SIGNUP``) and who is here."""
    if not signup.is_possible():
        return render(request, "account/signup_closed.html", status=403)
    if request.user.is_authenticated:
        return _found(request, form=PracticeForm(data=request.POST or None), founder=request.user)
    if settings.SIGNUP == signup.FIRST_RUN:
        return _found(request, form=FirstFounderForm(data=request.POST or None))
    return _ask_for_address(request)


@never_cache
@require_http_methods(["GET", "POST"])
def sign_up_from_mail(request: HttpRequest, signed: str) -> HttpResponse:
    """The form behind the mailed link; whoever opens it has shown that the address is theirs."""
    if not signup.is_possible():
        return render(request, "account/signup_closed.html", status=403)
    try:
        email = str(signing.loads(signed, salt=SALT, max_age=LINK_SECONDS)["email"])
    except (signing.BadSignature, KeyError, TypeError):
        return render(request, "practice/signup_expired.html", status=404)
    if User.objects.filter(email=email).exists():
        return redirect(f"{reverse('account_login')}?next={reverse('sign_up')}")
    return _found(request, form=FounderForm(email=email, data=request.POST or None), email=email)


def _ask_for_address(request: HttpRequest) -> HttpResponse:
    form = AddressForm(data=request.POST or None)
    if request.method == "GET":
        return render(request, "practice/signup_address.html", {"form": form})
    if not form.is_valid():
        return render(request, "practice/signup_address.html", {"form": form}, status=422)
    email = form.cleaned_data["email"].strip().lower()
    if not consume(request, app="practice", action="sign_up_mail", config=MAILS, key=email):
        form.add_error(None, "Too many tries. Wait an hour, then try again.")
        answer = render(request, "practice/signup_address.html", {"form": form}, status=429)
        answer["Retry-After"] = "3600"
        return answer
    _mail(email)
    return render(request, "practice/signup_mailed.html", {"email": email})


def _mail(email: str) -> None:
    """One mail for every address: the link, or word that there is an account. The page says the same of both."""
    base = settings.BASE_URL.rstrip("/")
    if User.objects.filter(email=email).exists():
        body = (
            "Somebody, perhaps you, asked to open a practice on Wellrun with this address.\n\n"
            f"You have an account already. Sign in with it, then open the practice:\n{base}{reverse('sign_up')}\n\n"
            "If it was not you, you need not do anything."
        )
    else:
        signed = signing.dumps({"email": email}, salt=SALT)
        link = base + reverse("sign_up_from_mail", kwargs={"signed": signed})
        body = (
            "Somebody, perhaps you, asked to open a practice on Wellrun with this address.\n\n"
            f"Open this link within 24 hours to go on:\n{link}\n\n"
            "If it was not you, you need not do anything."
        )
    send_mail(subject="Open your practice on Wellrun", message=body, from_email=None, recipient_list=[email])


def _found(request: HttpRequest, *, form: Any, founder: Any = None, email: str = "") -> HttpResponse:
    if request.method == "GET":
        return _page(request, form=form, email=email)
    if not ratelimit.consume(request, action="signup"):
        form.add_error(None, "Too many tries. Wait a minute, then try again.")
        return _page(request, form=form, email=email, status=429)
    if not form.is_valid():
        return _page(request, form=form, email=email, status=422)
    given = form.cleaned_data
    new = founder is None
    person: User = _person(form, email=email) if new else founder
    wanted = signup.Wanted(name=given["practice"], slug=given["slug"], timezone=given["timezone"])
    try:
        practice = signup.found_practice(wanted, founder=person, request_id=request.id)  # type: ignore[attr-defined]
    except DomainError as error:
        explain(form, error=error)
        return _page(request, form=form, email=email, status=error.status)
    if new:
        sign_in(request, user=person)
    return redirect(reverse("practice:setup", kwargs={"practice": practice.slug}))


def _person(form: NewPersonForm, *, email: str) -> User:
    given = form.cleaned_data
    person = User(email=(email or given["address"]).strip().lower(), name=given["name"].strip())
    person.set_password(given["password"])
    return person


def _page(request: HttpRequest, *, form: Any, email: str, status: int = 200) -> HttpResponse:
    return render(request, "practice/signup.html", {"form": form, "email": email}, status=status)
