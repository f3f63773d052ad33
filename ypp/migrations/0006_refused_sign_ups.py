import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0005_watching_channels"),
        ("ypp", "0005_letters"),
    ]

    operations = [
        migrations.CreateModel(
            name="RefusedSignUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("youtube_id", models.CharField(max_length=24, unique=True)),
                ("title", models.CharField(max_length=200)),
                (
                    "unmet",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="[{code, message, measured, required}] of the last check.",
                    ),
                ),
                ("refused_at", models.DateTimeField(auto_now_add=True)),
                ("checked_at", models.DateTimeField()),
                (
                    "next_check_at",
                    models.DateTimeField(blank=True, help_text="Empty once it passed.", null=True),
                ),
                ("passed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "app",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="refused_sign_ups",
                        to="channels.app",
                    ),
                ),
                (
                    "creator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="refused_sign_ups",
                        to="channels.creator",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_check_at__isnull", False)),
                        fields=["next_check_at"],
                        name="refused_sign_up_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("next_check_at__isnull", False), ("passed_at", None)),
                            models.Q(("next_check_at", None), ("passed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_refusal_is_checked_until_it_passes",
                    )
                ],
            },
        ),
    ]
