"""The database's own part beside the tables' rules: functions, their triggers and rights, the cache table."""

from django.db import migrations

from practice import form_sql, operating_sql, seal_sql, sql


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0001_initial"),
        # The trail of people watches allauth's tables.
        ("mfa", "0003_authenticator_type_uniq"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.RunSQL(sql.AUDIT_GLOBAL, "DROP FUNCTION audit_global_row() CASCADE"),
        migrations.RunSQL(sql.OWN_MEMBERSHIPS, "DROP POLICY own_memberships ON practice_membership"),
        migrations.RunSQL(sql.CACHE_TABLE, "DROP TABLE practice_cache"),
        migrations.RunSQL(
            sql.JOB_FUNCTIONS, "DROP FUNCTION refresh_statistics(text[]), job_beat(uuid, int, int, text, int)"
        ),
        migrations.RunSQL(operating_sql.MAKE, operating_sql.DROP),
        migrations.RunSQL(sql.LIVE_MEMBERSHIP, "DROP FUNCTION has_live_membership(uuid)"),
        migrations.RunSQL(sql.GLOBAL_RIGHTS, sql.GLOBAL_RIGHTS_BACK),
        migrations.RunSQL(seal_sql.MAKE, seal_sql.DROP),
        migrations.RunSQL(form_sql.FIX, form_sql.UNFIX),
    ]
