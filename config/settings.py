"""Settings. Every deployment difference is an environment variable that starts with ZHUXIN_."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from kombu import Exchange, Queue
from whitenoise.compress import Compressor

from config import database as _database

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("ZHUXIN_VAR", BASE_DIR / "var"))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0") not in {"0", "", "no", "false"}


def _secret_key() -> str:
    """From the environment in production; on one machine made once and kept in ``var``."""
    if key := os.environ.get("ZHUXIN_SECRET_KEY"):
        return key
    path = VAR_DIR / "secret-key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key


# A sandbox may move the legal clock and shows demonstration accounts; production may not.
SANDBOX = _flag("ZHUXIN_SANDBOX", default=True)
DEBUG = _flag("ZHUXIN_DEBUG", default=False)
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("ZHUXIN_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
PUBLIC_URL = os.environ.get("ZHUXIN_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
_https = PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "kernel",
    "credit",
    "equipment",
    "labour",
    "procurement",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # allauth's session list
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "ninja",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kernel.web.policy.PolicyMiddleware",
    "kernel.web.pages_only.Sessions",
    "kernel.web.pages_only.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "kernel.web.pages_only.LogIn",
    "kernel.web.pages_only.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kernel.web.activity.SessionActivityMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kernel.web.middleware.AccessMiddleware",
    "kernel.web.door.DoorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "kernel.web.context.site",
            ],
        },
    },
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": _database.database(os.environ.get("ZHUXIN_DATABASE_URL", ""), VAR_DIR)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Never ATOMIC_REQUESTS: an act's transaction is short and begins after everything slow is done.

AUTH_USER_MODEL = "kernel.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/desk/"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "kernel.web.log_in.Adapter"
# How many proxies of ours stand before the server, each of which adds the address that it saw to
# X-Forwarded-For. With none of them the header is a stranger's word, and the peer's address counts.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("ZHUXIN_TRUSTED_PROXIES", "0"))
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Zhuxin"
MFA_FORMS = {
    "add_webauthn": "kernel.web.security_keys.AddForm",
    "edit_webauthn": "kernel.web.security_keys.EditForm",
}
USERSESSIONS_TRACK_ACTIVITY = True

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SECURE_HSTS_SECONDS = 31536000 if _https else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _redis}
        if (_redis := os.environ.get("ZHUXIN_REDIS_URL", ""))
        else {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(VAR_DIR / "cache"),
        }
    )
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "kernel" / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(VAR_DIR / "files"), "base_url": None},
    },
    # Copies of sealed bids at another keeper's; another disk or another body's bucket is worth it.
    "second-keeper": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": os.environ.get("ZHUXIN_SECOND_KEEPER", str(VAR_DIR / "second-keeper")),
            "base_url": None,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if _bucket := os.environ.get("ZHUXIN_S3_BUCKET", ""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": _bucket,
            "endpoint_url": os.environ.get("ZHUXIN_S3_ENDPOINT"),
            "default_acl": "private",
            "file_overwrite": False,
        },
    }
if _bucket := os.environ.get("ZHUXIN_SECOND_KEEPER_S3_BUCKET", ""):
    STORAGES["second-keeper"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": _bucket,
            "endpoint_url": os.environ.get("ZHUXIN_SECOND_KEEPER_S3_ENDPOINT"),
            "access_key": os.environ.get("ZHUXIN_SECOND_KEEPER_S3_ACCESS_KEY"),
            "secret_key": os.environ.get("ZHUXIN_SECOND_KEEPER_S3_SECRET_KEY"),
            "default_acl": "private",
            "file_overwrite": False,
        },
    }
WHITENOISE_USE_FINDERS = DEBUG
# A first start compresses each file once, and no map that only a debugger asks for.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

globals().update(_database.broker(os.environ.get("ZHUXIN_BROKER_URL", ""), VAR_DIR))
# Installations that share a broker never read each other's wake-ups.
CELERY_TASK_DEFAULT_QUEUE = os.environ.get("ZHUXIN_QUEUE", "zhuxin")
# The clocks have a queue of their own, which a worker reads in turn with the other: however many
# documents wait to be printed, deadlines take effect between two of them.
_clock = f"{CELERY_TASK_DEFAULT_QUEUE}.clock"
CELERY_TASK_QUEUES = [
    Queue(name, Exchange(name), routing_key=name) for name in (CELERY_TASK_DEFAULT_QUEUE, _clock)
]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Nobody steers workers from afar; after a cut the broker still held the queue for it, locked.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# The beat only asks the database what is due. When it is late, nothing legal changes.
CELERY_BEAT_SCHEDULE = {
    name: {"task": task, "schedule": every, "options": {"expires": expires, "queue": queue}}
    for name, task, every, expires, queue in (
        ("events", "kernel.events.sweep", 2.0, 10, _clock),
        ("deadlines", "kernel.workflow.run_due", 5.0, 20, _clock),
        ("tree-head", "kernel.evidence.sign_head", 60.0, 600, _clock),
        ("uploads", "procurement.bids.sweep_uploads", 60.0, 60, _clock),
        ("standings", "credit.scoring.renew_standings", 60.0, 60, CELERY_TASK_DEFAULT_QUEUE),
        # It waits for others' servers, so it stands behind nothing that the clocks wait for.
        ("stamps", "kernel.evidence.stamp", 2.0, 10, CELERY_TASK_DEFAULT_QUEUE),
    )
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# Sealed bids that come in parts: how many one bidder may have under way for a lot, how many bytes
# in all lots, how many stay free on the disk, and the real hours after which one is given up to
# which nothing was added.
UPLOADS = {
    name: int(os.environ.get(f"ZHUXIN_UPLOAD_{name.upper()}", default))
    for name, default in (
        ("most_open", 3),
        ("most_bytes", 8 * 1024**3),
        ("keep_free_bytes", 2 * 1024**3),
        ("idle_hours", 72),
    )
}

# Decryption of one envelope: the real seconds that any may take, and the bytes in a second below
# which a larger one is taken to hang. Its process is then ended, and started once more.
DECRYPTION = {
    name: int(os.environ.get(f"ZHUXIN_DECRYPTION_{name.upper()}", default))
    for name, default in (("least_seconds", 120), ("least_bytes_per_second", 2 * 1024**2))
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("ZHUXIN_LOG_LEVEL", "INFO")},
    # A tick every second says nothing; what fails is a warning or an error.
    "loggers": {
        name: {"level": "WARNING"}
        for name in ("celery.beat", "celery.worker.strategy", "celery.app.trace")
    }
    # What pyHanko finds odd in somebody's PDF stands in the report of the signature.
    | {"pyhanko": {"level": "ERROR"}},
}
