"""What was sent to the chain: the outbox, to be read."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter, RelatedDropdownFilter

from videos.models import ChainTransaction, TransactionState
from ytsynch.desk.lists import column
from ytsynch.desk.pages import Fact, Facts, Page
from ytsynch.desk.shown import badge, link, when

HAPI_PER_JOY = 10**10
COLOURS = {TransactionState.SIGNED: "yellow", TransactionState.FINAL: "green", TransactionState.DEAD: "grey"}


@admin.register(ChainTransaction)
class ChainTransactionAdmin(Page):
    """Extrinsics, each committed before it was sent. The service finds out what became of them by itself."""

    page_template = "admin/videos/transaction.html"
    list_display = (
        "short_hash",
        "purpose",
        "lane",
        "nonce",
        "state_shown",
        "block",
        "video_count",
        "fee_shown",
        "signed",
        "settled",
    )
    list_filter = (
        ("purpose", ChoicesDropdownFilter),
        ("lane", RelatedDropdownFilter),
        ("state", ChoicesDropdownFilter),
        ("signed_at", RangeDateFilter),
    )
    search_fields = ("hash__exact", "block_number__exact")
    search_help_text = "Hash of the extrinsic, or number of its block"
    ordering = ("-id",)
    list_select_related = ("lane",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChainTransaction]:
        rows = super().get_queryset(request).defer("data").select_related("lane")
        return rows.annotate(count=Count("entries"))  # type: ignore[no-any-return]

    @column("Extrinsic")
    def short_hash(self, row: ChainTransaction) -> str:
        return f"{row.hash[:10]}…{row.hash[-4:]}"

    @column("State", ordering="state")
    def state_shown(self, row: ChainTransaction) -> SafeString:
        return transaction_badge(row)

    @column("Block", ordering="block_number")
    def block(self, row: ChainTransaction) -> str:
        return f"{row.block_number:,}" if row.block_number else f"dies in {row.death_block:,}"

    @column("Videos")
    def video_count(self, row: Any) -> int:
        return int(row.count)

    @column("Fee", ordering="fee")
    def fee_shown(self, row: ChainTransaction) -> str:
        return joy(row)

    @column("Signed", ordering="signed_at")
    def signed(self, row: ChainTransaction) -> str:
        return when(row.signed_at)

    @column("Settled", ordering="settled_at")
    def settled(self, row: ChainTransaction) -> str:
        return when(row.settled_at)

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        entries = (
            row.entries.select_related("video__channel")
            .defer("video__description")
            .order_by("batch", "position")
        )
        return {"entries": entries, "facts": [_sending(row), _fate(row)]}


def transaction_badge(row: ChainTransaction) -> SafeString:
    if row.state == TransactionState.FINAL and row.error:
        return badge("Final, failed", "red")
    return badge(row.get_state_display(), COLOURS[TransactionState(row.state)])


def joy(row: ChainTransaction) -> str:
    return f"{row.fee / HAPI_PER_JOY:,.6f} JOY" if row.fee is not None else "–"


def _sending(row: ChainTransaction) -> Facts:
    lane = link(reverse("admin:channels_lane_change", args=[row.lane_id]), str(row.lane))
    return Facts(
        "As it was sent",
        [
            Fact("Hash", row.hash),
            Fact("Purpose", row.get_purpose_display()),
            Fact("Lane", lane),
            Fact("Nonce", row.nonce),
            Fact("May be included", f"from block {row.birth_block:,} to {row.death_block - 1:,}"),
            Fact("Signed", when(row.signed_at)),
            Fact("Sent last", when(row.sent_at)),
        ],
    )


def _fate(row: ChainTransaction) -> Facts:
    return Facts(
        "What became of it",
        [
            Fact("State", transaction_badge(row)),
            Fact("Looked for up to block", f"{row.scanned_to:,}"),
            Fact("Block", f"{row.block_number:,}" if row.block_number else ""),
            Fact("Block's hash", row.block_hash),
            Fact("Place in the block", row.extrinsic_index),
            Fact("Fee", joy(row)),
            Fact("Error", row.error),
            Fact("Settled", when(row.settled_at)),
        ],
    )
