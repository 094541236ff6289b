"""Addresses of every Resource. Names: ``kit:<app>_<noun>_list|create|detail|update|action|bulk|export``.

practice.urls mounts both below ``/p/<slug:practice>/``:

    path("p/<slug:practice>/", include((kit.urls.page_urls(), "kit")))
    path("p/<slug:practice>/api/v1/", include((kit.urls.api_urls(), "api")))
"""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, path

from kit import registry
from kit.resource import Resource
from kit.views.actions import action_page, bulk_page
from kit.views.details import detail_page
from kit.views.edits import create_page, update_page
from kit.views.exports import export_page
from kit.views.lists import list_page


def pages_of(resource: Resource) -> Iterator[URLPattern]:
    """The pages one declaration asks for."""
    start, given, name = f"{resource.path}/", {"resource": resource}, resource.key
    yield path(start, list_page, given, name=f"{name}_list")
    if resource.creatable:
        yield path(f"{start}new/", create_page, given, name=f"{name}_create")
    if resource.export:
        yield path(f"{start}export/<slug:form>/", export_page, given, name=f"{name}_export")
    yield path(f"{start}<uuid:pk>/", detail_page, given, name=f"{name}_detail")
    if resource.updatable:
        yield path(f"{start}<uuid:pk>/edit/", update_page, given, name=f"{name}_update")
    if resource.actions:
        yield path(f"{start}<uuid:pk>/do/<slug:action>/", action_page, given, name=f"{name}_action")
    if any(action.bulk for action in resource.actions):
        yield path(f"{start}bulk/<slug:action>/", bulk_page, given, name=f"{name}_bulk")


def page_urls() -> list[URLPattern | URLResolver]:
    """Pages of all Resources."""
    return [url for resource in registry.every() for url in pages_of(resource)]


def api_urls() -> list[URLPattern | URLResolver]:
    """Endpoints of all Resources that have one."""
    from kit.api import router  # DRF must not be imported before the apps are ready

    return router().urls
