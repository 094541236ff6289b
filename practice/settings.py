"""Settings, read from the environment that ``./run`` (or a deployment) makes. No secret has a default."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from practice import hardening, logs
from practice.wiring import (  # noqa: F401
    CONTRIBUTIONS,
    HIDDEN_PATIENTS,
    LINK_DOORS,
    LINK_WRONG,
    OPENED_RECORDS,
    RECORD_SELECTORS,
)

ROOT = Path(__file__).resolve().parent.parent
MODE = os.environ.get("WELLRUN_MODE", "dev")
ROLE = os.environ.get("WELLRUN_ROLE", "app")
MODES, ROLES = ("demo", "dev", "test", "production"), ("owner", "app", "jobs", "relay")
if MODE not in MODES or ROLE not in ROLES:
    raise ImproperlyConfigured(f"WELLRUN_MODE is one of {MODES}, WELLRUN_ROLE one of {ROLES}.")


def required(name: str) -> str:
    """A value the environment must give."""
    try:
        return os.environ[name]
    except KeyError:
        raise ImproperlyConfigured(f"{name} is not set. `./run` sets it; see docs/operating.md.") from None


def database(url: str) -> dict[str, object]:
    """Django's settings for a postgres:// address."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # Behind a pool that lends a server connection per transaction, a cursor may not outlive one.
        "DISABLE_SERVER_SIDE_CURSORS": os.environ.get("WELLRUN_POOL") == "transaction",
        "OPTIONS": {
            "connect_timeout": 2,
            "application_name": f"wellrun-{ROLE}",
            # A server that vanished without a word is noticed in half a minute, not in hours.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 20_000,
        },
    }


SECRET_KEY = required("SECRET_KEY")
PHI_KEYS = required("PHI_KEYS").split(",")
FILE_KEYS = required("FILE_KEYS").split(",")
INDEX_KEY = required("INDEX_KEY")
BACKUP_KEY = os.environ.get("BACKUP_KEY", "")  # only ./run backup and restore need it
DEBUG = MODE == "dev"
# Who may open a practice: the first person while there is none, anybody with an e-mail address, or nobody.
SIGNUP = os.environ.get("SIGNUP", "invite" if MODE == "demo" else "first-run")
if SIGNUP not in ("first-run", "open", "invite"):
    raise ImproperlyConfigured("SIGNUP is first-run, open or invite.")
BASE_URL = os.environ.get("WELLRUN_BASE_URL", "http://localhost:8000")
STATE = Path(os.environ.get("WELLRUN_STATE", ROOT / ".wellrun" / MODE))
OUTGOING = Path(os.environ.get("WELLRUN_OUTGOING", STATE / "exchange" / "outgoing"))
INCOMING = Path(os.environ.get("WELLRUN_INCOMING", STATE / "exchange" / "incoming"))
# Folders of the server whose CSV exports people may import from a page; demo and dev offer the sample data too.
SAMPLES = ROOT.parent / "shared" / "data" / "synthea"
IMPORT_FOLDERS = [STATE / "import", *([SAMPLES] if MODE in ("demo", "dev") else [])]
MEDIA_ROOT = Path(os.environ.get("WELLRUN_MEDIA", STATE / "media"))
MAILBOX = Path(os.environ.get("WELLRUN_MAILBOX", STATE / "mailbox"))
HTTPS = BASE_URL.startswith("https://")
OPERATOR_TOKEN = os.environ.get("OPERATOR_TOKEN", "")  # opens /statusz; unset: there is no such page
if MODE == "production" and (
    refused := hardening.weaknesses(
        secret_key=SECRET_KEY,
        phi_keys=PHI_KEYS,
        file_keys=FILE_KEYS,
        index_key=INDEX_KEY,
        base_url=BASE_URL,
        environment=os.environ,
    )
):
    raise ImproperlyConfigured(" ".join(refused))
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname or "localhost"] + (
    ["localhost", "127.0.0.1"] if MODE != "production" else []
)
ALLOWED_HOSTS += ["testserver"] if MODE == "test" else []
CSRF_TRUSTED_ORIGINS = [BASE_URL]

DATABASES = {"default": database(required(f"DATABASE_{ROLE.upper()}_URL"))}
if MODE == "test" and (template := os.environ.get("WELLRUN_TEST_TEMPLATE")):
    # A copy of the database that the launcher has migrated (practice/launch/schema.py).
    DATABASES["default"]["TEST"] = {"TEMPLATE": template, "MIGRATE": False}
DATABASE_OWNER_URL = os.environ.get("DATABASE_OWNER_URL", "")
DATABASE_JOBS_URL = os.environ.get("DATABASE_JOBS_URL", "")
DATABASE_RELAY_URL = os.environ.get("DATABASE_RELAY_URL", "")
# Heartbeats go round the pool: they must arrive when every connection of the pool is at work.
DATABASE_HEARTBEAT_URL = os.environ.get("DATABASE_HEARTBEAT_URL", DATABASE_JOBS_URL)
REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
# The default cache is PostgreSQL: allauth's lock-out counters must outlive Redis (ARCHITECTURE.md 4).
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "practice_cache"},
    "fast": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        # What may be lost must not be waited for either.
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Our own apps in ladder order, lowest first: seeds and discoveries walk them in this order.
HOUSE = [
    "kit",
    "practice",
    "staff",
    "patients",
    "finance",
    "scheduling",
    "billing",
    "compliance",
    "reports",
    "interop",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "practice.static.StaticConfig",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "pgtrigger",
    "csp",
    *HOUSE,
]
MIDDLEWARE = [
    "practice.probes.ProbeMiddleware",
    "practice.middleware.RequestIdMiddleware",
    "practice.access_log.AccessLogMiddleware",
    "practice.away.DatabaseAwayMiddleware",
    "practice.edges.EdgesMiddleware",
    "practice.trail.TrailMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "practice.compression.PageCompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "practice.edges.AddressMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "practice.middleware.SessionLimitsMiddleware",
    "practice.middleware.PracticeMiddleware",
    "practice.edges.HeadMiddleware",
]
ROOT_URLCONF = "practice.urls"
WSGI_APPLICATION = "practice.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "practice.shell.context",
                "patients.banner.context",
            ],
        },
    }
]

# People and sessions
AUTH_USER_MODEL = "practice.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "account_login", "home", "account_login"
ACCOUNT_ADAPTER = "practice.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Wellrun: "
ACCOUNT_FORMS = {
    "add_email": "practice.forms.account.NewEmailForm",
    "change_password": "practice.forms.account.PasswordChange",
    "set_password": "practice.forms.account.FirstPassword",
    "reset_password": "practice.forms.account.ResetRequest",
    "reset_password_from_key": "practice.forms.account.ResetPassword",
}
# Five wrong tries in a quarter of an hour lock an e-mail, known or not, from wherever they come.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/15m/key"}
# Second factors and fresh proof of identity: always in production, never in the demo, elsewhere when asked for.
MFA_REQUIRED = STEP_UP_REQUIRED = MODE == "production" or (
    MODE in ("dev", "test") and os.environ.get("WELLRUN_REQUIRE_MFA") == "1"
)
ACCOUNT_REAUTHENTICATION_REQUIRED = MFA_REAUTHENTICATION_REQUIRED = MODE != "demo"
MFA_ADAPTER = "practice.accounts.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Wellrun"
# allauth remembers used codes for 30 seconds, so one that is good for longer could be used twice.
MFA_TOTP_TOLERANCE = 0
# The address people sign in with is proven by their invitation; one they are changing to must not stop them.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = MODE != "production"
SESSION_COOKIE_NAME = "wellrun_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ABSOLUTE_SECONDS = SESSION_COOKIE_AGE = 12 * 3600
CSRF_USE_SESSIONS = True
CSRF_FAILURE_VIEW = "practice.views.errors.csrf_refused"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "frame-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Mail: a folder of files in demo, dev and test (the mailbox page reads it), SMTP in production.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = MAILBOX
DEFAULT_FROM_EMAIL = os.environ.get("WELLRUN_FROM_EMAIL", "Wellrun <no-reply@wellrun.example>")
if MODE == "production":
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
    EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))

# Files
STATIC_URL = "/static/"
STATIC_ROOT = STATE / "static"
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "png", "svg", "woff2"]
STATICFILES_DIRS = [path for path in (ROOT / "static" / "dist", ROOT / "static" / "img") if path.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE in ("dev", "test")
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns about a folder that is not there yet
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
# A virus scanner by dotted name (practice.scanning.Scanner); without one files say "Not scanned", never "clean".
UPLOAD_SCANNER = os.environ.get("WELLRUN_UPLOAD_SCANNER", "")

# Time is stored in UTC; people see the zone of their site.
LANGUAGE_CODE, USE_I18N, USE_TZ, TIME_ZONE = "en-us", False, True, "UTC"

# Background work
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 1500, 1800
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# However long Redis is away, its return finds the workers waiting.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Celery would close the database connection before and after each task; a short job cost less than connecting.
CELERY_DB_REUSE_MAX = 1_000
# A worker that dies is missed after this long; it renews its claim four times as often.
JOB_LEASE_SECONDS = int(os.environ.get("WELLRUN_JOB_LEASE_SECONDS", "60"))
CELERY_WORKER_HIJACK_ROOT_LOGGER = CELERY_WORKER_REDIRECT_STDOUTS = False
# A broker that vanished is noticed; the relay waits for none of its answers longer than this.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 5, "socket_keepalive": True}
CELERY_BEAT_SCHEDULE = {"dispatch": {"task": "practice.dispatch", "schedule": 60.0}}

# Requests of one user or token, sheets and PDFs of one user, refused requests of one address. Tests ask faster.
# Texts go out through the gateway at this address (practice/texting.py); without one they are only logged.
TEXT_GATEWAY_URL = os.environ.get("TEXT_GATEWAY_URL", "")
TEXT_GATEWAY_TOKEN = os.environ.get("TEXT_GATEWAY_TOKEN", "")
RATES = {
    "actor": os.environ.get("WELLRUN_API_RATE", "600/min"),
    "export": os.environ.get("WELLRUN_EXPORT_RATE", "30/min"),
    "address": os.environ.get("WELLRUN_ADDRESS_RATE", "120/min"),
    # Public forms, counted in PostgreSQL (practice/public_rates.py): pages and sendings of one address, wrong
    # addresses of forms, and everything sent through one link.
    "form_open": os.environ.get("WELLRUN_FORM_OPEN_RATE", "240/hour"),
    "form_unknown": os.environ.get("WELLRUN_FORM_UNKNOWN_RATE", "30/hour"),
    "form_send": os.environ.get("WELLRUN_FORM_SEND_RATE", "30/hour"),
    "form_send_link": os.environ.get("WELLRUN_FORM_LINK_RATE", "120/hour"),
}
if MODE == "test":
    RATES = dict.fromkeys(RATES, "1000000/min")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["practice.authentication.ActorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["practice.authentication.HasActor"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["kit.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "kit.schema.HouseSchema",
    "EXCEPTION_HANDLER": "kit.problem.handle",
    "DEFAULT_THROTTLE_CLASSES": ["practice.authentication.ActorThrottle"],
    "COERCE_DECIMAL_TO_STRING": True,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Wellrun API",
    "VERSION": "1",
    "DESCRIPTION": "The back office of a medical practice. Every path belongs to one practice.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    # Choices stay where they are used: forty records have a "state" of their own.
    "POSTPROCESSING_HOOKS": ["kit.schema.refusals"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
LOGGING = logs.configuration(
    readable=MODE == "dev",
    level=os.environ.get("WELLRUN_LOG_LEVEL", "WARNING" if MODE == "test" else "INFO"),
)
SILENCED_SYSTEM_CHECKS = [] if HTTPS else ["security.W004", "security.W008", "security.W012", "security.W016"]
