"""The payments table for other programs: its columns, named as they always were."""

from import_export import fields, resources

from payments import money
from payments.models import Payment


class PaymentResource(resources.ModelResource):  # type: ignore[misc]
    """One row a payment. Amounts in JOY, exact; times in ISO 8601."""

    joystream_channel_id = fields.Field("joystream_channel_id", "Joystream Channel ID")
    reward_account = fields.Field("reward_account", "Channel Reward Account")
    title = fields.Field("youtube_channel_title", "Youtube Channel Title")
    youtube_id = fields.Field("youtube_channel_id", "Youtube Channel ID")
    block = fields.Field("block", "Block Executed")
    executed_at = fields.Field(column_name="Block Executed (time)")
    action = fields.Field(column_name="Action")
    amount = fields.Field(column_name="Amount")
    rationale = fields.Field("rationale", "Rationale")
    payer = fields.Field("payer_member_id", "Paid by Member")

    class Meta:
        model = Payment
        fields = (
            "joystream_channel_id",
            "reward_account",
            "title",
            "youtube_id",
            "block",
            "executed_at",
            "action",
            "amount",
            "rationale",
            "payer",
        )
        export_order = fields

    def dehydrate_executed_at(self, payment: Payment) -> str:
        return payment.executed_at.isoformat()

    def dehydrate_action(self, payment: Payment) -> str:
        return payment.get_action_display()

    def dehydrate_amount(self, payment: Payment) -> str:
        return money.joy(payment.amount).replace(",", "")
