import django.db.models.deletion
import django.db.models.functions.datetime
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
            name='ImportRun',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('source', models.CharField(default='synthea', max_length=20)),
                ('label', models.CharField(max_length=120)),
                ('directory', models.CharField(max_length=300)),
                ('upload', models.BooleanField(default=False, help_text='The files are an uploaded archive, kept encrypted')),
                ('is_dry_run', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='queued', max_length=8)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('requested_by', models.TextField(blank=True, default='')),
                ('error', models.TextField(blank=True, default='')),
            ],
            options={
                'abstract': False,
                'constraints': [practice.tenancy.TenantTable(audit='insert,update,delete', name='interop_importrun_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='ImportFile',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('run', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='interop.importrun')),
                ('name', models.CharField(max_length=60)),
                ('position', models.PositiveSmallIntegerField()),
                ('rows_total', models.PositiveIntegerField(default=0)),
                ('rows_read', models.PositiveIntegerField(default=0, help_text='Checkpoint: rows before it are committed')),
                ('rows_new', models.PositiveIntegerField(default=0)),
                ('rows_changed', models.PositiveIntegerField(default=0)),
                ('rows_known', models.PositiveIntegerField(default=0)),
                ('rows_refused', models.PositiveIntegerField(default=0)),
                ('is_finished', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('practice', 'run', 'name'), name='one_file_per_run_and_name'), practice.tenancy.SamePractice(deferred=False, field='run', name='interop_importfile_run_same'), practice.tenancy.TenantTable(audit='', name='interop_importfile_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='ImportRefusal',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('file', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refusals', to='interop.importfile')),
                ('row_number', models.PositiveIntegerField(help_text='Line of the file; the heading is line 1')),
                ('field', models.CharField(max_length=60)),
                ('message', models.CharField(max_length=300)),
                ('row', models.JSONField(help_text='The row as it came, so that it can be mended and sent again')),
            ],
            options={
                'ordering': ['row_number'],
                'constraints': [models.UniqueConstraint(fields=('practice', 'file', 'row_number'), name='one_refusal_per_row'), practice.tenancy.SamePractice(deferred=False, field='file', name='interop_importrefusal_file_same'), practice.tenancy.TenantTable(audit='', name='interop_importrefusal_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='ImportedRecord',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('source', models.CharField(max_length=20)),
                ('kind', models.CharField(max_length=30)),
                ('external_id', models.CharField(max_length=100)),
                ('record_id', models.UUIDField()),
                ('checksum', models.CharField(blank=True, default='', max_length=64)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'source', 'kind', 'external_id'), name='one_record_per_external_id'), practice.tenancy.TenantTable(audit='', name='interop_importedrecord_tenant', revoked='', secrets='')],
            },
        ),
    ]
