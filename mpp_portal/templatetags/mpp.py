"""Tags and filters every template has (a builtin library, see settings)."""

from django import template

register = template.Library()
