"""`./run destroy-practice SLUG`: see what is asked, approve as operator, or destroy and certify."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kit import clock
from kit.errors import DomainError
from practice.actor import system_actor
from practice.models import DestroyRequest, Practice
from practice.services import certificates, closing, destruction
from practice.transactions import acting_in


class Command(BaseCommand):
    """Without --phrase nothing is changed: it says how things stand."""

    help = "Destroy a practice's data after an approved request and its waiting period."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("slug")
        parser.add_argument(
            "--approve", action="store_true", help="approve the waiting request as the operator"
        )
        parser.add_argument("--operator", default="", metavar="NAME", help="with --approve: who you are")
        parser.add_argument("--phrase", default="", help="“destroy SLUG”, word for word")
        parser.add_argument(
            "--to", metavar="DIR", help="where the certificate goes (default: STATE/certificates)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Every refusal leaves everything as it was."""
        slug = options["slug"]
        practice = Practice.objects.filter(slug=slug).first()
        try:
            if practice is None:
                self._certify(slug, folder=options["to"])
                return
            if options["approve"]:
                self._approve(practice, operator=options["operator"], phrase=options["phrase"])
                return
            if not options["phrase"]:
                self._tell(practice)
                return
            if options["phrase"].strip() != closing.phrase_of(practice):
                raise DomainError(f"Type --phrase “{closing.phrase_of(practice)}”, word for word.")
            destruction.destroy(slug, tell=lambda text: self.stdout.write(f"{text}      ", ending="\r"))
            self._certify(slug, folder=options["to"])
        except DomainError as error:
            raise CommandError(error.message) from None

    def _certify(self, slug: str, *, folder: str | None) -> None:
        """Also for a run that was killed between the last row and the certificate."""
        target = Path(folder).absolute() if folder else settings.STATE / "certificates"
        for path in certificates.issue(slug, folder=target):
            self.stdout.write(str(path))

    def _approve(self, practice: Practice, *, operator: str, phrase: str) -> None:
        actor = system_actor(practice_id=practice.id, name=operator, request_id="destroy-practice")
        with acting_in(practice.id, actor=actor):
            request = closing.current(practice.id)
            if request is None:
                raise DomainError(f"No owner of {practice.slug} has asked for this.")
            closing.approve_as_operator(request, operator=operator, phrase=phrase, actor=actor)
        self._tell(practice)

    def _tell(self, practice: Practice) -> None:
        actor = system_actor(practice_id=practice.id)
        with acting_in(practice.id, actor=actor, read_only=True):
            request, exported = closing.current(practice.id), closing.last_export(practice.id)
        if request is None:
            self.stdout.write(f"{practice.name}: no request. An owner asks under Settings, Your data.")
            return
        self.stdout.write(f"{practice.name}: {request.get_state_display().lower()}. Reason: {request.reason}")
        asked = f"Asked by {request.requested_by.user} on {request.created_at:%Y-%m-%d %H:%M} UTC."
        self.stdout.write(asked)
        if request.state == DestroyRequest.State.APPROVED and request.not_before is not None:
            who = request.operator or str(request.approved_by and request.approved_by.user)
            over = request.not_before <= clock.now()
            self.stdout.write(
                f"Approved by {who}. Waiting period {'over since' if over else 'until'} ", ending=""
            )
            self.stdout.write(f"{request.not_before:%Y-%m-%d %H:%M} UTC.")
        else:
            self.stdout.write(
                "A second owner approves it under Settings, or you with --approve --operator NAME."
            )
        last = f"{exported:%Y-%m-%d %H:%M} UTC" if exported else "never"
        self.stdout.write(
            f"Last export: {last}. Make a fresh one: ./run export-practice {practice.slug} --to DIR"
        )
        self.stdout.write(
            f"Destroy: ./run destroy-practice {practice.slug} --phrase “{closing.phrase_of(practice)}”"
        )
