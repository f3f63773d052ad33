"""Rewards by tier, all of them in US cents: the one for referrals was in dollars."""

from django.db import migrations, models
from django.db.models import F


def to_cents(apps, schema_editor):
    apps.get_model("ypp", "Tier").objects.update(referral_reward=F("referral_reward") * 100)


def to_dollars(apps, schema_editor):
    apps.get_model("ypp", "Tier").objects.update(referral_reward=F("referral_reward") / 100)


class Migration(migrations.Migration):
    dependencies = [("ypp", "0007_letters_about_lost_channels")]

    operations = [
        migrations.AddField(
            model_name="tier",
            name="sign_up_reward",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="US cents, once, for a channel that is verified in this tier.",
            ),
        ),
        migrations.AddField(
            model_name="tier",
            name="video_reward",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="US cents for each new video that was brought over.",
            ),
        ),
        migrations.AlterField(
            model_name="tier",
            name="referral_reward",
            field=models.PositiveIntegerField(
                default=0, help_text="US cents for whoever brought a verified channel of this tier."
            ),
        ),
        migrations.RunPython(to_cents, to_dollars),
    ]
