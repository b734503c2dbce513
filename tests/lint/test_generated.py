"""What `scf-gen new` writes has no finding."""

import zipfile

import pytest
from scf_gen.languages import catalog
from scf_gen.lint.runner import lint


@pytest.mark.parametrize("lang", catalog.languages())
def test_a_generated_project_has_no_finding(lang, scf_gen, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert scf_gen("new", "hello", "--lang", lang, "--handler", "app.run_it").status == 0
    assert lint([tmp_path / "hello"]).findings == []


@pytest.mark.parametrize("lang", catalog.languages())
def test_nor_has_its_zip_but_for_what_is_left_out_in_packing(lang, scf_gen, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert scf_gen("new", "hello", "--lang", lang).status == 0
    assert scf_gen("build", "hello").status == 0
    folder = tmp_path / "hello"
    with zipfile.ZipFile("hello.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in folder.rglob("*"):
            if path.is_file() and path.relative_to(folder).parts[0] not in {"tests", ".gitignore", ".gitattributes"}:
                archive.write(path, path.relative_to(folder))
    assert lint([tmp_path / "hello.zip"]).findings == []
