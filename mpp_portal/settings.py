"""All settings, a section per worry, closed unless the environment opens them. Listed in docs/pengaturan.md."""

from pathlib import Path

import environ
import sentry_sdk
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from kombu import Queue
from whitenoise.compress import Compressor

from mpp_portal import beat, logs
from mpp_portal.admin_colours import COLORS

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- Mode: demo is opened by bin/run only -----------------------------------------------------------------------------
DEMO = env.bool("MPP_DEMO", False)
DEBUG = env.bool("DEBUG", False)
DATA_DIR = Path(env.str("MPP_DATA_DIR", str(BASE_DIR / ".data"))).absolute()
BUILD_DIR = Path(env.str("MPP_BUILD_DIR", str(BASE_DIR / ".build"))).absolute()

# --- Secrets and hosts ------------------------------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY", "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. bin/run makes one for the demo; in production put a long random text into it."
    )
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
KUNCI_DATA = env.list("MPP_KUNCI_DATA", default=[])  # the first encrypts, all decrypt; made by `buat_kunci_data`
KUNCI_SIDIK = env.str("MPP_KUNCI_SIDIK", "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("MPP_HTTPS", not DEMO)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("MPP_BEHIND_PROXY", False) else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
IDLE_MINUTES = env.int("MPP_MENIT_DIAM", 60)  # without a key or a page, staff are logged out
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "mpp_portal.errors.csrf_failure"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# django-unfold ships Alpine (needs eval) and inline scripts; its pages are staff only. See docs/adr/0004.
CSP_ADMIN = {
    "script-src": [SELF, "'unsafe-inline'", "'unsafe-eval'"],
    "style-src": [SELF, "'unsafe-inline'"],
}

# --- Apps -------------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "mpp_portal",
    "mpp_portal.siaran",
    "mpp_portal.notifikasi",
    "layanan",
    "antrean",
    "pengaduan",
    "pengaduan.open311",
    "pengaduan.open311.titipan",
    "pengaduan.sp4n",
    "pengaduan.surel",
    "pengaduan.whatsapp",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "mpp_portal.admin_app.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
]
MIDDLEWARE = [
    "mpp_portal.sehat.middleware",  # first: whoever asks for health knows no host name and speaks no HTTPS
    "mpp_portal.permintaan.middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "mpp_portal.faktor.Required",
    "django.contrib.messages.middleware.MessageMiddleware",
    "mpp_portal.perangkat_masuk.Idle",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "mpp_portal.urls"
WSGI_APPLICATION = "mpp_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
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
                "mpp_portal.context.portal",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "mpp_portal.templatetags.mpp"],
        },
    }
]

# --- Database ---------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'mpp.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 300, "CONN_HEALTH_CHECKS": True}
    DATABASES["default"]["OPTIONS"] = {"connect_timeout": 5} | DATABASES["default"].get("OPTIONS", {})
    if env.bool("DATABASE_PREPARE", True):  # read and planned once per connection (rows.WordField)
        known = {"server_side_binding": True, "prepare_threshold": 2}
        DATABASES["default"]["OPTIONS"] = known | DATABASES["default"]["OPTIONS"]

# --- Redis / Valkey: cache, broker and push bus; all of them may be away (mpp_portal/valkey.py) -----------------------
REDIS_URL = env.str("REDIS_URL", f"unix://{DATA_DIR / 'valkey.sock'}?db=0")
REDIS_TIMEOUT = 0.2  # seconds a page waits for a hung server before it goes on without
REDIS_PAUSE = 1  # seconds between two looks whether an unreachable server is back
CACHES = {"default": {"BACKEND": "mpp_portal.valkey.OpenCache", "LOCATION": REDIS_URL}}

# --- Celery -----------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
    if REDIS_URL.startswith("unix:")
    else REDIS_URL
)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "socket_timeout": 30,
    "socket_connect_timeout": 2,
    "queue_order_strategy": "priority",
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# A worker takes urgent work first (calls, codes), then the rest, then what may take its time (exports).
CELERY_TASK_QUEUES = [Queue("segera"), Queue("celery"), Queue("lambat")]
CELERY_BEAT_SCHEDULE = beat.SCHEDULE

# --- Messages: each channel is mati (off), coba (dry run) or hidup (on); see docs/operasi.md --------------------------
PORTAL_URL = env.str("MPP_URL", f"http://localhost:{env.str('PORT', '8000')}").rstrip("/")  # for links in messages
_KANAL = "coba" if DEMO else "mati"
KABAR_KANAL = {
    "surel": env.str("KABAR_SUREL", _KANAL),
    "whatsapp": env.str("KABAR_WHATSAPP", _KANAL),
    "sms": env.str("KABAR_SMS", _KANAL),
    "telegram": env.str("KABAR_TELEGRAM", _KANAL),
    "http": env.str("KABAR_HTTP", _KANAL),
    "webpush": env.str("KABAR_WEBPUSH", _KANAL),
    "webhook": env.str("KABAR_WEBHOOK", _KANAL),
    "sp4n": env.str("KABAR_SP4N", "mati"),
    "open311": env.str("KABAR_OPEN311", _KANAL),
    "balasan": "hidup" if env.str("WHATSAPP_TOKEN", "") else "mati",  # to who reports by WhatsApp
}
KABAR_WHATSAPP_URL = env.str("KABAR_WHATSAPP_URL", "")  # apprise addresses with {tujuan}
KABAR_SMS_URL = env.str("KABAR_SMS_URL", "")
KABAR_TELEGRAM_URL = env.str("KABAR_TELEGRAM_URL", "")
KABAR_HTTP_URL = env.str("KABAR_HTTP_URL", "")
KABAR_HTTP_TOKEN = env.str("KABAR_HTTP_TOKEN", "")
KABAR_VAPID_KEY = env.str("KABAR_VAPID_KEY", "")  # made by `manage.py buat_kunci_vapid`
KABAR_VAPID_CONTACT = env.str("KABAR_VAPID_CONTACT", "mailto:portal@localhost")
KABAR_PUSH_HOSTS = env.list(
    "KABAR_PUSH_HOSTS",
    default=["fcm.googleapis.com", "push.services.mozilla.com", "push.apple.com", "notify.windows.com"],
)
KABAR_PRIVATE_HOSTS = env.list("KABAR_PRIVATE_HOSTS", default=[])  # may be called though they are in our own network
KABAR_TENANG = env.str("KABAR_TENANG", "21.00-06.00")  # quiet hours on the mall's clock
PEMESANAN_SIMPAN_HARI = env.int("PEMESANAN_SIMPAN_HARI", 30)  # names, contacts and NIK, after the booked day
LAPORAN_SIMPAN_HARI = env.int("LAPORAN_SIMPAN_HARI", 730)  # who sent a report and what was said, after its end
KABAR_SIMPAN_HARI = env.int("KABAR_SIMPAN_HARI", 30)

# --- Figures for monitoring at /metrik/: closed unless a token or an address opens it ---------------------------------
METRIK_TOKEN = env.str("METRIK_TOKEN", "")
METRIK_ALAMAT = env.list("METRIK_ALAMAT", default=[])

# --- Language and time: "today" is always the day of an MPP, never of this setting ------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BUILD_DIR / "locale", BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["mpp_portal.formats"]
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# --- Static files -----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BUILD_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", BASE_DIR / "node_modules/bootstrap/dist"),
    ("huruf", BASE_DIR / "node_modules/@fontsource-variable/plus-jakarta-sans/files"),
]
STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "mpp_portal.static.HashedOnce"},
}
WHITENOISE_MAX_AGE = 3600
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]  # no page asks for source maps
MEDIA_ROOT = DATA_DIR / "media"

# --- Files of reports: no address leads to them, a view asks who may see them -----------------------------------------
STORAGES["pribadi"] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": str(DATA_DIR / "pribadi"), "file_permissions_mode": 0o600},
}
KOTAK_SURAT = env.list("KOTAK_SURAT", default=[])  # imaps://name:password@host/INBOX?mpp=slug
WHATSAPP_NOMOR = env.list("WHATSAPP_NOMOR", default=[])  # phone_number_id=slug of the mall
WHATSAPP_SANDI = env.str("WHATSAPP_SANDI", "")  # signs what the webhook is told
WHATSAPP_VERIFIKASI = env.str("WHATSAPP_VERIFIKASI", "")  # asked when the webhook is registered
WHATSAPP_TOKEN = env.str("WHATSAPP_TOKEN", "")  # fetches files and sends replies
WHATSAPP_URL = env.str("WHATSAPP_URL", "")  # of the Graph API, with its version
WHATSAPP_HOST_BERKAS = env.list("WHATSAPP_HOST_BERKAS", default=["lookaside.fbsbx.com"])
SP4N_ADAPTER = env.str("SP4N_ADAPTER", "pengaduan.sp4n.gerbang.Gerbang")  # a class: pengaduan/sp4n/upstream.py
SP4N_URL = env.str("SP4N_URL", "")
SP4N_TOKEN = env.str("SP4N_TOKEN", "")
CLAMD = env.str("CLAMD", "")  # unix:/run/clamav/clamd.ctl or host:3310

# --- Backups: written for public keys whose secret ones are kept elsewhere; see docs/operasi.md -----------------------
CADANGAN_KUNCI = env.list("CADANGAN_KUNCI", default=[])
CADANGAN_FOLDER = Path(env.str("CADANGAN_FOLDER", str(DATA_DIR / "cadangan"))).absolute()
CADANGAN_SIMPAN = env.int("CADANGAN_SIMPAN", 14)
CADANGAN_S3 = env.str("CADANGAN_S3", "")  # https://key:secret@host/bucket/folder?region=…

# --- People and login -------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "mpp_portal.Pengguna"
AUTHENTICATION_BACKENDS = ["mpp_portal.accounts.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("beranda_petugas")
LOGOUT_REDIRECT_URL = reverse_lazy("beranda")
ACCOUNT_ADAPTER = "mpp_portal.accounts.StaffOnly"
ACCOUNT_FORMS = {"login": "mpp_portal.accounts.Login", "reset_password": "mpp_portal.accounts.ResetPassword"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds
FAKTOR_KEDUA = env.bool("MPP_FAKTOR_KEDUA", not DEMO)
MFA_ADAPTER = "mpp_portal.faktor.Adapter"
MFA_FORMS = {
    "activate_totp": "mpp_portal.accounts.ActivateCode",
    "authenticate": "mpp_portal.accounts.Code",
    "reauthenticate": "mpp_portal.accounts.CodeAgain",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts are made by a pengelola
MFA_TOTP_ISSUER = "Portal MPP"
MFA_TOTP_TOLERANCE = 1  # half a minute to type, and for phones whose clock is off
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_AGE = 86_400

# --- E-mail -----------------------------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "portal@localhost")

# --- Logs: no personal data; the request path of a secret link is not logged. The same of what goes to Sentry ---------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "teks": {
            "()": "mpp_portal.logs.Plain",
            "fmt": "{asctime} {levelname} {name}: {message} {permintaan}",
            "style": "{",
        },
        "json": {"()": "mpp_portal.logs.Json"},
    },
    "filters": {"secrets": {"()": "mpp_portal.logs.WithoutSecrets"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_BENTUK", "teks" if DEMO else "json"),
            "filters": ["secrets"],
            "level": env.str("LOG_LEVEL", "WARNING"),  # here: loggers with a level of their own pass the root's by
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
}

SENTRY_DSN = env.str("SENTRY_DSN", "")
if SENTRY_DSN:
    sentry_sdk.init(SENTRY_DSN, **logs.SENTRY)

# --- Admin ------------------------------------------------------------------------------------------------------------
UNFOLD = {
    "SITE_TITLE": _("Pengelolaan MPP"),
    "SITE_HEADER": _("Pengelolaan MPP"),
    "SITE_SYMBOL": "storefront",
    "SITE_URL": reverse_lazy("beranda"),
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": True,
    "THEME": "light",
    "BORDER_RADIUS": "4px",
    "STYLES": ["mpp_portal.admin_site.stylesheet"],
    "SIDEBAR": {"navigation": "mpp_portal.admin_site.navigation"},
    "COLORS": COLORS,
}
