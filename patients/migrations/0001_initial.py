import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import kit.ids
import practice.encrypted
import practice.tenancy
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('practice', '0001_initial'),
        ('staff', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Patient',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('mrn', models.CharField(max_length=20)),
                ('first_name', models.CharField(max_length=60)),
                ('last_name', models.CharField(max_length=60)),
                ('birth_date', models.DateField()),
                ('sex', models.CharField(choices=[('F', 'Female'), ('M', 'Male'), ('U', 'Not known')], default='U', max_length=1)),
                ('ssn', practice.encrypted.EncryptedField(blank=True, default='')),
                ('ssn_last4', models.CharField(blank=True, default='', max_length=4)),
                ('phone', models.CharField(blank=True, default='', help_text='Digits only', max_length=20)),
                ('email', models.EmailField(blank=True, default='', max_length=254)),
                ('address_line', models.CharField(blank=True, default='', max_length=120)),
                ('city', models.CharField(blank=True, default='', max_length=60)),
                ('state', models.CharField(blank=True, default='', max_length=2)),
                ('postal_code', models.CharField(blank=True, default='', max_length=10)),
                ('usual_provider', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='staff.provider')),
                ('deceased_on', models.DateField(blank=True, null=True)),
                ('is_restricted', models.BooleanField(default=False, help_text='Hidden but for roles that may see restricted')),
                ('entered_in_error', models.BooleanField(default=False)),
                ('last_name_key', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower('last_name'), output_field=models.CharField(db_collation='C', max_length=60))),
                ('first_name_key', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower('first_name'), output_field=models.CharField(db_collation='C', max_length=60))),
            ],
            options={
                'indexes': [models.Index(fields=['practice', 'last_name_key', 'first_name_key', 'id'], name='patient_by_name'), models.Index(fields=['practice', 'birth_date'], name='patient_by_birth_date'), models.Index(fields=['practice', 'phone'], name='patient_by_phone')],
                'constraints': [models.UniqueConstraint(fields=('practice', 'mrn'), name='one_patient_per_mrn', violation_error_message='This MRN is taken.'), practice.tenancy.SamePractice(deferred=False, field='usual_provider', name='patients_patient_usual_provider_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='patients_patient_tenant', revoked='', secrets='ssn')],
            },
        ),
        migrations.CreateModel(
            name='Coverage',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('patient', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coverages', to='patients.patient')),
                ('payer', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coverages', to='practice.payer')),
                ('priority', models.PositiveSmallIntegerField(default=1)),
                ('member_id', models.CharField(max_length=80)),
                ('group_number', models.CharField(blank=True, default='', max_length=50)),
                ('relationship', models.CharField(choices=[('18', 'Self'), ('01', 'Spouse'), ('19', 'Child'), ('G8', 'Other')], default='18', max_length=2)),
                ('subscriber_first_name', models.CharField(blank=True, default='', max_length=60)),
                ('subscriber_last_name', models.CharField(blank=True, default='', max_length=60)),
                ('subscriber_birth_date', models.DateField(blank=True, null=True)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('copay', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['practice', 'patient', 'priority', 'starts_on'], name='coverage_of_patient')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='coverage_ends_after_it_begins'), practice.tenancy.SamePractice(deferred=False, field='patient', name='patients_coverage_patient_same'), practice.tenancy.SamePractice(deferred=False, field='payer', name='patients_coverage_payer_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='patients_coverage_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('number', models.PositiveIntegerField()),
                ('patient', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='patients.patient')),
                ('complainant', models.CharField(blank=True, default='', help_text='Who told us, when not the patient', max_length=120)),
                ('location', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.location')),
                ('received_on', models.DateField()),
                ('channel', models.CharField(choices=[('phone', 'Phone'), ('in_person', 'In person'), ('letter', 'Letter'), ('email', 'E-mail'), ('review', 'Online review')], max_length=10)),
                ('category', models.CharField(choices=[('clinical', 'Clinical care'), ('access', 'Access and waiting'), ('conduct', 'Staff conduct'), ('communication', 'Communication'), ('billing', 'Billing'), ('privacy', 'Privacy'), ('safety', 'Safety'), ('facility', 'Facility'), ('discrimination', 'Discrimination'), ('records', 'Records'), ('telehealth', 'Telehealth')], max_length=14)),
                ('severity', models.CharField(choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], default='medium', max_length=6)),
                ('is_grievance', models.BooleanField(default=False, help_text='Written, postponed, or needs an investigation')),
                ('summary', models.CharField(max_length=200)),
                ('details', models.TextField(blank=True, default='')),
                ('stage', models.CharField(choices=[('received', 'Received'), ('acknowledged', 'Acknowledged'), ('investigating', 'Investigating'), ('responded', 'Responded'), ('closed', 'Closed'), ('reopened', 'Reopened')], default='received', max_length=14)),
                ('acknowledge_by', models.DateField()),
                ('resolve_by', models.DateField()),
                ('owner', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='practice.membership')),
                ('resolution', models.TextField(blank=True, default='')),
                ('closed_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['practice', 'stage', 'resolve_by'], name='complaint_by_deadline')],
                'constraints': [models.UniqueConstraint(fields=('practice', 'number'), name='one_complaint_per_number'), practice.tenancy.SamePractice(deferred=False, field='patient', name='patients_complaint_patient_same'), practice.tenancy.SamePractice(deferred=False, field='location', name='patients_complaint_location_same'), practice.tenancy.SamePractice(deferred=False, field='owner', name='patients_complaint_owner_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='patients_complaint_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='ComplaintEvent',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('created_by', models.TextField(db_default=practice.tenancy.Setting('app.actor'), editable=False)),
                ('request_id', models.TextField(db_default=practice.tenancy.Setting('app.request_id'), editable=False)),
                ('tx', practice.tenancy.TransactionIdField(db_default=practice.tenancy.CurrentTransaction(), editable=False)),
                ('complaint', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='patients.complaint')),
                ('stage', models.CharField(choices=[('received', 'Received'), ('acknowledged', 'Acknowledged'), ('investigating', 'Investigating'), ('responded', 'Responded'), ('closed', 'Closed'), ('reopened', 'Reopened')], max_length=14)),
                ('note', models.TextField(blank=True, default='')),
            ],
            options={
                'abstract': False,
                'constraints': [practice.tenancy.SamePractice(deferred=False, field='complaint', name='patients_complaintevent_complaint_same'), practice.tenancy.TenantTable(audit='update,delete', name='patients_complaintevent_tenant', revoked='update, delete', secrets='')],
            },
        ),
    ]
