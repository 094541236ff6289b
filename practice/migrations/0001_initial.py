import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import kit.ids
import practice.encrypted
import practice.tenancy
import uuid
from django.conf import settings
from django.db import migrations, models

from practice import sql


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.RunSQL(sql.GRANTS, migrations.RunSQL.noop),
        migrations.RunSQL(sql.AUDIT_ROW, sql.DROP_AUDIT_ROW),
        migrations.CreateModel(
            name='Practice',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('slug', models.CharField(max_length=40, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9]+(-[a-z0-9]+)*$')])),
                ('name', models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name='RecordRef',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('kind', models.CharField(max_length=60)),
                ('record_id', models.UUIDField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'kind', 'record_id'), name='one_ref_per_record'), practice.tenancy.TenantTable(audit='', name='practice_recordref_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='one_user_per_email')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'practice'], name='membership_of_user')],
                'constraints': [models.UniqueConstraint(fields=('practice', 'user'), name='one_membership_per_user'), practice.tenancy.TenantTable(audit='insert,update,delete', name='practice_membership_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('ref', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='practice.recordref')),
                ('name', models.CharField(max_length=200)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField(help_text='Bytes, before encryption')),
                ('sha256', models.CharField(max_length=64)),
                ('storage_name', models.CharField(max_length=64)),
                ('note', models.CharField(blank=True, default='', max_length=200)),
                ('added_by', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.membership')),
            ],
            options={
                'indexes': [models.Index(fields=['practice', 'ref'], name='attachment_of_record')],
                'constraints': [practice.tenancy.SamePractice(deferred=False, field='ref', name='practice_attachment_ref_same'), practice.tenancy.SamePractice(deferred=False, field='added_by', name='practice_attachment_added_by_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='practice_attachment_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='AuditChange',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('table_name', models.CharField(max_length=63)),
                ('row_id', models.UUIDField()),
                ('action', models.CharField(max_length=1)),
                ('old', models.JSONField(null=True)),
                ('new', models.JSONField(null=True)),
                ('actor', models.TextField(db_default=practice.tenancy.Setting('app.actor'))),
                ('request_id', models.TextField(db_default=practice.tenancy.Setting('app.request_id'))),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('tx', practice.tenancy.TransactionIdField(db_default=practice.tenancy.CurrentTransaction(), editable=False)),
            ],
            options={
                'indexes': [models.Index(fields=['practice', 'table_name', 'row_id', 'at'], name='changes_of_a_record')],
                'constraints': [practice.tenancy.TenantTable(audit='', name='practice_auditchange_tenant', revoked='insert, update, delete', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='AuditGlobal',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('table_name', models.CharField(max_length=63)),
                ('row_id', models.UUIDField()),
                ('action', models.CharField(max_length=1)),
                ('columns', models.JSONField(help_text='Names of the changed columns, no values')),
                ('actor', models.TextField(db_default=practice.tenancy.Setting('app.actor'))),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='AuditAccess',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('created_by', models.TextField(db_default=practice.tenancy.Setting('app.actor'), editable=False)),
                ('request_id', models.TextField(db_default=practice.tenancy.Setting('app.request_id'), editable=False)),
                ('tx', practice.tenancy.TransactionIdField(db_default=practice.tenancy.CurrentTransaction(), editable=False)),
                ('action', models.CharField(choices=[('view', 'viewed'), ('search', 'searched'), ('export', 'exported'), ('print', 'printed'), ('refused', 'was refused')], max_length=8)),
                ('what', models.CharField(max_length=120)),
                ('path', models.CharField(max_length=300)),
                ('address', models.GenericIPAddressField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['practice', '-created_at'], name='access_newest')],
                'constraints': [practice.tenancy.TenantTable(audit='update,delete', name='practice_auditaccess_tenant', revoked='update, delete', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='AuditAccessPatient',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('created_by', models.TextField(db_default=practice.tenancy.Setting('app.actor'), editable=False)),
                ('request_id', models.TextField(db_default=practice.tenancy.Setting('app.request_id'), editable=False)),
                ('tx', practice.tenancy.TransactionIdField(db_default=practice.tenancy.CurrentTransaction(), editable=False)),
                ('access', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='patients', to='practice.auditaccess')),
                ('patient_id', models.UUIDField()),
            ],
            options={
                'indexes': [models.Index(fields=['practice', 'patient_id', '-created_at'], name='access_of_a_patient')],
                'constraints': [practice.tenancy.SamePractice(deferred=False, field='access', name='practice_auditaccesspatient_access_same'), practice.tenancy.TenantTable(audit='update,delete', name='practice_auditaccesspatient_tenant', revoked='update, delete', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('actor', models.CharField(max_length=60)),
                ('key', models.CharField(max_length=80)),
                ('fingerprint', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('body', models.JSONField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'actor', 'key'), name='one_answer_per_key'), practice.tenancy.TenantTable(audit='', name='practice_idempotencykey_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='JobRun',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('kind', models.CharField(max_length=60)),
                ('key', models.CharField(max_length=200)),
                ('args', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('sent', 'Sent'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='queued', max_length=8)),
                ('run_after', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('max_attempts', models.PositiveSmallIntegerField(default=5)),
                ('progress_done', models.PositiveIntegerField(default=0)),
                ('progress_total', models.PositiveIntegerField(default=0)),
                ('progress_note', models.CharField(blank=True, default='', max_length=200)),
                ('error', models.TextField(blank=True, default='')),
                ('result', models.JSONField(default=dict)),
                ('requested_by', models.UUIDField(blank=True, null=True)),
                ('request_id', models.CharField(blank=True, default='', max_length=40)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['run_after'], name='job_waiting'), models.Index(condition=models.Q(('state__in', ['sent', 'running'])), fields=['lease_until'], name='job_leased'), models.Index(fields=['practice', '-created_at'], name='job_newest')],
                'constraints': [models.UniqueConstraint(fields=('practice', 'kind', 'key'), name='one_job_per_kind_and_key'), practice.tenancy.TenantTable(audit='', name='practice_jobrun_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='Payer',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('name', models.CharField(max_length=120)),
                ('payer_id', models.CharField(blank=True, default='', max_length=80)),
                ('kind', models.CharField(choices=[('commercial', 'Commercial'), ('medicare', 'Medicare'), ('medicare_advantage', 'Medicare Advantage'), ('medicaid', 'Medicaid'), ('tricare', 'TRICARE'), ('workers_comp', "Workers' compensation"), ('self_pay', 'Self-pay'), ('other', 'Other')], default='commercial', max_length=20)),
                ('filing_code', models.CharField(default='CI', max_length=2)),
                ('address_line', models.CharField(blank=True, default='', max_length=120)),
                ('city', models.CharField(blank=True, default='', max_length=60)),
                ('state', models.CharField(blank=True, default='', max_length=2)),
                ('postal_code', models.CharField(blank=True, default='', max_length=10)),
                ('phone', models.CharField(blank=True, default='', max_length=20)),
                ('filing_days', models.PositiveSmallIntegerField(default=90, help_text='Days from service to first claim')),
                ('appeal_days', models.PositiveSmallIntegerField(default=60, help_text='Days from denial to first appeal')),
                ('is_sandbox', models.BooleanField(default=False, help_text='Answered by the built-in training payer')),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('practice', 'name'), name='one_payer_per_name'), practice.tenancy.TenantTable(audit='insert,update,delete', name='practice_payer_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='BillingEntity',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('legal_name', models.CharField(max_length=120)),
                ('npi', models.CharField(max_length=10)),
                ('taxonomy', models.CharField(blank=True, default='', max_length=10)),
                ('tax_id', practice.encrypted.EncryptedField(help_text='EIN, nine digits')),
                ('tax_id_last4', models.CharField(default='', max_length=4)),
                ('address_line', models.CharField(max_length=120)),
                ('city', models.CharField(max_length=60)),
                ('state', models.CharField(max_length=2)),
                ('postal_code', models.CharField(help_text='ZIP+4, as the 837P wants it', max_length=10)),
                ('contact_name', models.CharField(max_length=80)),
                ('phone', models.CharField(max_length=20)),
                ('submitter_id', models.CharField(help_text='Our id at the clearinghouse (ISA06)', max_length=15)),
                ('receiver_id', models.CharField(help_text="The clearinghouse's id (ISA08)", max_length=15)),
                ('receiver_name', models.CharField(max_length=60)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'npi'), name='one_billing_entity_per_npi'), practice.tenancy.TenantTable(audit='insert,update,delete', name='practice_billingentity_tenant', revoked='', secrets='tax_id')],
            },
        ),
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('code', models.SlugField(db_index=False, max_length=40)),
                ('name', models.CharField(max_length=80)),
                ('description', models.CharField(blank=True, default='', max_length=200)),
                ('escalates_to', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='practice.role')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'code'), name='one_role_per_code'), practice.tenancy.SamePractice(deferred=False, field='escalates_to', name='practice_role_escalates_to_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='practice_role_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='RolePermission',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('role', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='permissions', to='practice.role')),
                ('permission', models.CharField(max_length=80)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'role', 'permission'), name='one_permission_per_role'), practice.tenancy.SamePractice(deferred=False, field='role', name='practice_rolepermission_role_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='practice_rolepermission_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='MembershipRole',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('membership', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='role_links', to='practice.membership')),
                ('role', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='member_links', to='practice.role')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'membership', 'role'), name='one_role_link_per_member'), practice.tenancy.SamePractice(deferred=False, field='membership', name='practice_membershiprole_membership_same'), practice.tenancy.SamePractice(deferred=False, field='role', name='practice_membershiprole_role_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='practice_membershiprole_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='Location',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('name', models.CharField(max_length=120)),
                ('timezone', models.CharField(default='America/New_York', max_length=64)),
                ('address_line', models.CharField(blank=True, default='', max_length=120)),
                ('city', models.CharField(blank=True, default='', max_length=60)),
                ('state', models.CharField(blank=True, default='', max_length=2)),
                ('postal_code', models.CharField(blank=True, default='', max_length=10)),
                ('phone', models.CharField(blank=True, default='', max_length=20)),
                ('npi', models.CharField(blank=True, default='', max_length=10)),
                ('place_of_service', models.CharField(default='11', help_text='CMS place-of-service code', max_length=2)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('practice', 'name'), name='one_location_per_name'), practice.tenancy.TenantTable(audit='insert,update,delete', name='practice_location_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='MembershipLocation',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('membership', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='location_links', to='practice.membership')),
                ('location', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='practice.location')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'membership', 'location'), name='one_site_link_per_member'), practice.tenancy.SamePractice(deferred=False, field='membership', name='practice_membershiplocation_membership_same'), practice.tenancy.SamePractice(deferred=False, field='location', name='practice_membershiplocation_location_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='practice_membershiplocation_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('name', models.CharField(max_length=80)),
                ('prefix', models.CharField(max_length=12)),
                ('token_hash', models.CharField(max_length=64)),
                ('role', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.role')),
                ('membership', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='practice.membership')),
                ('expires_at', models.DateTimeField()),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
                'constraints': [practice.tenancy.SamePractice(deferred=False, field='role', name='practice_apitoken_role_same'), practice.tenancy.SamePractice(deferred=False, field='membership', name='practice_apitoken_membership_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='practice_apitoken_tenant', revoked='', secrets='token_hash')],
            },
        ),
        migrations.CreateModel(
            name='TokenLookup',
            fields=[
                ('token_hash', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('practice', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='practice.practice')),
                ('token_id', models.UUIDField(default=uuid.uuid4)),
            ],
        ),
        migrations.CreateModel(
            name='Room',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('location', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rooms', to='practice.location')),
                ('name', models.CharField(max_length=60)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('practice', 'location', 'name'), name='one_room_per_name'), practice.tenancy.SamePractice(deferred=False, field='location', name='practice_room_location_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='practice_room_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='PracticeProfile',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('timezone', models.CharField(default='America/New_York', max_length=64)),
                ('night_hour', models.PositiveSmallIntegerField(default=2, help_text='Local hour at which rollups run, 0-23')),
                ('books_basis', models.CharField(choices=[('accrual', 'Accrual'), ('cash', 'Cash')], default='accrual', max_length=8)),
                ('idle_minutes', models.PositiveSmallIntegerField(default=15, help_text='Sign-out after this many idle minutes')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice',), name='one_profile_per_practice'), models.CheckConstraint(condition=models.Q(('night_hour__lte', 23)), name='night_hour_is_an_hour'), models.CheckConstraint(condition=models.Q(('idle_minutes__range', (5, 60))), name='idle_minutes_5_to_60'), practice.tenancy.TenantTable(audit='insert,update,delete', name='practice_practiceprofile_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='Parameter',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('code', models.CharField(max_length=80)),
                ('value', models.CharField(max_length=80)),
                ('effective_from', models.DateField()),
                ('effective_to', models.DateField(blank=True, null=True)),
                ('note', models.CharField(blank=True, default='', max_length=200)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'code', 'effective_from'), name='one_parameter_per_date'), practice.tenancy.TenantTable(audit='insert,update,delete', name='practice_parameter_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='SequenceCounter',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('name', models.CharField(max_length=80)),
                ('last', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'name'), name='one_counter_per_name'), practice.tenancy.TenantTable(audit='', name='practice_sequencecounter_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='WorkItem',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('kind', models.CharField(max_length=60)),
                ('ref', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='work_items', to='practice.recordref')),
                ('title', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('dropped', 'Dropped')], default='open', max_length=8)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('permission', models.CharField(help_text='Who may see it: holders of this permission', max_length=80)),
                ('owner', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='practice.membership')),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, default='', max_length=200)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['practice', 'due_on', 'id'], name='open_work_by_deadline')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('practice', 'kind', 'ref'), name='one_open_item_per_record'), practice.tenancy.SamePractice(deferred=False, field='ref', name='practice_workitem_ref_same'), practice.tenancy.SamePractice(deferred=False, field='owner', name='practice_workitem_owner_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='practice_workitem_tenant', revoked='', secrets='')],
            },
        ),
    ]
