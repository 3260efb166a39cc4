"""What a long-running program notes on stderr. A note that is only a refusal is in the language of the person."""

import logging

from shell import words


class Notes(logging.Formatter):
    def __init__(self, language: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._language = language

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        if isinstance(record.args, tuple) and len(record.args) == 1 and isinstance(record.args[0], Exception):
            explained = words.clean(words.explain(record.args[0], self._language))
            record.message = str(record.msg).replace("%s", explained, 1)
        return super().formatMessage(record)


def take_notes(language: str) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(Notes(language))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for chatty in ("alembic", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
