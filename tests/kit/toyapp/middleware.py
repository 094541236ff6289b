"""What practice's middleware does, in small: actor, practice, one transaction, rollback from 400 on."""

from types import SimpleNamespace

from django.db import transaction
from django.http import HttpResponse

from tests.kit.toyapp.holes import ToyActor


class ToyMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with transaction.atomic():
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response

    def process_view(self, request, view, args, kwargs):
        slug = kwargs.pop("practice", None)
        if slug is None:
            return None
        role, _, practice = request.headers.get("X-Toy-Actor", "").partition("@")
        request.practice = SimpleNamespace(slug=slug)
        if practice != slug:
            return HttpResponse(status=401 if not role else 404)
        request.actor, request.comfortable = ToyActor(role=role, practice=practice), False
        return None


def forbidden(request, exception):
    return HttpResponse(exception.permission, status=403)
