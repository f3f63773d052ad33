"""The requirements of the programme's terms (50 subscribers, 10 videos of a month's age, a channel of three
months), and what a referral is worth.
"""

from django.db import migrations

REFERRAL_REWARDS = {"bronze": 2, "silver": 25, "gold": 50, "diamond": 100}  # US dollars


def make_defaults(apps, schema_editor):
    apps.get_model("ypp", "Requirement").objects.create(app=None)
    tier = apps.get_model("ypp", "Tier")
    for name, dollars in REFERRAL_REWARDS.items():
        tier.objects.filter(name=name).update(referral_reward=dollars)


def drop_defaults(apps, schema_editor):
    apps.get_model("ypp", "Requirement").objects.filter(app=None).delete()


class Migration(migrations.Migration):
    dependencies = [("ypp", "0003_requirements_and_whitelist")]

    operations = [migrations.RunPython(make_defaults, drop_defaults)]
