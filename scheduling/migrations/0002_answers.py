"""Offers of the wait list go out by a message and are answered from outside."""

import django.db.models.deletion
from django.db import migrations, models

import practice.tenancy

WHY = [
    ("no_consent", "No consent to texts"),
    ("opted_out", "The patient opted out"),
    ("no_address", "No number or address to use"),
    ("cancelled", "The visit does not stand any more"),
    ("moved", "The visit was moved"),
    ("confirmed", "Confirmed already"),
    ("over", "Quiet hours or a delay until the visit began"),
    ("died", "The patient has died"),
    ("switched_off", "The step was switched off"),
    ("stopped", "Stopped by hand"),
    ("answered", "The offer was answered, or is over"),
    ("no_gateway", "No text gateway is set up"),
    ("refused", "It was not taken"),
    ("unreachable", "It could not be handed over"),
    ("undelivered", "It did not arrive"),
    ("unsure", "Interrupted while it was sent: it may have gone out"),
]
MEANING = [
    ("confirm", "Confirms"),
    ("cancel", "Cannot come"),
    ("reschedule", "Asks for another time"),
    ("take", "Takes the time offered"),
    ("decline", "Does not want the time offered"),
    ("stop", "Wants no texts"),
    ("start", "Wants texts again"),
    ("other", "Something else"),
]
OFFER = {
    "blank": True,
    "null": True,
    "on_delete": django.db.models.deletion.CASCADE,
    "to": "scheduling.waitlistoffer",
    "verbose_name": "time offered",
}


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0001_initial")]

    operations = [
        migrations.AddField(
            "reminder", "offer", practice.tenancy.TenantForeignKey(related_name="messages", **OFFER)
        ),
        migrations.AddField(
            "visitlink", "offer", practice.tenancy.TenantForeignKey(related_name="links", **OFFER)
        ),
        migrations.AlterField(
            "reminder",
            "step",
            practice.tenancy.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="scheduling.reminderstep",
            ),
        ),
        migrations.AlterField(
            "reminder",
            "visit_at",
            models.DateTimeField(help_text="The time it is about", verbose_name="visit"),
        ),
        migrations.AlterField(
            "reminder",
            "reason",
            models.CharField(blank=True, choices=WHY, default="", max_length=12, verbose_name="why"),
        ),
        migrations.AlterField("visitreply", "meaning", models.CharField(choices=MEANING, max_length=10)),
        migrations.AddConstraint(
            "reminder",
            models.UniqueConstraint(
                fields=["practice", "offer", "channel"],
                name="one_message_per_offer_and_channel",
                violation_error_message="This offer goes out that way already.",
            ),
        ),
        migrations.AddConstraint(
            "reminder",
            models.CheckConstraint(
                condition=models.Q(("offer__isnull", False), ("step", None))
                | models.Q(("offer", None), ("step__isnull", False)),
                name="a_message_reminds_or_offers",
            ),
        ),
        migrations.AddConstraint(
            "reminder", practice.tenancy.SamePractice(field="offer", name="scheduling_reminder_offer_same")
        ),
        migrations.AddConstraint(
            "visitlink", practice.tenancy.SamePractice(field="offer", name="scheduling_visitlink_offer_same")
        ),
    ]
