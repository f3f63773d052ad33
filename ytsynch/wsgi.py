"""The web service as a WSGI application, for gunicorn and its like."""

import os

from django.core.wsgi import get_wsgi_application
from gunicorn.errors import AppImportError  # type: ignore[import-untyped]

from ytsynch.config import ConfigError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ytsynch.settings")

try:
    application = get_wsgi_application()
except ConfigError as error:
    raise AppImportError(str(error)) from None  # gunicorn prints the line and gives up
