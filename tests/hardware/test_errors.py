from hardware.errors import RadioError
from shell.words import has


def leaves(cls):
    below = cls.__subclasses__()
    return [leaf for sub in below for leaf in leaves(sub)] if below else [cls]


def test_every_refusal_has_words_in_both_languages():
    assert [cls.__name__ for cls in leaves(RadioError) if not has(f"error.{cls.__name__}")] == []
