import django.db.models.deletion
import django.db.models.functions.datetime
import kit.ids
import practice.tenancy
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('practice', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('number', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=80)),
                ('section', models.CharField(choices=[('asset', 'Assets'), ('liability', 'Liabilities'), ('equity', 'Equity'), ('revenue', 'Revenue'), ('staff', 'Support staff'), ('operating', 'General operating'), ('clinical', 'Clinical cost'), ('providers', 'Providers'), ('other', 'Non-operating')], max_length=10)),
                ('is_contra', models.BooleanField(default=False)),
                ('polarity', models.SmallIntegerField(default=1)),
                ('behaviour', models.CharField(choices=[('fixed', 'Fixed'), ('variable', 'Variable with a driver'), ('step', 'Step')], default='fixed', max_length=8)),
                ('driver', models.CharField(blank=True, default='', help_text='visits, wrvu, fte …', max_length=20)),
                ('benchmark_ref', models.CharField(blank=True, default='', max_length=20)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('practice', 'number'), name='one_account_per_number'), models.CheckConstraint(condition=models.Q(('polarity__in', [1, -1])), name='polarity_is_a_sign'), practice.tenancy.TenantTable(audit='insert,update,delete', name='finance_account_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='AccountingPeriod',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('month', models.DateField(help_text='First day of the month')),
                ('state', models.CharField(choices=[('open', 'Open'), ('closed', 'Closed')], default='open', max_length=8)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_by', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.membership')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'month'), name='one_period_per_month'), practice.tenancy.SamePractice(deferred=False, field='closed_by', name='finance_accountingperiod_closed_by_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='finance_accountingperiod_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='Journal',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('created_by', models.TextField(db_default=practice.tenancy.Setting('app.actor'), editable=False)),
                ('request_id', models.TextField(db_default=practice.tenancy.Setting('app.request_id'), editable=False)),
                ('tx', practice.tenancy.TransactionIdField(db_default=practice.tenancy.CurrentTransaction(), editable=False)),
                ('dated_on', models.DateField()),
                ('source', models.CharField(help_text='billing.daily, budget.actuals, manual …', max_length=30)),
                ('source_key', models.CharField(help_text='What in the source: unique, so posting twice is once', max_length=120)),
                ('memo', models.CharField(blank=True, default='', max_length=200)),
                ('reverses', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='finance.journal')),
            ],
            options={
                'indexes': [models.Index(fields=['practice', 'dated_on'], name='journal_by_day')],
                'constraints': [models.UniqueConstraint(fields=('practice', 'source', 'source_key'), name='one_journal_per_source'), practice.tenancy.SamePractice(deferred=False, field='reverses', name='finance_journal_reverses_same'), practice.tenancy.TenantTable(audit='update,delete', name='finance_journal_tenant', revoked='update, delete', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='Budget',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('year', models.PositiveSmallIntegerField()),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('approved', 'Approved')], default='draft', max_length=10)),
                ('approved_by', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.membership')),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'year', 'version'), name='one_budget_per_year_and_version'), practice.tenancy.SamePractice(deferred=False, field='approved_by', name='finance_budget_approved_by_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='finance_budget_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='DriverValue',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('driver', models.CharField(max_length=20)),
                ('month', models.DateField()),
                ('location', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.location')),
                ('planned', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('actual', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'driver', 'month', 'location'), name='one_driver_value_per_month', nulls_distinct=False), practice.tenancy.SamePractice(deferred=False, field='location', name='finance_drivervalue_location_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='finance_drivervalue_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='JournalLine',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('created_by', models.TextField(db_default=practice.tenancy.Setting('app.actor'), editable=False)),
                ('request_id', models.TextField(db_default=practice.tenancy.Setting('app.request_id'), editable=False)),
                ('tx', practice.tenancy.TransactionIdField(db_default=practice.tenancy.CurrentTransaction(), editable=False)),
                ('journal', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='finance.journal')),
                ('account', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='finance.account')),
                ('location', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.location')),
                ('dated_on', models.DateField(help_text="The journal's day, kept here for the reports' index")),
                ('basis', models.CharField(choices=[('both', 'Both'), ('accrual', 'Accrual'), ('cash', 'Cash')], default='both', max_length=8)),
                ('debit', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=12)),
                ('credit', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=12)),
            ],
            options={
                'indexes': [models.Index(fields=['practice', 'account', 'dated_on'], name='line_by_account_and_day'), models.Index(fields=['practice', 'dated_on', 'id'], name='line_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('credit__gte', 0), ('debit__gte', 0), models.Q(('debit', 0), ('credit', 0), _connector='OR')), name='debit_or_credit_and_not_negative'), practice.tenancy.SamePractice(deferred=False, field='journal', name='finance_journalline_journal_same'), practice.tenancy.SamePractice(deferred=False, field='account', name='finance_journalline_account_same'), practice.tenancy.SamePractice(deferred=False, field='location', name='finance_journalline_location_same'), practice.tenancy.TenantTable(audit='update,delete', name='finance_journalline_tenant', revoked='update, delete', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='BudgetLine',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('budget', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='finance.budget')),
                ('account', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.account')),
                ('location', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.location')),
                ('month', models.DateField(help_text='First day of the month')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'budget', 'account', 'location', 'month'), name='one_budget_line_per_account_and_month', nulls_distinct=False), practice.tenancy.SamePractice(deferred=False, field='budget', name='finance_budgetline_budget_same'), practice.tenancy.SamePractice(deferred=False, field='account', name='finance_budgetline_account_same'), practice.tenancy.SamePractice(deferred=False, field='location', name='finance_budgetline_location_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='finance_budgetline_tenant', revoked='', secrets='')],
            },
        ),
    ]
