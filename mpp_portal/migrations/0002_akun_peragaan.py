from django.conf import settings
from django.db import migrations, models

import mpp_portal.models


def mark(apps, schema_editor):
    """What a demo holds from before this column are the demo's people."""
    if settings.DEMO:
        apps.get_model("mpp_portal", "Pengguna").objects.update(peragaan=True)


class Migration(migrations.Migration):
    dependencies = [("mpp_portal", "0001_awal")]

    operations = [
        migrations.AlterModelManagers(name="pengguna", managers=[("objects", mpp_portal.models.PenggunaManager())]),
        # A default of the database: the version before this one goes on adding people while the new one starts.
        migrations.AddField(
            model_name="pengguna",
            name="peragaan",
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name="akun peragaan"),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
