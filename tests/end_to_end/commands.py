"""The command as a person calls it: its own process, once in each language, side by side."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

LANGUAGES = ("en", "zh")
CALM = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
NAMES = {  # what Chinese radio people write in Latin letters too, and what the program itself is called
    *(
        "wavewarden",
        "GSM",
        "IQ",
        "SigMF",
        "WAV",
        "MHz",
        "kHz",
        "Hz",
        "TOML",
        "JSON",
        "UTF",
        "PCM",
        "SQLite",
        "RTL",
        "SDR",
    ),
    *("chmod", "core", "captures", "rtl_tcp", "lsusb", "zip", "nan", "link", "web", "host", "port", "data"),
}


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def sentences(self) -> list[str]:
        return [line for line in self.err.splitlines() if line.strip()]


def environment() -> dict[str, str]:
    return os.environ | CALM


def start(*arguments: object, cwd: Path, language: str = "en", limit_bytes: int | None = None) -> subprocess.Popen[str]:
    """`limit_bytes`: no file can grow beyond it, as on a full disk."""
    words = [sys.executable, "-m", "wavewarden", "--lang", language, *map(str, arguments)]
    if limit_bytes is not None:
        limit = f"import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit_bytes}, {limit_bytes}))"
        words = [sys.executable, "-c", f"{limit}; os.execv(sys.executable, sys.argv[1:])", *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(words, cwd=cwd, env=environment(), stdout=pipe, stderr=pipe, encoding="utf-8")


def finish(process: subprocess.Popen[str], *, seconds: float = 60.0) -> Done:
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return Done(process.returncode, out, err)


def run(*arguments: object, cwd: Path, limit_bytes: int | None = None) -> Done:
    return finish(start(*arguments, cwd=cwd, limit_bytes=limit_bytes))


def run_both(*arguments: object, cwd: Path, limit_bytes: int | None = None) -> dict[str, Done]:
    running = {lang: start(*arguments, cwd=cwd, language=lang, limit_bytes=limit_bytes) for lang in LANGUAGES}
    return {language: finish(process) for language, process in running.items()}


def run_in_turn(*arguments: object, cwd: Path, limit_bytes: int | None = None) -> dict[str, Done]:
    """One after the other, where two at once would be in each other's way."""
    return {
        language: finish(start(*arguments, cwd=cwd, language=language, limit_bytes=limit_bytes))
        for language in LANGUAGES
    }


def check_refused(done: dict[str, Done], code: int, *said: str) -> None:
    """One sentence in each language, with what matters in the English one, and the exit code."""
    for language, one in done.items():
        assert one.code == code, (language, one)
        assert len(one.sentences) == 1, (language, one.err)
        assert one.sentences[0].startswith("wavewarden: "), one.err
    for fragment in said:
        assert fragment in done["en"].err
    check_chinese(done["zh"].sentences[0], *said)


def check_chinese(sentence: str, *names: str) -> None:
    """No word of English but names: of files and places, quoted ones, options, formats, those above and `names`."""
    bare = re.sub(
        r"`[^`]*`|'[^']*'|\"[^\"]*\"|\[[^\]]*\]|--\w+|[!-~]*[/._][!-~]*|[a-z]+\d+", " ", sentence, flags=re.ASCII
    )
    words = set(re.findall(r"[A-Za-z]{2,}", bare))
    assert not words - NAMES - {word for name in names for word in re.findall("[A-Za-z]+", name)}, sentence
    assert re.search(r"[\u4e00-\u9fff]", sentence), sentence
