"""What every page of the admin shares: scope, permission, the mall's clock, sentences, and a line in the history."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin, TabularInline

from layanan.models import Mpp
from mpp_portal.models import Peristiwa, record
from mpp_portal.siaran.bus import wake

from . import access, riwayat
from .sentences import SENTENCES

logger = logging.getLogger(__name__)
FOREIGN = gettext_lazy("Tempat ini bukan di bawah pengelolaan Anda.")


class AdminForm(forms.ModelForm):
    """Says a broken constraint in a sentence, and what was typed into a foreign place as well."""

    who: ClassVar[access.Access | None] = None  # who is saving; None where the page around it asks
    # Columns that are not in the form and yet part of what the constraints promise.
    derived: ClassVar[tuple[str, ...]] = ()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._read_the_malls_clock(data)
        return data

    def _post_clean(self) -> None:
        # The model would name the constraint, at no field; and leave out what is not in the form.
        self.instance.validate_constraints = lambda exclude=None: None
        super()._post_clean()  # type: ignore[misc]
        del self.instance.validate_constraints
        self._say_broken_constraints()
        action = "change" if self.instance.pk else "add"
        if self.who and not self.errors and not self.who.may(action, self._meta.model, self.instance):
            self.add_error(None, str(FOREIGN))

    def _say_broken_constraints(self) -> None:
        exclude = self._get_validation_exclusions() - set(self.derived)  # type: ignore[attr-defined]
        for model, constraints in self.instance.get_constraints():
            for constraint in constraints:
                try:
                    constraint.validate(model, self.instance, exclude=exclude)
                except ValidationError:
                    field, sentence = SENTENCES[constraint.name]
                    self.add_error(field if field in self.fields else None, str(sentence))

    def _read_the_malls_clock(self, data: dict[str, Any]) -> None:
        """What was typed means the clock on that mall's wall, wherever the page or the server thinks it is."""
        zone = zone_of(access.Place(*(_pk(data, name) for name in ("mpp", "gerai"))), _pk(data, "layanan"))
        for name, value in data.items():
            if zone and isinstance(value, datetime):
                data[name] = timezone.make_aware(timezone.make_naive(value), zone)


class InMallForm(AdminForm):
    """A row whose mall follows from its gerai, so that what is unique in a mall is checked before it is saved."""

    derived = ("mpp",)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("gerai"):
            self.instance.mpp = data["gerai"].mpp
        return data


def _pk(data: dict[str, Any], name: str) -> int | None:
    row = data.get(name)
    return row.pk if isinstance(row, models.Model) else None


def zone_of(place: access.Place, layanan_id: int | None = None) -> ZoneInfo | None:
    """The zone of the mall that a place or a layanan lies in."""
    where = models.Q(pk=place.mpp_id) | models.Q(gerai=place.gerai_id or 0) | models.Q(gerai__layanan=layanan_id or 0)
    mpp = Mpp.objects.filter(where).select_related("wilayah").first()
    return mpp.zone if mpp else None


def only_zone(who: access.Access) -> ZoneInfo | None:
    """The zone of this person's malls, if it is one and the same."""
    where = models.Q(pk__in=who.mpp) | models.Q(gerai__in=who.gerai)
    zones = set(Mpp.objects.filter(where).values_list("wilayah__zona", flat=True))
    return ZoneInfo(zones.pop()) if len(zones) == 1 else None


class Scoped:
    """Permission by the table, and choices among what the person sees in that model's own list."""

    model: type[models.Model]
    admin_site: Any

    def _permitted(self, request: HttpRequest, action: str, row: models.Model | None) -> bool:
        return access.of(request).may(action, self.model, row)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._permitted(request, "view", obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._permitted(request, "add", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._permitted(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._permitted(request, "delete", obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._permitted(request, "view", None)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return self._among_own(db_field, request, super().formfield_for_foreignkey, kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return self._among_own(db_field, request, super().formfield_for_manytomany, kwargs)  # type: ignore[misc]

    def _among_own(self, db_field: Any, request: HttpRequest, make: Any, kwargs: dict[str, Any]) -> Any:
        page = self.admin_site._registry.get(db_field.related_model)
        if page:
            kwargs.setdefault("queryset", page.visible(request))
        field = make(db_field, request, **kwargs)
        field.error_messages["invalid_choice"] = FOREIGN
        return field


class BaseAdmin(Scoped, ModelAdmin):
    """A list and a form. Superusers alone edit the fields in `only_superuser`; others read them."""

    form = AdminForm
    actions = None  # deleting is done one by one, with the consequences in view
    list_per_page = 50
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    only_superuser: tuple[str, ...] = ()
    hidden_from_others: tuple[str, ...] = ()

    def visible(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The rows that exist for this person."""
        manager = self.model._default_manager
        if access.of(request).everything:
            return manager.all()
        return manager.managed_by(request.user) if hasattr(manager, "managed_by") else manager.all()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return self.visible(request).order_by(*(self.get_ordering(request) or self.opts.ordering))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = [] if access.of(request).everything else self.only_superuser
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        hidden = [] if access.of(request).everything else self.hidden_from_others
        return [*(super().get_exclude(request, obj) or []), *hidden]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        hidden = set(self.get_exclude(request, obj))
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in hidden]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.who = access.of(request)
        return form

    def view_on_site(self, obj: Any) -> str | None:
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    # --- Saving: the form has said it in a sentence; this holds whatever the form forgot ------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not self._permitted(request, "change" if change else "add", obj):
            raise PermissionDenied(str(FOREIGN))
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        who = access.of(request)
        rows = formset.save(commit=False)
        for row in rows:
            if not who.may("change" if row.pk else "add", formset.model, row):
                raise PermissionDenied(str(FOREIGN))
        for row in formset.deleted_objects:
            row.delete()
        for row in rows:
            row.save()
        formset.save_m2m()

    # --- History: Peristiwa instead of Django's own log ---------------------------------------------------------------

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> str:
        """The names of the changed fields and inlines; never a value."""
        inlines = [str(formset.model._meta.model_name) for formset in formsets or [] if formset.has_changed()]
        return ", ".join([*form.changed_data, *inlines])

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Peristiwa:
        return self._log(request, obj, "dibuat")

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Peristiwa | None:
        return self._log(request, obj, "diubah", message) if message else None

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Any]) -> list[Peristiwa]:
        return [self._log(request, row, "dihapus") for row in queryset]

    def _log(self, request: HttpRequest, row: Any, what: str, fields: str = "") -> Peristiwa:
        mpp_id = access.place_of(row).mpp_id
        if mpp_id:
            wake(f"mpp-{mpp_id}")
        return record(f"{self.opts.model_name}.{what}", row, mpp_id=mpp_id, by=request.user, ke=fields[:200])

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Riwayat: %s") % row,
            "riwayat": [
                (step, riwayat.words(step.jenis), riwayat.detail(step))
                for step in Peristiwa.objects.about(row).select_related("oleh")
            ],
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "object": row,
            "opts": self.opts,
        }
        with timezone.override(zone_of(access.place_of(row)) or timezone.get_current_timezone()):
            return TemplateResponse(request, "admin/riwayat.html", context).render()

    # --- The mall's clock, and lists that are asked once for all their rows -------------------------------------------

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        row = self.get_object(request, unquote(object_id)) if object_id else None
        zone = zone_of(access.place_of(row)) if row else only_zone(access.of(request))
        with timezone.override(zone or timezone.get_current_timezone()):
            response = self._kept(request, super().changeform_view, object_id, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._kept(request, super().delete_view, *args, **kwargs)

    def _kept(self, request: HttpRequest, view: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Somebody else was quicker between the check and the write: the database kept its promise, say so."""
        try:
            return view(request, *args, **kwargs)
        except IntegrityError as error:
            logger.warning("A form of %s met a constraint: %s", self.opts.label, error)
            messages.error(
                request, _("Belum disimpan: data ini baru saja dipakai di tempat lain. Periksa lalu ulangi.")
            )
            return redirect(request.get_full_path())

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        page = super().get_changelist_instance(request)
        self.prepare(list(page.result_list))
        return page

    def prepare(self, rows: list[Any]) -> None:
        """Look up, for all rows of a list at once, what its columns show."""


class BaseInline(Scoped, TabularInline):
    form = AdminForm
    extra = 0

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The column's heading is the only label a row has: say it at the field as well."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            field.widget.attrs["aria-label"] = str(capfirst(field.label))
        return field


class ReadOnlyAdmin(BaseAdmin):
    """Shown, never written: rows of the queue move through its actions alone."""

    show_full_result_count = False  # millions of them

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
