"""What the service measures of itself: quota, the pace of its stages, its workers."""

from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter

from videos import quota
from videos.models import QuotaDay, StagePace, Worker
from ytsynch.desk.lists import Reading, column
from ytsynch.desk.shown import bytes_, when


@admin.register(QuotaDay)
class QuotaDayAdmin(Reading):
    """Units of the YouTube Data API, by day in California."""

    list_display = ("day", "sync_share", "sign_up_share", "exhausted")
    fields = ("day", "sync_used", "signup_used", "exhausted_at")
    ordering = ("-day",)

    @column("Sync", ordering="sync_used")
    def sync_share(self, row: QuotaDay) -> str:
        return f"{row.sync_used:,} of {quota.limit_of(quota.Purpose.SYNC):,}"

    @column("Sign-up", ordering="signup_used")
    def sign_up_share(self, row: QuotaDay) -> str:
        return f"{row.signup_used:,} of {quota.limit_of(quota.Purpose.SIGN_UP):,}"

    @column("Google said that it is spent", ordering="exhausted_at")
    def exhausted(self, row: QuotaDay) -> str:
        return when(row.exhausted_at)


@admin.register(StagePace)
class StagePaceAdmin(Reading):
    """What each stage got done, ten seconds a row: expected times are made of it."""

    list_display = ("slot", "stage", "finished", "size")
    list_filter = (("stage", ChoicesDropdownFilter), ("slot", RangeDateFilter))
    fields = ("stage", "slot", "finished", "bytes")
    ordering = ("-slot", "stage")

    @column("Bytes", ordering="bytes")
    def size(self, row: StagePace) -> str:
        return bytes_(row.bytes) if row.bytes else ""


@admin.register(Worker)
class WorkerAdmin(Reading):
    """Processes that work on the stages, as they were last heard of."""

    list_display = ("name", "stage", "started", "seen")
    list_filter = (("stage", ChoicesDropdownFilter),)
    fields = ("name", "stage", "started", "seen")
    readonly_fields = ("started", "seen")
    ordering = ("stage", "name")

    @column("Started", ordering="started_at")
    def started(self, row: Worker) -> str:
        return when(row.started_at)

    @column("Last heard of", ordering="seen_at")
    def seen(self, row: Worker) -> str:
        return when(row.seen_at)
