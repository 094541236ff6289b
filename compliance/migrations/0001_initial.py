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
            name='Programme',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('kind', models.CharField(choices=[('hipaa', 'HIPAA'), ('osha', 'OSHA')], max_length=8)),
                ('name', models.CharField(max_length=120)),
                ('cycle_days', models.PositiveSmallIntegerField(default=365)),
                ('owner', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='practice.membership')),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'name'), name='one_programme_per_name'), practice.tenancy.SamePractice(deferred=False, field='owner', name='compliance_programme_owner_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='compliance_programme_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='ChecklistItem',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('programme', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checklist', to='compliance.programme')),
                ('code', models.CharField(max_length=8)),
                ('citation', models.CharField(max_length=60)),
                ('text', models.CharField(max_length=300)),
                ('is_required', models.BooleanField(default=True, help_text='Required; otherwise addressable')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('effective_from', models.DateField()),
                ('effective_to', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('practice', 'programme', 'code', 'effective_from'), name='one_check_per_code_and_date'), practice.tenancy.SamePractice(deferred=False, field='programme', name='compliance_checklistitem_programme_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='compliance_checklistitem_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='Audit',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('programme', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='audits', to='compliance.programme')),
                ('location', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.location')),
                ('name', models.CharField(max_length=120)),
                ('started_on', models.DateField()),
                ('due_on', models.DateField()),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('open', 'Open'), ('closed', 'Closed')], default='open', max_length=8)),
                ('lead', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='practice.membership')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'programme', 'name'), name='one_audit_per_name'), practice.tenancy.SamePractice(deferred=False, field='programme', name='compliance_audit_programme_same'), practice.tenancy.SamePractice(deferred=False, field='location', name='compliance_audit_location_same'), practice.tenancy.SamePractice(deferred=False, field='lead', name='compliance_audit_lead_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='compliance_audit_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='AuditAnswer',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('audit_round', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='compliance.audit')),
                ('item', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='compliance.checklistitem')),
                ('answer', models.CharField(choices=[('open', 'Not answered'), ('met', 'Met'), ('partly', 'Partly met'), ('not_met', 'Not met'), ('na', 'Not applicable')], default='open', max_length=8)),
                ('notes', models.TextField(blank=True, default='')),
                ('alternative', models.TextField(blank=True, default='', help_text='For an addressable item not met: why, and what is done instead')),
                ('answered_by', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='practice.membership')),
                ('answered_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'audit_round', 'item'), name='one_answer_per_item'), practice.tenancy.SamePractice(deferred=False, field='audit_round', name='compliance_auditanswer_audit_round_same'), practice.tenancy.SamePractice(deferred=False, field='item', name='compliance_auditanswer_item_same'), practice.tenancy.SamePractice(deferred=False, field='answered_by', name='compliance_auditanswer_answered_by_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='compliance_auditanswer_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('answer', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='compliance.auditanswer')),
                ('title', models.CharField(max_length=200)),
                ('severity', models.CharField(choices=[('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], default='medium', max_length=8)),
                ('state', models.CharField(choices=[('open', 'Open'), ('closed', 'Closed')], default='open', max_length=8)),
                ('found_on', models.DateField()),
                ('due_on', models.DateField()),
                ('owner', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='practice.membership')),
                ('closed_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['practice', 'state', 'due_on'], name='findings_by_deadline')],
                'constraints': [practice.tenancy.SamePractice(deferred=False, field='answer', name='compliance_finding_answer_same'), practice.tenancy.SamePractice(deferred=False, field='owner', name='compliance_finding_owner_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='compliance_finding_tenant', revoked='', secrets='')],
            },
        ),
        migrations.CreateModel(
            name='CorrectiveAction',
            fields=[
                ('id', models.UUIDField(db_default=practice.tenancy.UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('practice', practice.tenancy.PracticeField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.practice')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('finding', practice.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='compliance.finding')),
                ('text', models.CharField(max_length=300)),
                ('due_on', models.DateField()),
                ('owner', practice.tenancy.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='practice.membership')),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('done', 'Done')], default='planned', max_length=8)),
                ('done_on', models.DateField(blank=True, null=True)),
                ('proof', models.CharField(blank=True, default='', max_length=300)),
            ],
            options={
                'abstract': False,
                'constraints': [practice.tenancy.SamePractice(deferred=False, field='finding', name='compliance_correctiveaction_finding_same'), practice.tenancy.SamePractice(deferred=False, field='owner', name='compliance_correctiveaction_owner_same'), practice.tenancy.TenantTable(audit='insert,update,delete', name='compliance_correctiveaction_tenant', revoked='', secrets='')],
            },
        ),
    ]
