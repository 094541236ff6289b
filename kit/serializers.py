"""Shapes for the API: what a record looks like, and a form's fields as a request body."""

from functools import cache
from typing import Any, cast

from django import forms
from rest_framework import serializers

from kit import fields
from kit.forms import FormClass
from kit.resource import Resource

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


def input_field(field: forms.Field) -> serializers.Field[Any, Any, Any, Any]:
    """A form field as it looks in a JSON body."""
    common: dict[str, Any] = {
        "required": field.required,
        "help_text": str(field.help_text or field.label or ""),
    }
    if isinstance(field, forms.DecimalField) and not isinstance(field, forms.IntegerField):
        return serializers.DecimalField(
            max_digits=field.max_digits or 14, decimal_places=field.decimal_places or 2, **common
        )
    if isinstance(field, forms.ModelMultipleChoiceField):
        return serializers.ListField(child=serializers.UUIDField(), **common)
    if isinstance(field, forms.MultipleChoiceField):
        chosen: Any = [choice for choice in cast(Any, field.choices) if choice[0] not in ("", None)]
        child = serializers.ChoiceField(choices=chosen) if chosen else serializers.CharField()
        return serializers.ListField(child=child, **common)
    for form_type, made in _PAIRS:
        if isinstance(field, form_type):
            return made(**common)
    if isinstance(field, forms.ChoiceField):
        offered: Any = field.choices
        choices = [choice for choice in offered if choice[0] not in ("", None)]
        if isinstance(field, forms.MultipleChoiceField):
            each = serializers.ChoiceField(choices=choices) if choices else serializers.CharField()
            return serializers.ListField(child=each, **common)
        if not choices:  # the form fills them in when it is made
            return serializers.CharField(**common)
        return serializers.ChoiceField(choices=choices, **common)
    return serializers.CharField(
        max_length=getattr(field, "max_length", None), allow_blank=not field.required, **common
    )


@cache
def input_serializer(form: FormClass, *, name: str) -> type[serializers.Serializer[Any]]:
    """A form as a request body; it only describes, the form itself validates."""
    made = {key: input_field(field) for key, field in form.base_fields.items()}
    return type(name, (serializers.Serializer,), made)


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
    return type(resource.key, (serializers.ModelSerializer,), {"Meta": meta})
