"""The npm packages of these tests: pinned to the letter, from whatever registry the reader uses."""

import json

import pytest

from tests.conformance import node

LOCK = json.loads((node.FOLDER / "package-lock.json").read_text())
PACKAGE = json.loads((node.FOLDER / "package.json").read_text())


def test_every_package_is_pinned_with_its_hash():
    packages = {path: entry for path, entry in LOCK["packages"].items() if path}
    assert [path for path, entry in packages.items() if not entry["integrity"].startswith("sha512-")] == []
    assert LOCK["packages"][""]["dependencies"] == PACKAGE["dependencies"]
    assert all(
        version[0].isdigit() or version.startswith("npm:") for version in PACKAGE["dependencies"].values()
    )


def test_the_lock_names_no_registry():
    assert "http" not in json.dumps(LOCK)


def test_without_node_the_reason_is_said(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert node.missing() == "no Node.js here"


def test_without_the_packages_the_command_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(node, "FOLDER", tmp_path)
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    assert node.missing() == "npm packages not installed: run make test"


def test_on_ci_what_is_missing_is_a_failure(monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="must run"):
        node.require("no Node.js here")


def test_elsewhere_what_is_missing_is_skipped(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"no Node\.js here"):
        node.require("no Node.js here")
