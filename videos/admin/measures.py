"""What the service measures of itself: quota, the pace of its stages, its workers."""

from django.contrib import admin
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter

from videos import quota
from videos.models import QuotaDay, StagePace, ToolStanding, ToolVersion, Worker
from videos.pipeline import tool
from ytsynch.desk.lists import Reading, column
from ytsynch.desk.shown import badge, bytes_, when


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


@admin.register(ToolVersion)
class ToolVersionAdmin(Reading):
    """Versions of yt-dlp that workers run: how old each is, and whether it understands YouTube."""

    list_display = ("version", "state", "age", "suspected", "probe", "seen")
    fields = (
        "version",
        "state",
        "age",
        "last_error",
        "suspects",
        "broken_since",
        "probe",
        "first_seen_at",
        "seen",
    )
    readonly_fields = fields
    ordering = ("-version",)

    @column("State", ordering="standing")
    def state(self, row: ToolVersion) -> SafeString:
        colours = {ToolStanding.TRUSTED: "green", ToolStanding.BROKEN: "red"}
        return badge(row.get_standing_display(), colours.get(ToolStanding(row.standing), "blue"))

    @column("Age")
    def age(self, row: ToolVersion) -> SafeString | str:
        age = tool.age_of(row.version)
        if age is None:
            return "–"
        return badge(f"{age.days} days", "yellow") if tool.is_old(row.version) else f"{age.days} days"

    @column("Videos it did not understand")
    def suspected(self, row: ToolVersion) -> str:
        return str(len(row.suspects)) if row.suspects else ""

    @column("Next probe", ordering="next_probe_at")
    def probe(self, row: ToolVersion) -> str:
        return "" if row.standing == ToolStanding.TRUSTED else when(row.next_probe_at)

    @column("In use", ordering="seen_at")
    def seen(self, row: ToolVersion) -> str:
        return when(row.seen_at)


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
