"""The schema test (ARCHITECTURE.md 3): pg_catalog is asked, not the code. Unknown tables and functions fail."""

import pytest
from django.apps import apps

from practice.checks import is_tenant
from practice.tenancy import TenantForeignKey
from tests.cast import owner_cursor

pytestmark = pytest.mark.django_db

# Tables that belong to no practice, each with its reason.
GLOBAL_TABLES = {
    "practice_practice": "known before a practice is chosen: id, slug, name",
    "practice_user": "a person's identity across practices",
    "practice_tokenlookup": "a secret's hash to its kind, practice and row, nothing else",
    "practice_destroyedpractice": "what is left of destroyed practices; the app role has no rights on it",
    "practice_auditglobal": "changes of global rows; the app role has no rights on it",
    "practice_auditepoch": "restores of the whole database: number, time, reason; the app may only look",
    "practice_keyword": "a public word under each key: do this process's keys fit this database",
    "practice_cache": "allauth's lock-out counters",
    "practice_publicrate": "how often somebody outside asked: a keyed hash, a moment and a number",
    "django_session": "sessions of global identities",
    "django_migrations": "Django's own",
    "django_content_type": "Django's own",
    "auth_permission": "Django's own, unused",
    "auth_group": "Django's own, unused",
    "auth_group_permissions": "Django's own, unused",
    "account_emailaddress": "allauth: a user's addresses",
    "account_emailconfirmation": "allauth: confirmations",
    "usersessions_usersession": "allauth: where a person is signed in; ids of sessions, browser, address",
    "mfa_authenticator": "allauth: a user's second factors, encrypted by our adapter",
}
# Functions that run as the owner. Each sets its search_path; who may call it is checked below.
DEFINER_FUNCTIONS = {
    "audit_row": set(),
    "audit_global_row": set(),
    "journal_is_balanced": set(),
    "lines_join_own_transaction": set(),
    "period_is_open": set(),
    "take_jobs": {"wellrun_relay"},
    "sweep_jobs": {"wellrun_relay"},
    "dispatch_due": {"wellrun_relay"},
    "job_beat": {"wellrun_jobs"},
    "refresh_statistics": {"wellrun_app"},
    "operating_figures": {"wellrun_app"},
    "seals_due": {"wellrun_relay"},
    "seal_chain": {"wellrun_relay"},
    "seal_oldest": {"wellrun_app"},
    "note_person": {"wellrun_app"},
    "people_at_the_door": {"wellrun_app"},
    "audit_of_person": set(),
    "has_live_membership": {"wellrun_app"},
}


def ask(sql):
    with owner_cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def tables():
    return {
        name: (rls, forced)
        for name, rls, forced in ask(
            "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
        )
    }


def test_each_table_is_a_tenants_or_on_the_list_of_global_ones(db):
    tenant = {name for name, flags in tables().items() if flags == (True, True)}
    assert set(tables()) - tenant == set(GLOBAL_TABLES)


def test_each_tenant_table_has_both_policies_whole(db):
    policies = {}
    for table, name, using, check in ask("SELECT tablename, policyname, qual, with_check FROM pg_policies"):
        policies.setdefault(table, {})[name] = (using, check)
    for table in set(tables()) - set(GLOBAL_TABLES):
        using, check = policies[table]["tenant"]
        assert using == check, table
        assert "app.practice_id" in using, table
        assert policies[table]["owner"] == ("true", "true"), table
        assert set(policies[table]) <= {"tenant", "owner", "own_memberships", "stamped"}, table


def test_each_tenant_table_has_a_practice_that_cannot_be_empty(db):
    rows = ask(
        "SELECT table_name, is_nullable FROM information_schema.columns "
        "WHERE table_schema = 'public' AND column_name = 'practice_id'"
    )
    nullable = dict(rows)
    for table in set(tables()) - set(GLOBAL_TABLES):
        assert nullable[table] == "NO", table


def test_every_tenant_key_is_composite_in_the_database(db):
    keys = {
        (table, tuple(columns))
        for table, columns in ask(
            "SELECT c.conrelid::regclass::text, array_agg(a.attname::text ORDER BY k.ord) FROM pg_constraint c "
            "CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY k(attnum, ord) "
            "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum "
            "WHERE c.contype = 'f' GROUP BY c.oid, c.conrelid"
        )
    }
    missing = [
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, TenantForeignKey)
        and (model._meta.db_table, ("practice_id", field.column)) not in keys
    ]
    assert missing == []


def test_no_tenant_table_has_a_unique_index_that_leaks_across_practices(db):
    leaks = [
        (table, definition)
        for table, definition in ask(
            "SELECT i.indrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
            "JOIN pg_class c ON c.oid = i.indrelid WHERE i.indisunique AND NOT i.indisprimary "
            "AND c.relnamespace = 'public'::regnamespace"
        )
        if table not in GLOBAL_TABLES
        and "(practice_id," not in definition
        and "(practice_id)" not in definition
    ]
    assert leaks == []


def test_views_run_as_the_caller_and_nothing_is_materialised(db):
    views = ask(
        "SELECT relname, relkind, reloptions FROM pg_class "
        "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')"
    )
    for name, kind, options in views:
        assert kind == "v", name
        assert "security_invoker=true" in (options or []), name


def test_definer_functions_are_listed_pinned_and_granted_to_nobody_else(db):
    found = {}
    for name, config, grantee in ask(
        "SELECT p.proname, p.proconfig, r.rolname FROM pg_proc p "
        "LEFT JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a ON true "
        "LEFT JOIN pg_roles r ON r.oid = a.grantee "
        "WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace"
    ):
        assert config == ["search_path=pg_catalog, public"], name
        found.setdefault(name, set()).add(grantee or "PUBLIC")
    assert set(found) == set(DEFINER_FUNCTIONS)
    for name, grantees in found.items():
        assert grantees - {"wellrun_owner"} == DEFINER_FUNCTIONS[name], name


def test_the_app_role_owns_nothing_and_is_nobody_special(db):
    rows = ask(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles "
        "WHERE rolname IN ('wellrun_app', 'wellrun_jobs', 'wellrun_relay')"
    )
    assert {name for name, *_ in rows} == {"wellrun_app", "wellrun_jobs", "wellrun_relay"}
    assert not any(any(flags) for _, *flags in rows)
    assert ask(
        "SELECT count(*) FROM pg_class WHERE relowner IN ('wellrun_app'::regrole, 'wellrun_jobs'::regrole)"
    ) == [(0,)]


def test_append_only_tables_refuse_change_by_the_app(db):
    from practice.tenancy import AppendOnlyModel

    for model in apps.get_models():
        if issubclass(model, AppendOnlyModel):
            rights = ask(
                f"SELECT has_table_privilege('wellrun_app', '{model._meta.db_table}', 'UPDATE'), "
                f"has_table_privilege('wellrun_app', '{model._meta.db_table}', 'DELETE')"
            )
            assert rights == [(False, False)], model


def test_every_append_only_table_is_stamped_by_the_database_and_found_by_transaction(db):
    """By the rule of the table itself: a table that is made later has both without anybody thinking of it."""
    sealed = {name for (name,) in ask("SELECT name FROM seal_covers() WHERE tenant")}
    assert {"billing_ledgerentry", "practice_auditaccess", "practice_auditchange"} <= sealed
    policies = dict(ask("SELECT tablename, with_check FROM pg_policies WHERE policyname = 'stamped'"))
    indexes = {name for (name,) in ask("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")}
    for table in sealed:
        assert "pg_current_xact_id" in policies[table], table
        assert f"{table}_tx" in indexes, table


def test_every_model_with_a_practice_is_a_tenant_model(db):
    for model in apps.get_models():
        if is_tenant(model):
            assert model._meta.db_table not in GLOBAL_TABLES
