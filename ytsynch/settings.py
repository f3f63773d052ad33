"""Django's settings.

The service's own configuration is `CONFIG` (see `ytsynch.config`); what belongs to Django comes from the
environment or a `.env` file: ENVIRONMENT, SECRET_KEY, DEBUG, ALLOWED_HOSTS, DATABASE_URL, VAR_DIR, EMAIL_URL,
DEFAULT_FROM_EMAIL, SUPPORT_EMAIL.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ  # type: ignore[import-untyped]
from django.templatetags.static import static

from ytsynch import config, failpoints, logging, own_keys

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

CONFIG = config.load()
PRODUCTION = env.str("ENVIRONMENT", "development") == "production"
if PRODUCTION and failpoints.are_on():
    raise config.ConfigError(f"{failpoints.VARIABLE} is set: it takes processes down, and is for tests alone")
DEBUG = env.bool("DEBUG", False)
VAR_DIR = Path(env.str("VAR_DIR", "") or BASE_DIR / "var").resolve()  # everything that running leaves behind

SECRET_KEY = own_keys.secret_key(env.str("SECRET_KEY", ""), folder=VAR_DIR, production=PRODUCTION)
TOKEN_KEYS = own_keys.token_keys(CONFIG, folder=VAR_DIR, production=PRODUCTION)

# --- Applications -------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold",  # before the admin: it brings the admin's templates
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "social_django",
    "django_htmx",
    "import_export",
    "django_q",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "corsheaders",
    "ytsynch",
    "ytsynch.devnet",
    "channels",
    "ypp",
    "videos",
    "payments",
    "api",
    "atlas",
    "pages",
]

MIDDLEWARE = [
    "ytsynch.health.HealthChecks",  # first: probes know neither our host name nor https
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "ytsynch.security.headers.BrowserRules",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ytsynch.staff.gate.StaffGate",
]

ROOT_URLCONF = "ytsynch.urls"
WSGI_APPLICATION = "ytsynch.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Database -----------------------------------------------------------------------------------------------

EMBEDDED_POSTGRES = not env.str("DATABASE_URL", "")
_DATABASE: dict[str, Any] = (
    {"ENGINE": "ytsynch.db.embedded", "NAME": "ytsynch", "FOLDER": VAR_DIR / "postgres"}
    if EMBEDDED_POSTGRES
    else env.db_url("DATABASE_URL")
)
if not _DATABASE["ENGINE"].startswith(("ytsynch.", "django.db.backends.postgresql")):
    raise config.ConfigError("DATABASE_URL is not PostgreSQL's: expected postgres://user:password@host/name")

_OPTIONS = {
    "client_encoding": "UTF8",
    "connect_timeout": 10,
    # Who waits longer for a lock fails and is tried again; who idles in a transaction hangs, and holds locks.
    "options": "-c lock_timeout=30s -c idle_in_transaction_session_timeout=120s",
}
DATABASES = {
    "default": {
        **_DATABASE,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": _OPTIONS | _DATABASE.get("OPTIONS", {}),  # the address may say otherwise
        "TEST": {"NAME": "test_ytsynch"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Queue: rings the stages' bells, see ytsynch.clusters ---------------------------------------------------

_PIPELINE = ("discovery", "download", "creation", "upload", "acceptance")
STAGE_TASKS = dict.fromkeys(_PIPELINE, "videos.tasks.run_stage") | {"upkeep": "ytsynch.upkeep.run"}
STAGES = tuple(STAGE_TASKS)  # each is a cluster

_LONGEST_TASK = 3 * 3600 + 600  # a download may take three hours
Q_CLUSTER = {
    "name": "ytsynch",
    "label": "Queue",
    "orm": "default",
    "poll": 0.3,
    "workers": 1,  # more of them: more clusters
    "bulk": 1,
    "queue_limit": 1,
    "timeout": _LONGEST_TASK,
    "retry": _LONGEST_TASK + 600,  # must be longer than the time-out
    "max_attempts": 1,
    "ack_failures": True,
    "save_limit": -1,  # a finished wake-up is not worth a row
    "catch_up": False,
}

# --- Web ----------------------------------------------------------------------------------------------------

BASE_URL = CONFIG.http_api.base_url
_PUBLIC = urlsplit(BASE_URL)
_LOCAL_HOSTS = [] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_PUBLIC.hostname, *_LOCAL_HOSTS])
CSRF_TRUSTED_ORIGINS = [BASE_URL]

_HTTPS = _PUBLIC.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HTTPS
# W021: whether browsers are to know the domain beforehand is for the domain's owner to decide, and for good.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Lax"  # Google's redirect back must carry the session
SESSION_COOKIE_AGE = 12 * 3600  # a working day; signing in again is one click for creators

STATIC_URL = "/static/"
# An image has its static files collected; a working copy serves them from where they are.
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# --- Sign-in ------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "ytsynch.security.passwords.GuardedPasswords",
    "channels.google.Google",  # creators' own pages: it makes no Django user
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/admin/login/"
LOGIN_REDIRECT_URL = "/"
OTP_TOTP_ISSUER = _PUBLIC.hostname if PRODUCTION else "ytsynch"
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0  # ytsynch.staff.second_factor limits the tries

# The last step opens the creator's session. No step makes a user or an association, so no token gets into
# social-auth's tables.
SOCIAL_AUTH_PIPELINE = (
    "social_core.pipeline.social_auth.social_details",
    "social_core.pipeline.social_auth.social_uid",
    "pages.identity.welcome",
)
SOCIAL_AUTH_REQUESTS_TIMEOUT = 15  # whoever waits is a person
CSRF_FAILURE_VIEW = "pages.views.errors.forged"

# --- API ----------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_THROTTLE_RATES": {"read": "600/min"},  # of the public API, from one network
    "NUM_PROXIES": 1 if _HTTPS else 0,  # whose word counts for a client's address
}
# Web apps of any origin read and use the API; nothing of it goes by cookie.
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_HEADERS = ["*", "authorization"]
CORS_URLS_REGEX = r"^/(?!admin/|oauth/|static/)"
SPECTACULAR_SETTINGS = {
    "TITLE": "ytsynch",
    "DESCRIPTION": (
        "YouTube channels on Joystream.\n\n"
        "* **`/api/v1/…`** is the public read API: lists with pages, filters and orderings. Nothing of it needs a "
        "key. A refusal is described as RFC 9457 has it.\n"
        "* **All other paths** are those of the API that Atlas calls, as it has always called them: sign-up, what "
        "owners order by their signature, what operators order with a key."
    ),
    "VERSION": "0.1.0",
    "OAS_VERSION": "3.1.0",
    "SERVERS": [{"url": "/", "description": "This service."}],
    "TAGS": [
        {"name": "Public: channels", "description": "Channels that signed up, and their videos."},
        {"name": "Public: videos", "description": "Videos, where each is on its way, and its history."},
        {"name": "Public: programme", "description": "Tiers, requirements, gateway apps."},
        {"name": "Public: payments", "description": "What channels of the programme were paid."},
        {"name": "Public: service", "description": "Where to begin, and the service in numbers."},
        {"name": "Sign-up", "description": "Atlas: Google's code, a membership, a channel."},
        {"name": "Channels", "description": "Atlas: channels and their videos."},
        {"name": "Users", "description": "Atlas: creators by the id that they signed in with."},
        {"name": "Owner", "description": "Atlas: signed with the Joystream channel's key."},
        {"name": "Operator", "description": "With an operator key."},
        {"name": "Status", "description": "Atlas: how the service itself is."},
    ],
    "ENUM_NAME_OVERRIDES": {
        "YppStatus": "atlas.serializers.YPP_STATUSES",
        "AtlasTier": "channels.models.TierName.labels",
        "AtlasVideoState": "videos.wire.STATES",
        "Actor": "api.serializers.ACTORS",
        "ChannelStatus": "channels.models.Status",
        "TierName": "channels.models.TierName",
        "SuspensionReason": "channels.models.SuspensionReason",
        "PaymentAction": "payments.models.Action",
        "VideoState": "videos.states.State",
        "VideoEvent": "api.history.EVENTS",
        "Stage": "videos.states.Stage",
    },
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Admin, mail, logs --------------------------------------------------------------------------------------

UNFOLD = {
    "SITE_TITLE": "ytsynch",
    "SITE_HEADER": "ytsynch",
    "SITE_SUBHEADER": "YouTube channels on Joystream",
    "SITE_SYMBOL": "sync",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "8px",
    "STYLES": [lambda request: static("desk/desk.css")],
    "ENVIRONMENT": "ytsynch.navigation.environment",
    "ACCOUNT": {"navigation": "ytsynch.navigation.account"},
    "DASHBOARD_CALLBACK": "ytsynch.dashboard.show",
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": "ytsynch.navigation.sidebar",
    },
    "COLORS": {
        "primary": {
            "50": "oklch(96.2% .018 272.314)",
            "100": "oklch(93% .034 272.788)",
            "200": "oklch(87% .065 274.039)",
            "300": "oklch(78.5% .115 274.713)",
            "400": "oklch(67.3% .182 276.935)",
            "500": "oklch(58.5% .233 277.117)",
            "600": "oklch(51.1% .262 276.966)",
            "700": "oklch(45.7% .24 277.023)",
            "800": "oklch(39.8% .195 277.366)",
            "900": "oklch(35.9% .144 278.697)",
            "950": "oklch(25.7% .09 281.288)",
        }
    },
}

IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True  # texts come from strangers, and spreadsheets run formulas

vars().update(env.email_url("EMAIL_URL", default=f"filemail:///{VAR_DIR / 'mail'}"))
EMAIL_TIMEOUT = 30  # seconds for each answer of the server
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"ytsynch <noreply@{_PUBLIC.hostname}>")
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", "")  # where answers to letters go; without it letters invite none

LOGGING = logging.django_logging(CONFIG.logs)
