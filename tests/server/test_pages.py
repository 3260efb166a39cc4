"""What can be said of templates and scripts by reading them."""

import re
from importlib import resources

import pytest

from shell.words import has

STATIC = resources.files("server") / "static"
TEMPLATES = resources.files("server") / "templates"
SCRIPTS = sorted(file.name for file in STATIC.iterdir() if file.name.endswith(".js"))
PAGES = sorted(file.name for file in TEMPLATES.iterdir() if file.name.endswith(".html"))
TEXT_AS_MARKUP = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "srcdoc")


def script(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def page(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_script_of_ours_turns_text_into_markup(name):
    assert [way for way in TEXT_AS_MARKUP if way in script(name)] == []


@pytest.mark.parametrize("name", PAGES)
def test_no_template_lets_text_through_or_holds_script_or_style(name):
    text = page(name)
    for way in ("|safe", "| safe", "Markup", "autoescape false", "<style", " style=", "javascript:"):
        assert way not in text, way
    assert re.findall(r"\son[a-z]+=", text) == []
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_word_a_script_says_is_in_the_catalogue(name):
    for key in re.findall(r'say\("([a-z_.]+)"', script(name)):
        assert has(key) or has(f"web.js.{key}"), key


@pytest.mark.parametrize("name", PAGES)
def test_every_word_a_template_says_is_in_the_catalogue(name):
    for key in re.findall(r"""say\(["']([a-z_.]+)["']\s*[,)]""", page(name)):
        assert has(key), key


@pytest.mark.parametrize("name", PAGES)
def test_no_template_speaks_a_language_of_its_own(name):
    """Words for people come from the catalogue: no Chinese in a template, and English only as names of fields."""
    assert re.findall(r"[\u4e00-\u9fff]", page(name).replace('"、"', "")) == []


@pytest.mark.parametrize("name", PAGES)
def test_every_form_that_changes_something_carries_the_token(name):
    for form in re.findall(r'<form[^>]*method="post".*?</form>', page(name), flags=re.DOTALL):
        assert "csrf" in form or 'action="/login"' in form
