from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_claim_part")]

    operations = [
        migrations.AddField(
            model_name="remittanceclaim",
            name="remarks",
            field=models.CharField(
                blank=True, default="", help_text="RARCs of MIA and MOA", max_length=80
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses__isnull", False)),
                fields=("practice", "reverses"),
                name="one_reversal_per_entry",
                violation_error_message="This entry was already reversed.",
            ),
        ),
    ]
