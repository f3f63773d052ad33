"""What is rewarded, as staff set it; the sums are those of the tiers."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from payments import money
from payments.models import RewardRules
from ytsynch.desk.history import Remembering
from ytsynch.desk.lists import column
from ytsynch.desk.shown import when


@admin.register(RewardRules)
class RewardRulesAdmin(Remembering):
    """One row, which is changed and never added or deleted."""

    list_display = ("name", "begins", "videos", "referrals_count", "second_person")
    fieldsets = (
        (None, {"fields": ("starts_at",)}),
        ("Videos", {"fields": ("min_video_seconds", "max_videos_a_week")}),
        ("Referrals", {"fields": ("referrals_count",)}),
        ("Approval", {"fields": ("two_persons_above",)}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @column("Rules")
    def name(self, rules: RewardRules) -> str:
        return str(rules)

    @column("Since")
    def begins(self, rules: RewardRules) -> str:
        return when(rules.starts_at) if rules.starts_at else "nothing is rewarded"

    @column("Videos")
    def videos(self, rules: RewardRules) -> str:
        return f"{rules.max_videos_a_week} a week, of {rules.min_video_seconds} seconds at least"

    @column("Two persons above")
    def second_person(self, rules: RewardRules) -> str:
        return money.dollars(rules.two_persons_above)
