"""One settings module, chosen by the environment; what is unsafe does not start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

LONG = "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVW"
SAFE = {
    "DATABASE_URL": "postgres://registry@db.example:5432/registry",
    "SECRET_KEY": LONG,
    "FIELD_KEY": LONG[::-1],
    "LEDGER_KEY": LONG[5:] + LONG[:5],
    "ALLOWED_HOSTS": "ip.example.gov.cn",
    "SITE_BASE_URL": "https://ip.example.gov.cn",
    "PDF_SIGNING_KEY": os.environ["PDF_SIGNING_KEY"],
    "PDF_SIGNING_CERT": os.environ["PDF_SIGNING_CERT"],
}
ASKED = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "FIELD_KEY",
    "LEDGER_KEY",
    "DEMO",
    "BEHIND_TLS",
    "PORT",
    "ALLOWED_HOSTS",
    "EMAIL_URL",
    "MAIL_FROM",
    "SITE_BASE_URL",
    "PDF_SIGNING_KEY",
    "PDF_SIGNING_CERT",
    "DJANGO_ALLOW_ASYNC_UNSAFE",
)
SHOW = (
    "from django.conf import settings as s; d = s.DATABASES['default']; broker = s.CELERY_BROKER_URL.split(':')[0];"
    "print(d['ENGINE'].split('.')[-1], d.get('HOST', ''), d.get('PASSWORD', ''), broker, s.DEBUG)"
)


def settings_of(home: Path, code: str = SHOW, **variables: str) -> subprocess.CompletedProcess[str]:
    plain = {key: value for key, value in os.environ.items() if key.removesuffix("_FILE") not in ASKED}
    environment = {**plain, "DJANGO_SETTINGS_MODULE": "registry.settings", "REGISTRY_HOME": str(home), **variables}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_nothing_set_means_the_embedded_default(tmp_path: Path) -> None:
    assert settings_of(tmp_path).stdout == "sqlite3   redis+socket False\n"


def test_redis_url_replaces_the_embedded_broker_only(tmp_path: Path) -> None:
    assert settings_of(tmp_path, REDIS_URL="redis://r.example/1").stdout == "sqlite3   redis False\n"


def test_database_url_means_production(tmp_path: Path) -> None:
    assert settings_of(tmp_path, **SAFE).stdout == "postgresql db.example  redis False\n"


def test_secrets_may_come_from_files(tmp_path: Path) -> None:
    variables = {name: SAFE[name] for name in ("ALLOWED_HOSTS", "SITE_BASE_URL")}
    variables["DATABASE_PASSWORD_FILE"] = str(tmp_path / "password")
    for name in ("DATABASE_URL", "SECRET_KEY", "FIELD_KEY", "LEDGER_KEY", "PDF_SIGNING_KEY", "PDF_SIGNING_CERT"):
        variables[f"{name}_FILE"] = str(tmp_path / name)
        (tmp_path / name).write_text(SAFE[name] + "\n")
    (tmp_path / "password").write_text("s3cret\n")
    for path in tmp_path.iterdir():
        path.chmod(0o400)
    assert settings_of(tmp_path, **variables).stdout == "postgresql db.example s3cret redis False\n"


def test_embedded_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    show = "from django.conf import settings as s; print(s.SECRET_KEY, s.FIELD_KEY, s.LEDGER_SEED.hex())"
    first, second = settings_of(tmp_path, show), settings_of(tmp_path, show)
    assert first.stdout == second.stdout
    assert len(first.stdout) > 90
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-0123456789abcdefghijklmnopqrstuvwxyz-ABCDEF"}, "SECRET_KEY"),
        ({"FIELD_KEY": ""}, "FIELD_KEY"),
        ({"LEDGER_KEY": ""}, "LEDGER_KEY"),
        ({"PDF_SIGNING_KEY": ""}, "PDF_SIGNING_KEY"),
        ({"PDF_SIGNING_CERT": ""}, "PDF_SIGNING_CERT"),
        ({"SITE_BASE_URL": ""}, "SITE_BASE_URL"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"DEMO": "1"}, "DEMO"),
        ({"PORT": "eighty"}, "PORT"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_production_refuses_what_is_unsafe(tmp_path: Path, change: dict[str, str], complaint: str) -> None:
    result = settings_of(tmp_path, **{**SAFE, **change})
    assert result.returncode == 1
    assert "ImproperlyConfigured" in result.stderr
    assert complaint in result.stderr.splitlines()[-1]


def test_production_refuses_a_secret_that_everyone_may_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(LONG)
    secret.chmod(0o644)
    variables = {key: value for key, value in SAFE.items() if key != "SECRET_KEY"}
    result = settings_of(tmp_path, **variables, SECRET_KEY_FILE=str(secret))
    assert "readable by everyone" in result.stderr


def test_deployment_check_is_clean(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={
            **{key: value for key, value in os.environ.items() if key not in ASKED},
            **SAFE,
            "REGISTRY_HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr


def test_unwritable_home_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={
            **{key: value for key, value in os.environ.items() if key not in ASKED},
            "REGISTRY_HOME": str(tmp_path / "file" / "home"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "无法写入数据目录" in result.stderr


SHOW_MAIL = (
    "from django.conf import settings as s;"
    "kind = s.EMAIL_BACKEND.split('.')[-2];"
    "print(s.MAIL_ENABLED, kind, s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS, s.SITE_BASE_URL)"
)
MAIL = {"MAIL_FROM": "registry@example.gov.cn", "SITE_BASE_URL": "https://ip.example.gov.cn/"}


def test_mail_goes_into_files_in_the_embedded_default(tmp_path: Path) -> None:
    shown = settings_of(tmp_path, SHOW_MAIL + ";print(s.EMAIL_FILE_PATH)").stdout
    assert shown == f"True filebased localhost 25 False http://127.0.0.1:8000\n{tmp_path}/mail\n"


def test_production_mails_only_through_the_server_it_is_told(tmp_path: Path) -> None:
    assert settings_of(tmp_path, SHOW_MAIL, **SAFE).stdout.startswith("False filebased")
    (tmp_path / "url").write_text("smtp+tls://registry:p%40ss@mail.example.gov.cn\n")
    (tmp_path / "url").chmod(0o400)
    shown = settings_of(tmp_path, SHOW_MAIL, **{**SAFE, **MAIL}, EMAIL_URL_FILE=str(tmp_path / "url")).stdout
    assert shown == "True smtp mail.example.gov.cn 587 True https://ip.example.gov.cn\n"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"EMAIL_URL": "consolemail://"}, "EMAIL_URL"),
        ({"EMAIL_URL": "smtp://mail.example.gov.cn", "MAIL_FROM": ""}, "MAIL_FROM"),
        ({"EMAIL_URL": "smtp://mail.example.gov.cn", "SITE_BASE_URL": ""}, "SITE_BASE_URL"),
    ],
)
def test_mail_that_could_not_be_right_does_not_start(tmp_path: Path, change: dict[str, str], complaint: str) -> None:
    result = settings_of(tmp_path, **{**SAFE, **MAIL, **change})
    assert result.returncode == 1
    assert complaint in result.stderr.splitlines()[-1]
