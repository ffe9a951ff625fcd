"""The Bot API's contract as aiogram wrote it down: are the arguments of a call, its result and an update legal?

aiogram is made apart from python-telegram-bot, so that a mistake of one is not excused by the same mistake here. Its
models let unknown fields pass, and take an object for another when that has no required fields; so whatever is left
over in a model, at any depth, counts as broken.
"""

from collections.abc import Iterator, Mapping
from functools import cache
import json
from typing import Any, get_args

import pydantic
from pydantic import BaseModel, TypeAdapter, ValidationError

from tests.emulators.telegram.refusals import bad_request

Json = dict[str, Any]


@cache
def method_named(name: str) -> type[BaseModel] | None:
    """The model of a method of the Bot API; names may be written in any case, as with Telegram."""
    return _methods().get(name.lower())


def name_of(method: type[BaseModel]) -> str:
    return str(getattr(method, "__api_method__"))  # noqa: B009  # a class of aiogram, known here as any model


def arguments_of(method: type[BaseModel], sent: Mapping[str, Any], files: Mapping[str, Any]) -> tuple[Json, list[str]]:
    """The arguments as values, and what is wrong with them although Telegram would keep silent.

    Raises what Telegram answers to arguments that it can't read.
    """
    fields = method.model_fields
    kinds = {name: field.annotation for name, field in fields.items()}
    values = {name: _read(name, value, kinds.get(name, str)) for name, value in sent.items()}
    for name, field in fields.items():
        if field.is_required() and values.get(name) in (None, "") and name not in files:
            raise bad_request("message text is empty" if name == "text" else f"{name} is empty")
    # A file comes apart from the other arguments; to aiogram's model it is any string.
    attached = {name: "attached" for name in files if name in fields}
    try:
        model = _ready(method).model_validate({**values, **attached})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise bad_request(f"can't parse {where}: {first['msg']} (emulator's words)") from error
    broken = [f"{name_of(method)}: unknown parameter {path}" for path in _left_over(model)]
    broken += [f"{name_of(method)}: deprecated parameter {name}" for name in values if _is_deprecated(method, name)]
    plain = {name: getattr(model, name, value) for name, value in values.items()}
    return {name: values[name] if isinstance(values[name], dict | list) else plain[name] for name in values}, broken


def result_is_legal(method: type[BaseModel], result: object) -> None:
    """Raises when a result is not what the Bot API promises for this method: then the emulator is wrong."""
    _legal(_result_of(method).validate_python(result), name_of(method))


def update_is_legal(update: Json) -> None:
    """Raises when an update is not one that Telegram could send: then the test asks for nonsense."""
    _legal(_update().model_validate(update), "update")


def _legal(value: Any, what: str) -> None:
    left_over = list(_left_over(value))
    if left_over:
        raise ValueError(f"{what}: not in the Bot API: {', '.join(left_over)}")


def _read(name: str, value: Any, annotation: Any) -> Any:
    """An argument as a value: objects and lists come as JSON, except in a JSON body."""
    if not isinstance(value, str) or value[:1] not in ("[", "{") or _takes_text(annotation):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise bad_request(f"can't parse {name} JSON object") from error


def _takes_text(annotation: Any) -> bool:
    return annotation is str or str in get_args(annotation)


def _left_over(value: Any, path: str = "") -> Iterator[str]:
    """Where a validated value holds something that its model doesn't know."""
    if isinstance(value, BaseModel):
        prefix = f"{path}." if path else ""
        yield from (f"{prefix}{name}" for name in value.model_extra or {})
        for name in type(value).model_fields:
            yield from _left_over(getattr(value, name), f"{prefix}{name}")
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield from _left_over(part, f"{path}[{index}]")


def _is_deprecated(method: type[BaseModel], name: str) -> bool:
    field = method.model_fields.get(name)
    extra = field.json_schema_extra if field else None
    return isinstance(extra, dict) and bool(extra.get("deprecated"))


# aiogram finishes all its 440 models on import: 5 seconds in every process of a test run. Here only those that are
# used are finished, with the names that it would have given them.
_names: Json = {}


@cache
def _methods() -> dict[str, type[BaseModel]]:
    finish = pydantic.BaseModel.__dict__["model_rebuild"]

    def later(_model: type[BaseModel], /, **options: Any) -> None:
        _names.update(options.get("_types_namespace") or {})

    pydantic.BaseModel.model_rebuild = classmethod(later)  # type: ignore[assignment]
    try:
        from aiogram import methods
    finally:
        pydantic.BaseModel.model_rebuild = finish  # type: ignore[method-assign]
    found = [getattr(methods, name) for name in methods.__all__]
    return {name_of(one).lower(): one for one in found if isinstance(getattr(one, "__api_method__", None), str)}


@cache
def _ready(model: type[BaseModel]) -> type[BaseModel]:
    if _names:
        model.model_rebuild(force=True, _types_namespace=_names)
    return model


@cache
def _update() -> type[BaseModel]:
    _methods()
    from aiogram.types import Update

    return _ready(Update)


@cache
def _result_of(method: type[BaseModel]) -> TypeAdapter[Any]:
    promised = getattr(method, "__returning__")  # noqa: B009  # as in name_of
    for model in (promised, *get_args(promised)):
        if isinstance(model, type) and issubclass(model, BaseModel):
            _ready(model)
    return TypeAdapter(promised)
