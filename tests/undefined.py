"""An undefined variable in one of our templates fails the test that renders it; those of libraries have their ways."""

import inspect
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template.base import Node


class Undefined(str):
    """Stands in for Django's `string_if_invalid`: true where that is an error, else the empty text it always was."""

    def __bool__(self) -> bool:
        origin = self._origin()
        return origin.is_relative_to(settings.BASE_DIR) and "site-packages" not in origin.parts

    def __contains__(self, key: object) -> bool:
        return key == "%s"

    def __mod__(self, variable: Any) -> str:
        pytest.fail(f"Undefined template variable '{variable}' in {self._origin().relative_to(settings.BASE_DIR)}")

    def _origin(self) -> Path:
        """The template of the node that is being rendered: the nearest one on the stack."""
        frame = inspect.currentframe()
        while frame:
            node = frame.f_locals.get("self")
            if isinstance(node, Node):
                return Path(node.origin.name)
            frame = frame.f_back
        return Path("/")
