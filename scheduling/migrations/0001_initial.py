import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
import kit.ids
import practice.tenancy
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('patients', '0001_initial'),
        ('practice', '0001_initial'),
        ('staff', '0001_initial'),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name='AppointmentType',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('code', models.CharField(help_text='What the front desk types: fu, new, pe', max_length=8)),
                ('name', models.CharField(max_length=60)),
                ('minutes', models.PositiveSmallIntegerField(default=20)),
                ('buffer_after', models.PositiveSmallIntegerField(default=0, help_text='Minutes of cleaning or notes')),
                ('is_new_patient', models.BooleanField(default=False)),
                ('tone', models.CharField(default='info', max_length=8)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('practice', 'code'), name='one_type_per_code'), practice.tenancy.TenantTable(audit='insert,update,delete', name='scheduling_appointmenttype_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='Resource',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('kind', models.CharField(choices=[('provider', 'Provider'), ('room', 'Room'), ('device', 'Device')], max_length=8)),
                ('name', models.CharField(max_length=80)),
                ('provider', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='resources', to='staff.provider')),
                ('room', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='resources', to='practice.room')),
                ('location', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.location')),
                ('capacity', models.PositiveSmallIntegerField(default=1)),
                ('overbook_max', models.PositiveSmallIntegerField(default=1)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'provider')), fields=('practice', 'provider', 'location'), name='one_resource_per_provider_and_site'), practice.tenancy.SamePractice(deferred=False, field='provider', name='scheduling_resource_provider_same'), practice.tenancy.SamePractice(deferred=False, field='room', name='scheduling_resource_room_same'), practice.tenancy.SamePractice(deferred=False, field='location', name='scheduling_resource_location_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='scheduling_resource_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='TemplateBlock',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('resource', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='template', to='scheduling.resource')),
                ('weekday', models.PositiveSmallIntegerField(help_text='0 Monday … 6 Sunday')),
                ('starts_at', models.TimeField()),
                ('ends_at', models.TimeField()),
                ('kind', models.CharField(choices=[('open', 'Open'), ('held', 'Held for same day'), ('admin', 'Blocked')], default='open', max_length=6)),
                ('label', models.CharField(blank=True, default='', max_length=30)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['practice', 'resource', 'weekday'], name='template_of_resource')],
                'constraints': [models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='weekday_0_to_6'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='block_ends_after_it_begins'), practice.tenancy.SamePractice(deferred=False, field='resource', name='scheduling_templateblock_resource_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='scheduling_templateblock_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='AvailabilityBlock',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('resource', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='availability', to='scheduling.resource')),
                ('local_day', models.DateField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('open', 'Open'), ('held', 'Held for same day'), ('admin', 'Blocked')], max_length=6)),
                ('label', models.CharField(blank=True, default='', max_length=30)),
                ('template', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='scheduling.templateblock')),
            ],
            options={
                'indexes': [models.Index(fields=['practice', 'resource', 'local_day'], name='availability_of_day')],
                'constraints': [practice.tenancy.SamePractice(deferred=False, field='resource', name='scheduling_availabilityblock_resource_same'), practice.tenancy.SamePractice(deferred=False, field='template', name='scheduling_availabilityblock_template_same'), practice.tenancy.TenantTable(audit='', name='scheduling_availabilityblock_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('patient', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='patients.patient')),
                ('provider', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='staff.provider')),
                ('location', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='practice.location')),
                ('type', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scheduling.appointmenttype')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('local_day', models.DateField(help_text='The day at the site, for lists and counts')),
                ('status', models.CharField(choices=[('requested', 'Requested'), ('held', 'Held'), ('booked', 'Booked'), ('confirmed', 'Confirmed'), ('arrived', 'Arrived'), ('checked_in', 'Checked in'), ('roomed', 'Roomed'), ('with_provider', 'With provider'), ('checkout', 'Checkout'), ('completed', 'Completed'), ('cancelled', 'Cancelled'), ('no_show', 'No-show'), ('left', 'Left without being seen'), ('rescheduled', 'Rescheduled'), ('entered_in_error', 'Entered in error')], default='booked', max_length=16)),
                ('cancelled_by', models.CharField(blank=True, choices=[('patient_timely', 'Patient, in time'), ('patient_late', 'Patient, late'), ('practice', 'Practice')], default='', max_length=14)),
                ('cancel_reason', models.CharField(blank=True, default='', max_length=200)),
                ('hold_expires_at', models.DateTimeField(blank=True, null=True)),
                ('rescheduled_to', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='scheduling.appointment')),
                ('reason', models.CharField(blank=True, default='', help_text='Why the patient comes', max_length=200)),
                ('is_new_patient', models.BooleanField(default=False)),
                ('created_via', models.CharField(default='page', max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'indexes': [models.Index(fields=['practice', 'provider', 'local_day', 'starts_at'], name='visits_of_a_day'), models.Index(fields=['practice', 'local_day', 'location'], name='visits_by_day_and_site'), models.Index(fields=['practice', 'patient', '-starts_at'], name='visits_of_a_patient')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='visit_ends_after_it_begins'), practice.tenancy.SamePractice(deferred=False, field='patient', name='scheduling_appointment_patient_same'), practice.tenancy.SamePractice(deferred=False, field='provider', name='scheduling_appointment_provider_same'), practice.tenancy.SamePractice(deferred=False, field='location', name='scheduling_appointment_location_same'), practice.tenancy.SamePractice(deferred=False, field='type', name='scheduling_appointment_type_same'), practice.tenancy.SamePractice(deferred=False, field='rescheduled_to', name='scheduling_appointment_rescheduled_to_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='scheduling_appointment_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='ResourceBooking',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('appointment', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bookings', to='scheduling.appointment')),
                ('resource', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='scheduling.resource')),
                ('lane', models.PositiveSmallIntegerField(default=0)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(help_text='Including the buffer after the visit')),
                ('during', models.GeneratedField(db_persist=True, expression=models.Func('starts_at', 'ends_at', models.Value('[)'), function='tstzrange', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField())),
                ('active', models.BooleanField(default=True)),
                ('overbooked_by', models.TextField(blank=True, default='')),
                ('overbook_reason', models.CharField(blank=True, default='', max_length=200)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('active', True)), fields=['practice', 'resource', 'starts_at'], name='bookings_of_resource')],
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('active', True)), expressions=[('practice', '='), ('resource', '='), ('lane', '='), ('during', '&&')], name='no_overlap_in_a_lane'), practice.tenancy.SamePractice(deferred=False, field='appointment', name='scheduling_resourcebooking_appointment_same'), practice.tenancy.SamePractice(deferred=False, field='resource', name='scheduling_resourcebooking_resource_same'), practice.tenancy.TenantTable(audit='', name='scheduling_resourcebooking_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='StatusEvent',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('created_by', models.TextField(db_default=practice.tenancy.Setting('app.actor'), editable=False)),
                ('request_id', models.TextField(db_default=practice.tenancy.Setting('app.request_id'), editable=False)),
                ('tx', practice.tenancy.TransactionIdField(db_default=practice.tenancy.CurrentTransaction(), editable=False)),
                ('appointment', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='status_events', to='scheduling.appointment')),
                ('status', models.CharField(choices=[('requested', 'Requested'), ('held', 'Held'), ('booked', 'Booked'), ('confirmed', 'Confirmed'), ('arrived', 'Arrived'), ('checked_in', 'Checked in'), ('roomed', 'Roomed'), ('with_provider', 'With provider'), ('checkout', 'Checkout'), ('completed', 'Completed'), ('cancelled', 'Cancelled'), ('no_show', 'No-show'), ('left', 'Left without being seen'), ('rescheduled', 'Rescheduled'), ('entered_in_error', 'Entered in error')], max_length=16)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('room', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.room')),
                ('note', models.CharField(blank=True, default='', max_length=200)),
            ],
            options={
                'indexes': [models.Index(fields=['practice', 'appointment', 'at'], name='status_history')],
                'constraints': [practice.tenancy.SamePractice(deferred=False, field='appointment', name='scheduling_statusevent_appointment_same'), practice.tenancy.SamePractice(deferred=False, field='room', name='scheduling_statusevent_room_same'), practice.tenancy.TenantTable(audit='update,delete', name='scheduling_statusevent_tenant', revoked='update, delete', secrets='')],
            },
        ),
    ]
