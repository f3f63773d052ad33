"""A dry run: what paying the round would do, without doing it.

Reward accounts are asked of the query node, fees and the payer's balance of the chain; nothing is signed.
"""

from dataclasses import asdict, dataclass, field

from django.utils import timezone

from channels.models import Status
from payments import batches, money, payer, rounds
from payments.models import Line, Round
from payments.states import LineState
from videos import outside

MOST_NAMED = 50


@dataclass
class DryRun:
    """`amount`, `fees` and `balance` in HAPI; `troubles` are lines that would not be paid, and why."""

    at: str
    payments: int = 0
    amount: int = 0
    fees: int = 0
    reserve: int = 0
    balance: int = 0
    is_covered: bool = False
    trouble_count: int = 0
    troubles: list[str] = field(default_factory=list)

    @property
    def needs(self) -> int:
        """HAPI that must be on the account: it must go on existing."""
        return self.amount + self.fees + self.reserve

    def trouble(self, line: Line, text: str) -> None:
        self.trouble_count += 1
        if len(self.troubles) < MOST_NAMED:
            self.troubles.append(f"{line}: {text}")


def run(round: Round, *, by: str) -> DryRun:
    """Try the round and keep what was found on it. Raises `NoPayer`, `NotPossible`, `JoystreamError`."""
    signer = payer.signer()
    payer.lane()
    node = outside.node()
    found = DryRun(timezone.now().isoformat(), reserve=node.existential_deposit())
    lines = list(
        Line.objects.filter(round=round, state=LineState.OPEN, amount__gt=0).select_related(
            "channel", "round"
        )
    )
    accounts = reward_accounts(lines)
    existing = node.exist(sorted(set(accounts.values())))
    payable = [line for line in lines if _is_payable(line, accounts, existing, found)]
    for start in range(0, len(payable), batches.MOST):
        part = payable[start : start + batches.MOST]
        _weight, fee = node.weight_of(batches.call_of(part, accounts, node), signer)
        found.fees += fee
    found.payments, found.amount = len(payable), sum(line.amount for line in payable)
    found.balance = node.balance(signer.address)
    found.is_covered = bool(payable) and found.balance >= found.needs
    rounds.keep_dry_run(round, asdict(found) | {"needs": found.needs}, by=by)
    return found


def reward_accounts(lines: list[Line]) -> dict[int, str]:
    """The reward account of each line's Joystream channel by the line's key; lines of channels that the query
    node does not know are missing.
    """
    ids = {line.channel.joystream_channel_id for line in lines}
    channels = outside.query_node().channels(sorted(id for id in ids if id is not None))
    found = {}
    for line in lines:
        channel = channels.get(line.channel.joystream_channel_id or 0)
        if channel is not None and channel.reward_account:
            found[line.pk] = channel.reward_account
    return found


def _is_payable(line: Line, accounts: dict[int, str], existing: set[str], found: DryRun) -> bool:
    account = accounts.get(line.pk)
    if line.channel.status == Status.SUSPENDED:
        found.trouble(line, "the channel is suspended: it would be set aside")
    elif account is None:
        found.trouble(line, "Joystream knows no such channel")
    else:
        if account not in existing and line.amount < found.reserve:
            least = money.joy(found.reserve)
            found.trouble(line, f"a new account must be paid at least {least} JOY: it would be refused")
            return False
        existing.add(account)
        return True
    return False
