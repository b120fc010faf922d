"""The door for a WSGI server."""

import os
import signal

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuang.site.settings")
application = get_wsgi_application()
_ = get_resolver().url_patterns  # every page is imported before the first request, not during it

if "YICHUANG_SERVE" in os.environ:  # under `yichuang serve`: end with it
    from yichuang.site.cli.follow import follow

    follow(int(os.environ["YICHUANG_SERVE"]), lambda: os.kill(os.getpid(), signal.SIGTERM))
