import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import kit.ids
import practice.tenancy
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('practice', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Employee',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('first_name', models.CharField(max_length=60)),
                ('last_name', models.CharField(max_length=60)),
                ('job_title', models.CharField(max_length=80)),
                ('status', models.CharField(choices=[('active', 'Active'), ('leave', 'On leave'), ('ended', 'Ended')], default='active', max_length=8)),
                ('email', models.EmailField(blank=True, default='', max_length=254)),
                ('phone', models.CharField(blank=True, default='', max_length=20)),
                ('location', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='employees', to='practice.location')),
                ('membership', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='practice.membership')),
                ('hired_on', models.DateField(blank=True, null=True)),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('last_name_key', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower('last_name'), output_field=models.CharField(db_collation='C', max_length=60))),
            ],
            options={
                'indexes': [models.Index(fields=['practice', 'last_name_key', 'id'], name='employee_by_name')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ended_on', None), ('ended_on__gte', models.F('hired_on')), _connector='OR'), name='employment_ends_after_it_begins'), practice.tenancy.SamePractice(deferred=False, field='location', name='staff_employee_location_same'), practice.tenancy.SamePractice(deferred=False, field='membership', name='staff_employee_membership_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='staff_employee_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='Provider',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('employee', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='provider_rows', to='staff.employee')),
                ('display_name', models.CharField(help_text='As patients and schedules read it: E. Vasquez, MD', max_length=80)),
                ('npi', models.CharField(blank=True, default='', help_text='Individual NPI; empty holds claims', max_length=10)),
                ('taxonomy', models.CharField(blank=True, default='', max_length=10)),
                ('specialty', models.CharField(blank=True, default='', max_length=80)),
                ('location', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='providers', to='practice.location')),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['display_name'],
                'constraints': [models.UniqueConstraint(fields=('practice', 'employee'), name='one_provider_per_employee'), models.UniqueConstraint(condition=models.Q(('npi', ''), _negated=True), fields=('practice', 'npi'), name='one_provider_per_npi'), practice.tenancy.SamePractice(deferred=False, field='employee', name='staff_provider_employee_same'), practice.tenancy.SamePractice(deferred=False, field='location', name='staff_provider_location_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='staff_provider_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='Credential',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('employee', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='staff.employee')),
                ('kind', models.CharField(choices=[('license', 'State licence'), ('dea', 'DEA registration'), ('board', 'Board certification'), ('malpractice', 'Malpractice policy'), ('cpr', 'CPR certificate'), ('caqh', 'CAQH attestation'), ('other', 'Other')], max_length=12)),
                ('number', models.CharField(blank=True, default='', max_length=60)),
                ('state', models.CharField(blank=True, default='', max_length=2)),
                ('issued_on', models.DateField(blank=True, null=True)),
                ('expires_on', models.DateField(blank=True, null=True)),
                ('verified_on', models.DateField(blank=True, null=True)),
                ('verified_source', models.CharField(blank=True, default='', max_length=120)),
                ('replaced_by', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='staff.credential')),
            ],
            options={
                'indexes': [models.Index(fields=['practice', 'expires_on', 'id'], name='credential_by_expiry')],
                'constraints': [models.CheckConstraint(condition=models.Q(('expires_on', None), ('issued_on', None), ('expires_on__gte', models.F('issued_on')), _connector='OR'), name='credential_expires_after_issue'), practice.tenancy.SamePractice(deferred=False, field='employee', name='staff_credential_employee_same'), practice.tenancy.SamePractice(deferred=False, field='replaced_by', name='staff_credential_replaced_by_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='staff_credential_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='PayerEnrolment',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('provider', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='staff.provider')),
                ('payer', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='practice.payer')),
                ('location', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.location')),
                ('state', models.CharField(choices=[('not_started', 'Not started'), ('collecting', 'Collecting'), ('submitted', 'Submitted'), ('review', 'In review'), ('info_requested', 'Info requested'), ('approved', 'Approved'), ('effective', 'Effective'), ('revalidating', 'Revalidating'), ('terminated', 'Terminated'), ('denied', 'Denied')], default='not_started', max_length=16)),
                ('effective_on', models.DateField(blank=True, null=True)),
                ('ends_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'provider', 'payer', 'location'), name='one_enrolment_per_provider_payer_site', nulls_distinct=False), practice.tenancy.SamePractice(deferred=False, field='provider', name='staff_payerenrolment_provider_same'), practice.tenancy.SamePractice(deferred=False, field='payer', name='staff_payerenrolment_payer_same'), practice.tenancy.SamePractice(deferred=False, field='location', name='staff_payerenrolment_location_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='staff_payerenrolment_tenant', revoked='', secrets='')],
            },
        ),
    ]
