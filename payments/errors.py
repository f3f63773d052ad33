"""What is refused about payments, in words for staff."""

from channels.errors import Refused


class NotPossible(Refused):
    """The round's state does not allow the move."""


class SecondPersonNeeded(Refused):
    """Above the sum of the rules, whoever reviewed a round may not approve it as well."""


class NoPayer(Refused):
    """The configuration names nobody who pays (`payments.payer`), or somebody who cannot."""


class NotCovered(Refused):
    """The payer's account holds too little for the round."""
