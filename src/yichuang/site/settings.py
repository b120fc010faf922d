"""Django settings, all drawn from `config.py`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF

from yichuang.site import logs
from yichuang.site.config import load

django_stubs_ext.monkeypatch()

YICHUANG = load()
YICHUANG_WIRING = "yichuang.site.wiring"
ROOT = Path(__file__).resolve().parents[3]

SECRET_KEY = YICHUANG.secret_key
DEBUG = False
ALLOWED_HOSTS = [h for h in YICHUANG.hosts.split(",") if h] or (
    [urlsplit(YICHUANG.base_url).hostname or ""] if YICHUANG.production else ["*"]
)
CSRF_TRUSTED_ORIGINS = [YICHUANG.base_url]

INSTALLED_APPS = [
    "yichuang.site",
    "yichuang.reports",
    "yichuang.reviews",
    "yichuang.publicity",
    "yichuang.cases",
    "yichuang.licences",
    "yichuang.hall",
    "yichuang.catalogue",
    "yichuang.identity",
    "yichuang.core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "ninja",
    "django.forms",
]

MIDDLEWARE = [
    "yichuang.core.probes.ProbeMiddleware",
    "yichuang.core.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yichuang.core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "yichuang.identity.middleware.ActorMiddleware",
    "yichuang.identity.middleware.DutyMiddleware",
    "yichuang.core.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "yichuang.site.urls"
WSGI_APPLICATION = "yichuang.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "yichuang.core.context.site",
                "yichuang.identity.middleware.acting",
            ],
        },
    }
]
FORM_RENDERER = "yichuang.core.forms.Renderer"

DATABASES = {"default": dj_database_url.parse(YICHUANG.database_url, conn_max_age=600, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;",
    }
    DATABASES["default"]["TEST"] = {"NAME": str(YICHUANG.data_dir / "test.sqlite3")}
else:
    DATABASES["default"]["ENGINE"] = "yichuang.core.postgresql"
    # a statement that comes again is parsed and planned once a connection
    DATABASES["default"]["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 3}
CACHES = {
    "default": {"BACKEND": "yichuang.core.cache.SharedCache"},  # limits and used codes: one truth for all processes
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # parts of public pages, each under a mark of what it was drawn from
    "parts": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "parts",
        "OPTIONS": {"MAX_ENTRIES": 4000},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "yichuang.identity.backend.Backend",
]

ACCOUNT_ADAPTER = "yichuang.identity.signin.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "yichuang.identity.forms.SignInForm",
    "change_password": "yichuang.identity.forms.ChangePasswordForm",
    "reauthenticate": "yichuang.identity.forms.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}  # the form turns a mobile phone's number into its account's name
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": "120/m/ip", "signup": "30/m/ip"}  # failures are axes' part
LOGIN_URL = "account_login"
MFA_ADAPTER = "yichuang.identity.signin.MFAAdapter"
MFA_FORMS = {
    "authenticate": "yichuang.identity.forms.SecondFactorForm",
    "reauthenticate": "yichuang.identity.forms.SecondFactorAgainForm",
    "activate_totp": "yichuang.identity.forms.ActivateTOTPForm",
    "deactivate_totp": "yichuang.identity.forms.DeactivateTOTPForm",
    "generate_recovery_codes": "yichuang.identity.forms.RecoveryCodesForm",
}
MFA_TOTP_TOLERANCE = 1  # phones' clocks are half a minute off
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
SOCIALACCOUNT_ADAPTER = "yichuang.identity.signin.SocialAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "unified",
                "name": "统一身份认证",
                "client_id": YICHUANG.oidc_client_id,
                "secret": YICHUANG.oidc_client_secret,
                "settings": {"server_url": YICHUANG.oidc_issuer},
            }
        ]
        if YICHUANG.oidc_issuer
        else [],
    }
}
AXES_FAILURE_LIMIT = YICHUANG.lock_after
AXES_COOLOFF_TIME = timedelta(minutes=YICHUANG.lock_minutes)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = "yichuang.identity.signin.lockout_parameters"
AXES_LOCKOUT_CALLABLE = "yichuang.identity.signin.locked_out"
AXES_DISABLE_ACCESS_LOG = True  # sign-ins are events of our own log
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "yichuang.core.address.client_address"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = YICHUANG.data_dir / "static"
if YICHUANG.production:  # names carry a digest and are cached for ever; `yichuang collectstatic` fills STATIC_ROOT
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "yichuang.core.storage.Manifest"},
    }
else:
    WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder", "yichuang.core.storage.Parts"]
NODE = ROOT / "node_modules"
STATIC_PARTS = {  # third-party parts of pages, from the packages that package-lock.json names
    "tabler/css/tabler.min.css": NODE / "@tabler/core/dist/css/tabler.min.css",
    "tabler/css/tabler.min.css.map": NODE / "@tabler/core/dist/css/tabler.min.css.map",
    "htmx/htmx.min.js": NODE / "htmx.org/dist/htmx.min.js",
    "leaflet/leaflet.js": NODE / "leaflet/dist/leaflet.js",
    "leaflet/leaflet.js.map": NODE / "leaflet/dist/leaflet.js.map",
    "leaflet/leaflet.css": NODE / "leaflet/dist/leaflet.css",
    **{  # named by its style sheet
        f"leaflet/images/{name}": NODE / "leaflet/dist/images" / name
        for name in ("layers.png", "layers-2x.png", "marker-icon.png")
    },
}

oidc_origin = "://".join(urlsplit(YICHUANG.oidc_issuer)[:2])
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *([YICHUANG.tiles_origin] if YICHUANG.tiles_origin else [])],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF, *([oidc_origin] if YICHUANG.oidc_issuer else [])],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the editor sends every element of an item with its lists
CSRF_FAILURE_VIEW = "yichuang.site.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "yichuang.identity.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = YICHUANG.session_hours * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SAMESITE = "Lax"
if YICHUANG.production:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = YICHUANG.base_url.startswith("https:")
    SESSION_COOKIE_NAME = "__Host-sessionid" if SESSION_COOKIE_SECURE else "sessionid"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = logs.configuration(production=YICHUANG.production, quiet=YICHUANG.env == "test")
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

if YICHUANG.env == "test":  # a hash that is quick, and no lock-out across tests that share an address
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    AXES_ENABLED = False
