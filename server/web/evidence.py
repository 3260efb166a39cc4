"""Evidence of sound on the page of a case: to hear, to check, to take out."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Response
from sqlalchemy import Connection

from server import audit
from server.evidence_files import Manifest, broken, file_of, packed
from server.evidence_making import Kept, list_evidence, name_of_evidence, read_evidence
from server.web import models
from server.web.api_read import Id
from server.web.guard import VisitorNow
from server.web.phrases import iso
from server.web.problems import NOT_FOUND, PROBLEMS
from server.web.ranges import content_or_part
from server.web.refusals import NotHere
from server.web.rows import RowNumber
from server.web.site import Site, SiteOf

router = APIRouter(tags=["evidence"], responses=PROBLEMS)
TYPES = {"opus": "audio/ogg", "flac": "audio/flac", "zip": "application/zip"}


def listed(connection: Connection, case_id: str) -> list[models.EvidenceOut]:
    """Every one of a case, the newest first; nothing is checked."""
    return [_told(kept) for kept in list_evidence(connection, case_id)]


def checked(connection: Connection, case_id: str) -> list[models.EvidenceOut]:
    """The same with every hash worked out anew: a file that was changed in the database is named."""
    return [_checked(connection, case_id, one) for one in listed(connection, case_id)]


@router.get("/api/v1/cases/{id}/evidence", summary="Recordings of a suspect; every SHA-256 is checked anew")
def case_evidence(site: SiteOf, id: Id) -> list[models.EvidenceOut]:
    with site.engine.connect() as connection:
        return checked(connection, id)


@router.get("/cases/{id}/evidence/{number}.opus", summary="To listen to", response_class=Response, responses=NOT_FOUND)
def opus(
    site: SiteOf, id: Id, number: RowNumber, range: Annotated[str | None, Header(max_length=100)] = None
) -> Response:
    return content_or_part(_file(_find(site, id, number), "opus"), TYPES["opus"], range)


@router.get(
    "/cases/{id}/evidence/{number}.zip",
    summary="Samples, sound, manifest and sums in one file",
    response_class=Response,
    responses=NOT_FOUND,
)
def whole(site: SiteOf, visitor: VisitorNow, id: Id, number: RowNumber) -> Response:
    kept = _find(site, id, number)
    assert kept.manifest_text is not None
    _note(site, visitor.name, visitor.address, kept)
    return _download(packed(kept.manifest_text, kept.contents), kept, "zip")


@router.get("/cases/{id}/evidence/{number}.flac", summary="Every sample", response_class=Response, responses=NOT_FOUND)
def flac(site: SiteOf, visitor: VisitorNow, id: Id, number: RowNumber) -> Response:
    kept = _find(site, id, number)
    _note(site, visitor.name, visitor.address, kept)
    return _download(_file(kept, "flac"), kept, "flac")


def _checked(connection: Connection, case_id: str, one: models.EvidenceOut) -> models.EvidenceOut:
    kept = read_evidence(connection, case_id, one.id) if one.state == "made" else None
    about = None if kept is None else _manifest(kept)
    if kept is None or about is None:
        return one
    return one.model_copy(update={"broken": list(broken(about, kept.contents))})


def _told(kept: Kept) -> models.EvidenceOut:
    about = _manifest(kept)
    damaged = kept.manifest_text is not None and about is None
    return models.EvidenceOut(
        id=kept.id,
        asked=iso(kept.asked_utc_ns),
        state="damaged" if damaged else "failed" if kept.failure else "waiting" if about is None else "made",
        failure=kept.failure,
        sensor=None if about is None else about.sensor,
        time=None if about is None else about.time_utc,
        seconds=None if about is None else about.seconds,
        carrier_hz=None if about is None else about.carrier_hz,
        manifest_sha256=None if kept.manifest_text is None else file_of("", "", kept.manifest_text.encode()).sha256,
        files=[] if about is None else [models.EvidenceFileOut(**msgspec.to_builtins(file)) for file in about.files],
        broken=None,
    )


def _manifest(kept: Kept) -> Manifest | None:
    try:
        return kept.manifest
    except msgspec.MsgspecError:
        return None


def _find(site: Site, case_id: str, number: int) -> Kept:
    with site.engine.connect() as connection:
        found = read_evidence(connection, case_id, number)
    if found is None or found.manifest_text is None:
        raise NotHere(what="evidence", id=str(number))
    return found


def _file(kept: Kept, ending: str) -> bytes:
    content = kept.contents.get(f"{name_of_evidence(kept.id)}.{ending}")
    if content is None:
        raise NotHere(what="evidence", id=str(kept.id))
    return content


def _download(content: bytes, kept: Kept, ending: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name_of_evidence(kept.id)}.{ending}"'}
    return Response(content, media_type=TYPES[ending], headers=headers)


def _note(site: Site, who: str, address: str, kept: Kept) -> None:
    with site.engine.begin() as connection:
        audit.note(
            connection,
            time_utc_ns=site.clock(),
            who=who,
            address=address,
            what="evidence_taken",
            subject=str(kept.id),
            detail=f"case {kept.case_id}",
        )
