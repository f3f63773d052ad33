"""The actions of the control port: plain functions, registered by path.

The parameters of a function, their types and defaults are those of the action; the first line of its
docstring is its help. The first parameter is the world that it acts on.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model
from scalecodec.utils.ss58 import ss58_decode

from ytsynch.devnet.keys import public_key

if TYPE_CHECKING:
    from ytsynch.devnet.joystream_process import Joystream

Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(gt=0)]
Seconds = Annotated[float, Field(ge=0, le=3600)]
Result = dict[str, Any]


class BadRequest(Exception):
    """An action cannot be done; `field` names the parameter that is to blame."""

    def __init__(self, field: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.field = field
        self.status = status


@dataclass(frozen=True)
class Action:
    function: Callable[..., Result | None]
    parameters: type[BaseModel]

    def run(self, joystream: Joystream, body: Mapping[str, Any]) -> Result:
        """Checks the parameters (pydantic's ValidationError) and acts."""
        given = self.parameters.model_validate(body)
        values = {name: getattr(given, name) for name in type(given).model_fields}
        return self.function(joystream, **values) or {"done": True}

    def description(self) -> dict[str, Any]:
        schema = self.parameters.model_json_schema()
        required = schema.get("required", [])
        return {
            "what": (inspect.getdoc(self.function) or "").splitlines()[0],
            "parameters": {
                name: _parameter(facts, name in required) for name, facts in schema["properties"].items()
            },
        }


ACTIONS: dict[str, Action] = {}


def _parameter(facts: Mapping[str, Any], is_required: bool) -> str:
    kinds = [facts, *facts.get("anyOf", [])]
    kind = " or ".join(str(entry["type"]) for entry in kinds if "type" in entry)
    return f"{kind}, required" if is_required else f"{kind}, default {facts.get('default')}"


def action(path: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        names = function.__globals__ | {"Joystream": object}  # imported for the type checker only
        hints = get_type_hints(function, globalns=names, include_extras=True)
        parameters = list(inspect.signature(function).parameters.values())[1:]  # the first one is the world
        definitions: dict[str, Any] = {
            each.name: (hints[each.name], ... if each.default is each.empty else each.default)
            for each in parameters
        }
        model = create_model(
            function.__name__, __config__=ConfigDict(extra="forbid", allow_inf_nan=False), **definitions
        )
        ACTIONS[path] = Action(function, model)
        return function

    return register


def account(text: str, field: str = "signer") -> bytes:
    """The public key of a SURI (`//Ada`) or an address."""
    try:
        return public_key(text) if text.startswith("//") else bytes.fromhex(ss58_decode(text))
    except (ValueError, NotImplementedError) as error:
        raise BadRequest(field, f"«{text}» is neither a SURI like //Collaborator nor an address") from error
