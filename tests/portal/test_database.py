"""What the portal asks of PostgreSQL itself."""

import pytest
from django.db import connection

from antrean.models import Tiket
from antrean.states import DI_LOKET

RUNS = 12  # PostgreSQL weighs a plan for any values after five


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_statement_that_is_prepared_is_still_planned_for_its_values():
    """One for any status could not use the index of who is at a loket: it read every ticket that there ever was."""
    for _n in range(RUNS):
        Tiket.objects.filter(loket=1, status__in=DI_LOKET).first()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT SUM(generic_plans), SUM(custom_plans) FROM pg_prepared_statements"
            " WHERE statement LIKE '%%antrean_tiket%%ORDER BY%%'"
        )
        generic, custom = cursor.fetchone()
    assert generic == 0
    assert custom >= RUNS - 3
