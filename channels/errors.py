"""What is refused to creators, gateways and operators, one class for each reason. The message is for whoever
asked.

`code` is the word that Atlas knows the refusal by, where it has one (shared contract of the Atlas API);
`result` is what helps to go on.
"""

from typing import Any, ClassVar


class Refused(Exception):
    """Something that was asked for is not done."""

    code: ClassVar[str | None] = None

    def __init__(self, message: str, *, result: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.result = result


class NotFound(Refused):
    """There is no such thing here."""


class Closed(Refused):
    """It is not done for anybody at the moment."""


class AlreadyRegistered(Refused):
    """The YouTube channel takes part already, or the Joystream channel belongs to one that does."""

    code = "CHANNEL_ALREADY_REGISTERED"

    def __init__(self, joystream_channel_id: int | None) -> None:
        super().__init__(
            f"Already registered, with Joystream channel {joystream_channel_id}.", result=joystream_channel_id
        )


class NoYouTubeChannel(Refused):
    """The Google account has no YouTube channel, or YouTube does not show it."""

    code = "CHANNEL_NOT_FOUND"


class ChannelSuspended(Refused):
    """The channel is suspended from the programme."""

    code = "CHANNEL_STATUS_SUSPENDED"

    def __init__(self, joystream_channel_id: int | None = None) -> None:
        super().__init__("The channel is suspended from the programme.", result=joystream_channel_id)


class WrongProof(Refused):
    """The authorization code is not the one of the creator's last sign-in, or it was used before."""

    def __init__(self) -> None:
        super().__init__("Invalid request author. Permission denied: sign in with Google again.")


class WrongSignature(Refused):
    """The message was not signed by the owner of the Joystream channel."""


class StaleAction(Refused):
    """The signed message is not newer than the last one, was used before, or comes from the future."""


class TooOften(Refused):
    """Somebody asks for more than their share; `result` is the seconds until they may ask again."""

    def __init__(self, seconds: int) -> None:
        super().__init__("Too many tries from your network.", result=seconds)
