"""The devnet's runtime: some pallets of Joystream's, of each only the calls that the devnet understands."""

from .balances import BALANCES, TRANSACTION_PAYMENT
from .content import CONTENT
from .members import MEMBERS
from .pallet import Pallet
from .storage import STORAGE
from .system import SYSTEM, TIMESTAMP, UTILITY

PALLETS: tuple[Pallet, ...] = (
    SYSTEM,
    UTILITY,
    TIMESTAMP,
    BALANCES,
    TRANSACTION_PAYMENT,
    MEMBERS,
    CONTENT,
    STORAGE,
)
