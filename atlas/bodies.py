"""The bodies that the Atlas API reads. Names and types are those of the contract."""

from typing import Any

from rest_framework import serializers

from atlas.fields import Flag, Id, Text, Timestamp
from channels.models import SuspensionReason, TierName

TIERS = {tier.label: tier for tier in TierName}


class HttpUrl(serializers.URLField):
    """A web address; `localhost` is one too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 2000, **options})

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or not data.startswith(("http://", "https://")):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class SignInRequest(serializers.Serializer[Any]):
    authorizationCode = Text(max_length=2000)
    youtubeRedirectUri = HttpUrl()


class MembershipRequest(serializers.Serializer[Any]):
    userId = Text(max_length=64)
    authorizationCode = Text(max_length=2000)
    account = Text(max_length=64, help_text="The ss58 address that will own the membership.")
    handle = Text(max_length=100)
    avatar = HttpUrl(required=False, allow_null=True)
    about = Text(required=False, allow_null=True, allow_blank=True, max_length=5000)
    name = Text(required=False, allow_null=True, allow_blank=True, max_length=200)


class JoinRequest(serializers.Serializer[Any]):
    userId = Text(max_length=64)
    authorizationCode = Text(max_length=2000)
    email = serializers.EmailField(max_length=254)
    joystreamChannelId = Id()
    shouldBeIngested = Flag()
    videoCategoryId = Text(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=40,
        help_text="Required when shouldBeIngested.",
    )
    referrerChannelId = Id(required=False, allow_null=True)


class Message(serializers.Serializer[Any]):
    """What an owner signs.

    A name that does not belong to the action is refused: a signature must not serve two actions.
    """

    timestamp = Timestamp()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        unknown = set(self.root.initial_data["message"]) - set(self.fields)
        if unknown:
            raise serializers.ValidationError(f"unknown: {', '.join(sorted(unknown))}")
        return attrs


class IngestMessage(Message):
    shouldBeIngested = Flag()
    videoCategoryId = Text(required=False, max_length=40)


class OptOutMessage(Message):
    optout = Flag()

    def validate_optout(self, value: bool) -> bool:
        if not value:
            raise serializers.ValidationError("must be true; to come back, sign up again")
        return value


class CategoryMessage(Message):
    videoCategoryId = Text(max_length=40)


class SignedRequest(serializers.Serializer[Any]):
    signature = Text(
        max_length=200, help_text="Hexadecimal: sr25519, ed25519 or ecdsa, with or without its type byte."
    )


class IngestRequest(SignedRequest):
    message = IngestMessage()


class OptOutRequest(SignedRequest):
    message = OptOutMessage()


class CategoryRequest(SignedRequest):
    message = CategoryMessage()


class Order(serializers.Serializer[Any]):
    joystreamChannelId = Id()


class SuspendOrder(Order):
    reason = serializers.ChoiceField(SuspensionReason.values)


class VerifyOrder(Order):
    tier = serializers.ChoiceField(list(TIERS))


class IngestionOrder(Order):
    allowOperatorIngestion = Flag()


class CategoryOrder(Order):
    videoCategoryId = Text(max_length=40)


class HandleOrder(serializers.Serializer[Any]):
    channelHandle = Text(max_length=100)

    def validate_channelHandle(self, value: str) -> str:
        if not value.startswith("@") or len(value) < 2 or any(character.isspace() for character in value):
            raise serializers.ValidationError("a handle begins with @ and has no spaces")
        return value


class AccountProof(serializers.Serializer[Any]):
    authorizationCode = Text(required=False, max_length=2000)
