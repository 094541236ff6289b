"""Views that read, write and fail on purpose: what a bug, a slow query or a killed backend does to a request."""

from django.db import connection
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt

from practice import jobs
from practice.models import Location, SequenceCounter
from tests.faults import tally  # noqa: F401  registers the jobs

SETTINGS = ("app.practice_id", "app.user_id", "app.actor", "app.request_id")


def _settings():
    with connection.cursor() as cursor:
        columns = ", ".join(f"current_setting('{name}', true)" for name in SETTINGS)
        cursor.execute(f"SELECT {columns}")
        return [value or "" for value in cursor.fetchone()]


def leftover(request):
    """What this server thread's connection still knows outside any practice: nothing, and no rows."""
    return JsonResponse({"settings": _settings(), "rows": Location.objects.count()})


def _rows(request):
    # No filter at all: only the database keeps practices apart here.
    return {
        "practice": str(request.practice.id),
        "setting": _settings()[0],
        "sites": sorted(Location.objects.values_list("name", flat=True))[:20],
        "practices": sorted({str(one) for one in Location.objects.values_list("practice_id", flat=True)}),
    }


def _write(request, *, name):
    SequenceCounter.objects.create(practice=request.practice, name=name)
    return {**_rows(request), "wrote": name}


def _break(request, *, fault):
    with connection.cursor() as cursor:
        if fault == "slow":
            cursor.execute("SET LOCAL statement_timeout = '20ms'")
            cursor.execute("SELECT pg_sleep(5)")
        if fault == "killed":
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        if fault == "wrong":
            cursor.execute("SELECT no_such_column FROM practice_location")
    raise ValueError(f"broken on purpose: {fault}")


@csrf_exempt
def odd(request, fault):
    """``read``, ``write``, ``pair`` and ``enqueue`` answer; the others write, then fail, so that nothing may stay."""
    name = request.GET.get("name", "")
    if fault == "read":
        return JsonResponse(_rows(request))
    if fault == "write":
        return JsonResponse(_write(request, name=name), status=201)
    if fault == "pair":
        _write(request, name=f"{name}-one")
        return JsonResponse(_write(request, name=f"{name}-two"), status=201)
    if fault == "enqueue":
        jobs.enqueue("test.note", actor=request.actor, key=name)
        return JsonResponse({"queued": name}, status=201)
    if request.method == "POST":
        _write(request, name=f"torn-{name}")
    _break(request, fault=fault)
    return None
