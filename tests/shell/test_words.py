import pytest

from shell.settings import UnknownKey
from shell.words import UnknownWord, catalogue, clean, explain, finding, say, terminal_language


def test_every_entry_has_both_languages_and_takes_the_same_values():
    import string

    for key, texts in catalogue().items():
        fields = {
            language: {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for language, text in texts.items()
        }
        assert fields["zh"] == fields["en"], key


def test_an_unknown_key_is_an_error_and_not_an_empty_string():
    with pytest.raises(UnknownWord):
        say("no.such.entry", "en")


def test_an_error_is_explained_in_chinese_from_its_own_numbers():
    error = UnknownKey(file="a.toml", key="gian_db", nearest="gain_db", valid=("gain_db",))
    assert "a.toml" in explain(error, "zh")
    assert "gian_db" in explain(error, "zh")
    assert explain(error, "en") == str(error)


def test_the_language_is_the_one_asked_for_then_the_locale(monkeypatch):
    monkeypatch.delenv("WAVEWARDEN_LANG", raising=False)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert terminal_language() == "zh"
    assert terminal_language("en") == "en"
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert terminal_language() == "en"


def test_radio_text_cannot_break_out_of_its_line():
    assert clean("a\r\nBcc: x\x1b[2J\u202e") == "a  Bcc: x [2J"


def test_a_finding_without_words_is_shown_by_its_name():
    assert finding("no_such_rule", "what", {"a": 1}, "zh") == "no_such_rule"


def test_a_value_that_is_missing_is_a_dash_and_not_a_failure():
    assert "–" in finding("fm_unlicensed", "what", {"freq_mhz": 98.1}, "zh")
