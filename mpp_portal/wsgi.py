"""Pages and API as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mpp_portal.settings")

application = get_wsgi_application()
