"""What browsers are told: by every answer, on every address."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ytsynch.security.headers import policy_of

ROOT = Path(__file__).resolve().parents[3]
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "M6vXwq0tZ1f3rLk9Bn7cPs4Dh2Jy8GmTaUeRoWiQxVbNzKdFl5",
    "DATABASE_URL": "postgres://nobody:hush@127.0.0.1:9/none",
    "YT_SYNCH__SECURITY__TOKEN_KEYS": '["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]',
    "YT_SYNCH__HTTP_API__PUBLIC_URL": "https://sync.example.com",
}


def policy(path):
    return dict(part.split(" ", 1) for part in policy_of(path).split("; "))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/status", "/docs", "/docs/redoc", "/admin/login/", "/no/such/page"])
def test_every_answer_has_the_headers(client, path):
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == policy_of(path)
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin" or path == "/docs"
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", ["/", "/dashboard/", "/letters/unsubscribe/x", "/docs", "/admin/"])
def test_nothing_runs_inline_anywhere(path):
    rules = policy(path)
    assert "'unsafe-inline'" not in rules["script-src"]
    assert rules["default-src"] == "'none'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"


def test_our_own_pages_have_neither_evaluated_scripts_nor_inline_styles():
    assert policy("/dashboard/")["script-src"] == policy("/dashboard/")["style-src"] == "'self'"


def test_a_form_may_lead_to_google_and_nowhere_else(settings):
    assert policy("/sign-in/")["form-action"] == "'self' https://accounts.google.com"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/docs", "/docs/redoc", "/", "/sign-in/", "/terms/", "/admin/login/"])
def test_pages_keep_to_their_policy(client, path):
    """No script between its tags, in an attribute or from elsewhere; styles in the page where allowed."""
    page = client.get(path).content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>\s*\S", page)
    assert not re.search(r"<[^>]+\son\w+\s*=", page)
    for address in re.findall(
        r"<script[^>]*\bsrc=[\"']([^\"']+)|<link[^>]*stylesheet[^>]*href=[\"']([^\"']+)", page
    ):
        assert "".join(address).startswith("/")
    if "'unsafe-inline'" not in policy(path)["style-src"]:
        assert not re.search(r"<style|<[^>]+\sstyle=", page)


@pytest.mark.django_db
def test_the_script_of_the_documentation_comes_from_its_own_address(client):
    page = client.get("/docs").content.decode()
    (address,) = re.findall(r'src="(/docs\?script=[^"]*)"', page)
    script = client.get(address)
    assert script["Content-Type"].startswith("application/javascript")
    assert b"SwaggerUIBundle" in script.content


def test_production_settings_pass_djangos_own_check():
    done = subprocess.run(  # noqa: PLW1510 (the exit status is what is tested)
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=os.environ | PRODUCTION,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_in_production_cookies_are_for_https_alone_and_browsers_remember_it():
    ask = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
        "s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS >= 31536000)"
    )
    done = subprocess.run(  # noqa: PLW1510 (the exit status is what is tested)
        [sys.executable, "manage.py", "shell", "-v0", "-c", ask],
        cwd=ROOT,
        env=os.environ | PRODUCTION,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.split() == ["True"] * 4, done.stderr


@pytest.mark.parametrize("missing", ["SECRET_KEY", "YT_SYNCH__SECURITY__TOKEN_KEYS"])
def test_o7_production_does_not_start_without_its_keys(missing):
    environment = {name: value for name, value in (os.environ | PRODUCTION).items() if name != missing}
    done = subprocess.run(  # noqa: PLW1510 (the exit status is what is tested)
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 2
    assert "production needs it" in done.stderr
