"""Shapes for the API: what a record looks like, and a form's fields as a request body."""

from collections.abc import Callable
from functools import cache, cached_property
from operator import attrgetter
from typing import Any

from django import forms
from rest_framework import serializers

from kit import fields
from kit.forms import FormClass
from kit.resource import BULK_IDS, Resource

_PAIRS: tuple[tuple[type[forms.Field], type[serializers.Field[Any, Any, Any, Any]]], ...] = (
    (forms.ModelChoiceField, serializers.UUIDField),
    (forms.UUIDField, serializers.UUIDField),
    (forms.EmailField, serializers.EmailField),
    (forms.BooleanField, serializers.BooleanField),
    (forms.IntegerField, serializers.IntegerField),
    (forms.DateTimeField, serializers.DateTimeField),
    (forms.DateField, serializers.DateField),
    (forms.TimeField, serializers.TimeField),
)


def input_field(field: forms.Field, *, optional: bool = False) -> serializers.Field[Any, Any, Any, Any]:
    """A form field as it looks in a JSON body; ``optional`` whatever the field itself says."""
    required = field.required and not optional
    common: dict[str, Any] = {
        "required": required,
        "help_text": str(field.help_text or field.label or ""),
    }
    if not required and not isinstance(field, forms.BooleanField):
        common["allow_null"] = True  # null empties it
    if isinstance(field, forms.DecimalField):  # to Django a kind of whole number, so it is asked for first
        return serializers.DecimalField(
            max_digits=field.max_digits or 14, decimal_places=field.decimal_places or 2, **common
        )
    if isinstance(field, forms.ModelMultipleChoiceField):
        return serializers.ListField(child=serializers.UUIDField(), **common)
    for form_type, made in _PAIRS:
        if isinstance(field, form_type):
            return made(**common)
    if isinstance(field, forms.ChoiceField):
        offered: Any = field.choices
        choices = [choice for choice in offered if choice[0] not in ("", None)]
        # Without choices the form fills them in when it is made.
        if isinstance(field, forms.MultipleChoiceField):
            one = serializers.ChoiceField(choices=choices) if choices else serializers.CharField()
            return serializers.ListField(child=one, **common)
        if choices:
            return serializers.ChoiceField(choices=choices, **common)
        return serializers.CharField(**common)
    return serializers.CharField(
        max_length=getattr(field, "max_length", None), allow_blank=not required, **common
    )


@cache
def input_serializer(
    form: FormClass, *, name: str, many: bool = False, without: tuple[str, ...] = ()
) -> type[serializers.Serializer[Any]]:
    """A form as a request body, ``many`` with the ids it is for; it only describes, the form itself validates."""
    made = {
        key: input_field(field, optional=key in form.optional)
        for key, field in form.base_fields.items()
        if key not in without
    }
    if many:
        said = f"1 to {BULK_IDS} records"
        made["ids"] = serializers.ListField(
            child=serializers.UUIDField(), min_length=1, max_length=BULK_IDS, help_text=said
        )
    return type(name, (serializers.Serializer,), made)


@cache
def body_shape(
    form: FormClass, *, name: str, many: bool = False, without: tuple[str, ...] = ()
) -> serializers.Serializer[Any]:
    """One such body to compare what was sent with: its fields are made once, and comparing changes nothing in it."""
    return input_serializer(form, name=name, many=many, without=without)()


class Refused(serializers.Serializer[Any]):
    """A record that an act on many was not done to."""

    id = serializers.UUIDField()
    detail = serializers.CharField()


class Outcomes(serializers.Serializer[Any]):
    """What became of an act on many records."""

    done = serializers.ListField(child=serializers.UUIDField())
    refused = Refused(many=True)


class Written(serializers.ModelSerializer[Any]):
    """A record as it is written out. Where a choice may be left empty, the schema says so too."""

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        """REST framework forgets that a choice may be empty as soon as the field is only read."""
        made, words = super().build_standard_field(field_name, model_field)
        if words.get("choices") and model_field.blank and not model_field.null:
            words["choices"] = [("", ""), *(each for each in words["choices"] if each[0] != "")]
        return made, words

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The record field by field; how each is read and written is worked out once, not for every record anew."""
        return {
            name: None if (value := read(instance)) is None else write(value)
            for name, read, write in self._ways
        }

    @cached_property
    def _ways(self) -> list[tuple[str, Callable[[Any], Any], Callable[[Any], Any]]]:
        return [
            (name, attrgetter(f"{field.source}_id"), _as_it_is)
            if isinstance(field, serializers.PrimaryKeyRelatedField)
            else (name, attrgetter(field.source or name), field.to_representation)
            for name, field in self.fields.items()
        ]


def _as_it_is(value: Any) -> Any:
    return value


@cache
def shape(resource: Resource) -> serializers.ModelSerializer[Any]:
    """One serializer for all answers: its fields are made once, and writing a record out changes nothing in it."""
    return output_serializer(resource)()


@cache
def columns(resource: Resource) -> tuple[str, ...]:
    """The columns an answer is written from, so that a list reads no others; none when a part of it is no column."""
    model = resource.model_class
    names = [str(field.source) for field in shape(resource).fields.values()]
    found = [fields.field_at(model, name=name) for name in names]
    return tuple(names) if all(each is not None and each.column for each in found) else ()


@cache
def output_serializer(resource: Resource) -> type[serializers.ModelSerializer[Any]]:
    """The fields a record shows: the declared ones, else those of its columns and of its open sections."""
    model = resource.model_class
    names = list(resource.api_fields)
    if not names:
        sectioned = [
            f if isinstance(f, str) else f.name
            for s in resource.sections
            if not s.permission
            for f in s.fields
        ]
        wanted = ["id", *(c.name for c in resource.columns), *sectioned, "created_at", "updated_at"]
        names = [
            n for n in dict.fromkeys(wanted) if "__" not in n and fields.field_at(model, name=n) is not None
        ]
    meta = type(
        "Meta", (), {"model": model, "fields": names, "read_only_fields": names, "ref_name": resource.key}
    )
    return type(resource.key, (Written,), {"Meta": meta})
