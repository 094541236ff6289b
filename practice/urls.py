"""All addresses: global ones here, everything of a practice below /p/<slug>/."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import include, path

import kit.urls
from practice import (
    checklist_urls,
    form_urls,
    import_urls,
    letter_urls,
    people_urls,
    probes,
    rule_urls,
    status,
    talk_urls,
    work_urls,
)
from practice.api_docs import docs, openapi
from practice.discovery import modules
from practice.views import (
    account,
    approvals,
    audit,
    custody,
    displays,
    drafts,
    files,
    home,
    jobs,
    lists,
    notices,
)

practice_patterns = [
    path("", home.home_of_practice, name="home"),
    *work_urls.practice_patterns,
    path("palette/", home.palette, name="palette"),
    path("views/", lists.saved_view, name="saved_view"),
    path("bulk/<uuid:bulk_id>/", lists.bulk, name="bulk"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.notices_read, name="notices_read"),
    path("notices/choices/", notices.notice_choices, name="notice_choices"),
    path("notices/<uuid:notice_id>/open/", notices.notice_open, name="notice_open"),
    path("jobs/<uuid:job_id>/", jobs.job, name="job"),
    path("files/<uuid:attachment_id>/", files.file_page, name="file"),
    path("files/<uuid:attachment_id>/download/", files.download, name="download"),
    path("files/<uuid:attachment_id>/preview/", files.preview, name="preview"),
    path("records/<str:kind>/<uuid:pk>/files/", files.attach, name="attach"),
    *talk_urls.practice_patterns,
    *people_urls.practice_patterns,
    *rule_urls.practice_patterns,
    *letter_urls.practice_patterns,
    path("approvals/<uuid:pk>/", approvals.approval, name="approval"),
    *form_urls.practice_patterns,
    *import_urls.practice_patterns,
    *checklist_urls.practice_patterns,
    path("settings/data/", custody.data, name="data"),
    path("settings/data/exports/<uuid:export_id>/file/", custody.export_file, name="export_file"),
    path("settings/data/close/", custody.close, name="close"),
    path("settings/data/close/approve/", custody.close_approve, name="close_approve"),
    path("settings/data/close/withdraw/", custody.close_withdraw, name="close_withdraw"),
    path("settings/displays/new/", displays.make, name="display_new"),
    path("settings/audit/", audit.changes, name="audit"),
    path("settings/audit/reads/", audit.reads, name="audit_reads"),
    path("settings/audit/sign-ins/", audit.sign_ins, name="audit_sign_ins"),
    path("settings/audit/seal/", audit.seal, name="audit_seal"),
    path("settings/audit/seal/verify/", audit.verify_now, name="audit_verify"),
    path("stay/", home.stay, name="stay"),
    path("drafts/", drafts.own_drafts, name="drafts"),
]
api_urlpatterns = [
    *rule_urls.api_urlpatterns,
    *work_urls.api_urlpatterns,
    *import_urls.api_patterns,
    *talk_urls.api_urlpatterns,
    *checklist_urls.api_urlpatterns,
]
NAVIGATION = {
    "today": [
        ("Print queue", "practice:print_queue", "practice.send_letter"),
        ("Take a phone message", "kit:practice_phone_message_create", "practice.take_phone_message"),
        ("Today’s checklists", "practice:checklists_today", "practice.view_checklists"),
    ],
    "settings": [
        ("Guided set-up", "practice:setup", "practice.change_settings"),
        ("Practice", "practice:facts", "practice.change_settings"),
        *rule_urls.NAVIGATION,
        ("Letterhead", "practice:letterhead", "practice.change_letters"),
        ("Your data", "practice:data", "practice.export_practice"),
        ("Audit trail", "practice:audit", "practice.view_audit"),
    ],
}


def app_patterns() -> list[Any]:
    """Pages of each app: ``<app>/urls.py`` has ``urlpatterns``, ``api_urlpatterns``, ``NAVIGATION``.

    ``root_urlpatterns`` are pages right below the practice, without the app's own prefix.
    """
    pages: list[Any] = [path("", include((practice_patterns, "practice")))]
    for module in modules("urls"):
        if module.__name__ != __name__ and hasattr(module, "urlpatterns"):
            app = module.__name__.split(".")[0]
            below = path(getattr(module, "PREFIX", f"{app}/"), include(module.urlpatterns))
            pages.append(path("", include(([below, *getattr(module, "root_urlpatterns", [])], app))))
    return pages


def open_patterns() -> list[Any]:
    """Addresses of the apps that belong to no practice's pages: ``<app>/urls.py`` has ``open_urlpatterns``."""
    return [each for module in modules("urls") for each in getattr(module, "open_urlpatterns", [])]


def api_patterns() -> list[Any]:
    """Hand-made endpoints of the apps; the kit's come from the Resources."""
    found: list[Any] = []
    for module in modules("urls"):
        found += getattr(module, "api_urlpatterns", [])
    return found


urlpatterns: list[Any] = [
    path("", home.home, name="home"),
    path("p/<slug:practice>/api/v1/", include((api_patterns() + kit.urls.api_urls(), "api"))),
    path("p/<slug:practice>/", include(app_patterns())),
    path("p/<slug:practice>/", include((kit.urls.page_urls(), "kit"))),
    path("livez", probes.livez),
    path("readyz", probes.readyz),
    path("statusz", status.statusz, name="status"),
    path("accounts/", account.account, name="account"),
    path("accounts/name/", account.change_name, name="account_name"),
    path("accounts/preferences/", account.preferences, name="preferences"),
    path("accounts/sessions/", account.sessions, name="sessions"),
    path("accounts/email/", account.email, name="account_own_email"),
    *people_urls.open_patterns,
    *form_urls.open_patterns,
    *open_patterns(),
    path("accounts/", include("allauth.urls")),
    path("api/schema/", openapi, name="schema"),
    path("api/docs/", docs, name="api_docs"),
]
if settings.MODE in ("demo", "dev", "test"):
    from practice import demo

    urlpatterns += [
        path("demo/mailbox/", demo.mailbox, name="demo_mailbox"),
        path("demo/mailbox/<str:name>/", demo.message, name="demo_message"),
        path("demo/login/<uuid:user_id>/", demo.log_in, name="demo_login"),
    ]
if settings.MODE in ("dev", "test"):
    urlpatterns += [path("kit/", include(("kit.gallery.urls", "gallery")))]
handler400, handler403 = "practice.views.errors.bad_request", "practice.views.errors.forbidden"
handler429 = "practice.accounts.too_many"  # allauth looks here when one of its limits is reached
handler404, handler500 = "practice.views.errors.not_found", "practice.views.errors.server_error"
