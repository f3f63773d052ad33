"""What creators fill in."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from videos.choices import OFFERED
from ytsynch.joystream.languages import ISO_639_1
from ytsynch.joystream.query_node import QnCategory

LARGEST_ID = 2**63 - 1

LANGUAGES = {
    "ar": "Arabic", "bn": "Bengali", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "es": "Spanish", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew",
    "hi": "Hindi", "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean",
    "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "ta": "Tamil",
    "te": "Telugu", "th": "Thai", "tl": "Filipino", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""The languages that are offered by name; a channel in another one keeps what YouTube says."""


class JoystreamChannelField(forms.CharField):
    """The number of a Joystream channel, or an address that ends with it, as it is copied."""

    def clean(self, value: object) -> int | None:
        text = super().clean(value).strip().rstrip("/")
        if not text:
            return None
        found = re.fullmatch(r"(?:https?://\S+/)?(\d{1,19})", text)
        if found is None or int(found[1]) > LARGEST_ID:
            raise ValidationError("Write the number of the channel, such as 12, or paste its address.")
        return int(found[1])


class Form(forms.Form):
    """Labels stand above their fields, without a colon."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""


class JoystreamChannelForm(Form):
    joystream_channel = JoystreamChannelField(
        label="Your Joystream channel",
        max_length=200,
        error_messages={"required": "Write the number of your channel."},
        help_text="Its number, or the address of its page: …/channel/12",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url", "autofocus": True}),
    )


class SignatureForm(Form):
    signature = forms.CharField(
        label="Signature",
        max_length=300,
        error_messages={"required": "Paste the signature."},
        help_text="It begins with 0x.",
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_signature(self) -> str:
        return "".join(self.cleaned_data["signature"].split())


def _category(known: Iterable[QnCategory]) -> forms.ChoiceField:
    choices = [("", "Choose one …"), *((category.id, category.name or category.id) for category in known)]
    return forms.ChoiceField(
        label="Category of your videos",
        choices=choices,
        help_text="You can change it at any time, for videos to come.",
        error_messages={"required": "Choose a category."},
    )


class DetailsForm(Form):
    """`language` is what YouTube says; it stays so unless another is chosen."""

    language = forms.ChoiceField(label="Language of your videos", required=False)
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="For letters about this channel. Nobody else sees it.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Write an address to which we can send letters."},
    )
    referrer = JoystreamChannelField(
        label="Who told you about us?",
        max_length=200,
        required=False,
        help_text="The number of their Joystream channel, if they have one. Leave it empty if nobody did.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    terms = forms.BooleanField(
        label="I have read the terms and accept them.",
        error_messages={"required": "Accept the terms to go on."},
    )

    def __init__(self, *args: Any, categories: Iterable[QnCategory], language: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["category"] = _category(categories)
        named = LANGUAGES if language in LANGUAGES or not language else {language: language} | LANGUAGES
        self.fields["language"].choices = [("", "As YouTube says"), *named.items()]  # type: ignore[attr-defined]
        self.initial.setdefault("language", language)
        self.order_fields(["category", "language", "email", "referrer", "terms"])

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        return language if language in ISO_639_1 else ""


class CategoryForm(Form):
    def __init__(self, *args: Any, categories: Iterable[QnCategory], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["category"] = _category(categories)


class WhenGoneForm(Form):
    when_gone = forms.ChoiceField(
        label="When you make a video private on YouTube, or delete it there",
        choices=[(choice.value, meaning) for choice, meaning in OFFERED.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one.", "invalid_choice": "Choose one of these."},
    )


class EmailForm(Form):
    email = forms.EmailField(
        label="E-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class TypedConfirmation(Form):
    """What cannot be undone asks for a word, so that no slip of the finger does it."""

    word = forms.CharField(
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, expected: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._expected = expected
        self.fields["word"].label = f"Type “{expected}” to confirm"

    def clean_word(self) -> str:
        word: str = self.cleaned_data["word"]
        if word.strip().casefold() != self._expected.casefold():
            raise ValidationError(f"Type “{self._expected}”, without the quotation marks.")
        return word


class AppealForm(Form):
    text = forms.CharField(
        label="Why is the suspension a mistake?",
        max_length=4000,
        error_messages={"required": "Say why, in your own words."},
        help_text="Name the videos that it is about, and what shows that you are right: a licence, a link, a date.",
        widget=forms.Textarea(attrs={"rows": 10}),
    )
