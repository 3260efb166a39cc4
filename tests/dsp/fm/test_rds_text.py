import unicodedata

from dsp.fm.rds_country import country
from dsp.fm.rds_text import running_text, text, utf8_text


def test_control_characters_never_pass() -> None:
    assert text(bytes(range(32)) + b"\x7f\xff") == "�" * 34


def test_every_other_code_is_one_printable_character_and_no_two_are_the_same() -> None:
    said = [text(bytes([code])) for code in range(256) if 0x20 <= code not in (0x7F, 0xFF)]
    assert all(len(c) == 1 and (c.isprintable() or c == " ") for c in said)
    assert all(unicodedata.normalize("NFC", c) == c for c in said)
    assert len(set(said)) == len(said)


def test_the_table_of_annex_e_column_by_column() -> None:
    assert text(b"\x24\x5e\x60\x7e\xab") == "¤―‖¯$"
    assert text(b"\x8d\x9d\xa4\x91\xd7\xe1\xe7") == "ßğĞäÖÅØ"
    assert text(b"\xca\xdb\xcc\xdc\xfc\xf8\xfe") == "ŘčŠšśþŧ"


def test_scripts_stay_text_for_those_who_show_it_to_escape() -> None:
    assert text(b"<script>") == "<script>"


def test_a_radio_text_may_be_broken_and_hyphenated() -> None:
    assert running_text(b"NEWS\x0bto\x1fday\x0aat six  ") == "NEWS today at six"
    assert running_text(b"\x1b[31mred\x07") == "�[31mred�"


def test_utf_8_that_is_none_is_read_by_the_table() -> None:
    assert utf8_text("黑广播".encode()) == "黑广播"
    assert utf8_text(b"K\x97ln") == "Köln"


def test_a_country_needs_both_its_codes() -> None:
    assert (country(0xE0, 0xD3C2), country(0xF0, 0xC123), country(0xA0, 0x9331)) == ("DE", "CN", "US")
    assert country(None, 0xD3C2) is None and country(0xE0, None) is None
    assert country(0xE0, 0x0123) is None and country(0x00, 0xD3C2) is None and country(0xA5, 0x1000) is None
