import django.db.models.deletion
import django.db.models.functions.datetime
import kit.ids
import practice.tenancy
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('finance', '0001_initial'),
        ('practice', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='KpiDaily',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('kpi', models.CharField(max_length=30)),
                ('day', models.DateField()),
                ('location', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.location')),
                ('numerator', models.DecimalField(decimal_places=4, max_digits=16, null=True)),
                ('denominator', models.DecimalField(decimal_places=4, max_digits=16, null=True)),
                ('definition', models.PositiveSmallIntegerField(default=1)),
                ('computed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'kpi', 'day', 'location'), name='one_kpi_per_day_and_site'), practice.tenancy.SamePractice(deferred=False, field='location', name='reports_kpidaily_location_same'), practice.tenancy.TenantTable(audit='', name='reports_kpidaily_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='RollupRun',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('day', models.DateField(help_text='The last local day it covers')),
                ('first_day', models.DateField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('cells', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'day'), name='one_rollup_per_day'), practice.tenancy.TenantTable(audit='', name='reports_rolluprun_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='VarianceReport',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('month', models.DateField(help_text='First day of the month reported')),
                ('basis', models.CharField(choices=[('accrual', 'Accrual'), ('cash', 'Cash')], max_length=8)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('final', 'Final')], default='draft', max_length=8)),
                ('as_of', models.DateTimeField()),
                ('budget_label', models.CharField(blank=True, default='', max_length=40)),
                ('visits_planned', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('visits_actual', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('prepared_by', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.membership')),
                ('finalized_by', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.membership')),
                ('finalized_at', models.DateTimeField(blank=True, null=True)),
                ('pdf_made_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['practice', '-month', '-version'], name='reports_newest')],
                'constraints': [models.UniqueConstraint(fields=('practice', 'month', 'basis', 'version'), name='one_report_per_month_and_version'), practice.tenancy.SamePractice(deferred=False, field='prepared_by', name='reports_variancereport_prepared_by_same'), practice.tenancy.SamePractice(deferred=False, field='finalized_by', name='reports_variancereport_finalized_by_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='reports_variancereport_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='VarianceLine',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('report', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='reports.variancereport')),
                ('account', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.account')),
                ('actual', models.DecimalField(decimal_places=2, max_digits=14)),
                ('budget', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ('prior_year', models.DecimalField(decimal_places=2, max_digits=14)),
                ('ytd_actual', models.DecimalField(decimal_places=2, max_digits=14)),
                ('ytd_budget', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ('ytd_prior_year', models.DecimalField(decimal_places=2, max_digits=14)),
                ('is_material', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'report', 'account'), name='one_variance_line_per_account'), practice.tenancy.SamePractice(deferred=False, field='report', name='reports_varianceline_report_same'), practice.tenancy.SamePractice(deferred=False, field='account', name='reports_varianceline_account_same'), practice.tenancy.TenantTable(audit='', name='reports_varianceline_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='VarianceExplanation',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('line', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='explanations', to='reports.varianceline')),
                ('cause', models.CharField(choices=[('volume', 'Volume'), ('rate', 'Rate or price'), ('timing', 'Timing'), ('one_off', 'One-off'), ('error', 'Error'), ('accounting', 'Accounting change')], max_length=10)),
                ('text', models.TextField()),
                ('is_permanent', models.BooleanField(default=False)),
                ('full_year_effect', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('action', models.CharField(blank=True, default='', max_length=200)),
                ('action_owner', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='practice.membership')),
                ('action_due_on', models.DateField(blank=True, null=True)),
                ('written_by', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.membership')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'line'), name='one_explanation_per_line'), practice.tenancy.SamePractice(deferred=False, field='line', name='reports_varianceexplanation_line_same'), practice.tenancy.SamePractice(deferred=False, field='action_owner', name='reports_varianceexplanation_action_owner_same'), practice.tenancy.SamePractice(deferred=False, field='written_by', name='reports_varianceexplanation_written_by_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='reports_varianceexplanation_tenant', revoked='', secrets='')],
            },
        ),
    ]
