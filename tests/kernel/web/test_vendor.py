"""Vendored front-end files are what their manifests say."""

from __future__ import annotations

from pathlib import Path

import pytest

from kernel.web.vendor import problems, read_manifest, without_source_map

ROOT = Path(__file__).resolve().parents[3]
MANIFESTS = [
    ROOT / "kernel/static/vendor/manifest.toml",
    ROOT / "tests/e2e/vendor/manifest.toml",
]
BY_SERVED = MANIFESTS[:1]


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.parts[-4])
def test_every_vendored_file_is_in_the_manifest_with_its_hash_and_the_other_way_round(manifest):
    assert problems(manifest) == []


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.parts[-4])
def test_every_vendored_package_names_version_and_licence_and_carries_its_licence(manifest):
    rows = read_manifest(manifest)
    assert all(row.version and row.licence and row.original_sha256 for row in rows)
    licensed = {row.name for row in rows if row.source == "LICENSE"}
    assert {row.name for row in rows} == licensed


@pytest.mark.parametrize("manifest", BY_SERVED, ids=lambda path: path.parts[-4])
def test_no_served_file_names_a_source_map(manifest):
    for row in read_manifest(manifest):
        assert b"sourceMappingURL" not in (manifest.parent / row.file).read_bytes()


def test_a_changed_a_missing_and_a_strange_file_are_found(tmp_path):
    manifest = tmp_path / "manifest.toml"
    manifest.write_text(
        "".join(
            f'[[file]]\nfile="{name}"\nname="x"\nversion="1"\nlicence="MIT"\nsource="{name}"\n'
            f'sha256="00"\n'
            for name in ("changed.js", "missing.js")
        )
    )
    (tmp_path / "changed.js").write_text("x")
    (tmp_path / "strange.js").write_text("x")
    assert problems(manifest) == [
        "missing: missing.js",
        "not in the manifest: strange.js",
        "changed: changed.js",
    ]


def test_source_map_comments_are_taken_out_of_css_and_js():
    assert without_source_map(b"a{}\n/*# sourceMappingURL=a.css.map */") == b"a{}\n"
    assert without_source_map(b"x()\n//# sourceMappingURL=a.js.map\n") == b"x()\n"
    assert without_source_map(b"x()\n") == b"x()\n"
