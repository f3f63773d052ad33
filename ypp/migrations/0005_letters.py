"""Letters to creators, and who wants none."""

import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0003_service_switches"),
        ("ypp", "0004_default_requirements"),
    ]

    operations = [
        migrations.CreateModel(
            name="Unsubscribed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "address_hash",
                    models.CharField(
                        help_text="SHA-256 of the address in small letters.", max_length=64, unique=True
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "unsubscribed addresses",
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("welcome", "Welcome"),
                            ("verified", "Verified, or another tier"),
                            ("requirements_unmet", "Requirements not met"),
                            ("requirements_met", "Requirements met after all"),
                            ("permission_revoked", "Permission at Google revoked"),
                            ("sync_paused", "Sync paused"),
                            ("sync_resumed", "Sync resumed"),
                            ("space_full", "No space left on the Joystream channel"),
                            ("suspended", "Suspended"),
                            ("suspension_lifted", "Suspension lifted"),
                            ("left", "Left the programme"),
                            ("payout", "Payout"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "event",
                    models.CharField(
                        help_text="What it tells of. Nobody is written to about it twice.",
                        max_length=120,
                        unique=True,
                    ),
                ),
                (
                    "address",
                    models.EmailField(
                        blank=True,
                        help_text="Empty once an account is deleted and its last letter is out.",
                        max_length=254,
                    ),
                ),
                (
                    "facts",
                    models.JSONField(
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        help_text="What its text is made of.",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "dropped",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not dropped"),
                            ("unsubscribed", "The creator wants no letters"),
                            ("refused", "The address does not exist"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0, editable=False)),
                ("last_error", models.TextField(blank=True, editable=False)),
                (
                    "next_attempt_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("lease_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("leased_until", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="letters",
                        to="channels.channel",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at", None), ("dropped", "")),
                        fields=["next_attempt_at", "id"],
                        name="letter_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "welcome",
                                    "verified",
                                    "requirements_unmet",
                                    "requirements_met",
                                    "permission_revoked",
                                    "sync_paused",
                                    "sync_resumed",
                                    "space_full",
                                    "suspended",
                                    "suspension_lifted",
                                    "left",
                                    "payout",
                                ],
                            )
                        ),
                        name="letter_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sent_at", None), ("dropped", ""), _connector="OR"),
                        name="a_letter_is_sent_or_dropped",
                    ),
                ],
            },
        ),
    ]
