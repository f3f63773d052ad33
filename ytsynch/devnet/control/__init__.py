"""The control port: faults and changes of the world on request.

`port` is HTTP, `registry` what an action is; `chain_faults`, `chain_changes`, `service_faults` and
`mailbox_faults` are the actions, `overview` tells the state and resets it.
"""

from . import chain_changes, chain_faults, mailbox_faults, service_faults
from .port import ControlPort

__all__ = ["ControlPort", "chain_changes", "chain_faults", "mailbox_faults", "service_faults"]
