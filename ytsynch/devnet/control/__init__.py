"""The control port: faults and changes of the world on request.

`port` is HTTP, `registry` what an action is; `chain_faults`, `chain_changes` and `service_faults` are the
actions, `overview` tells the state and resets it.
"""

from . import chain_changes, chain_faults, service_faults
from .port import ControlPort

__all__ = ["ControlPort", "chain_changes", "chain_faults", "service_faults"]
