"""Whether the audit log is whole. Counts every hash anew, without the database's own functions."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, text

from db.refusal import Refusal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_BATCH = 5_000
START = bytes(32)
"""What stands for the hash before the first event."""

_HEAD = text("SELECT event_count, hash, secret FROM audit_head")
_EVENTS = text("""
    SELECT id, at, user_name, role, address, action, household_id, area_code, detail::text, purpose,
           previous_hash, hash, (detail -> 'cut')::text AS cut
    FROM audit_event ORDER BY id
""").execution_options(yield_per=_BATCH)

_SENTENCES = {
    "edited": "Event {id} was edited: its hash does not fit what stands in it.",
    "missing": "Event {id} is missing.",
    "reordered": "Event {id} does not follow the one before it: one of the two was replaced or"
    " moved.",
    "cut off": "The log ends before event {id}: its end was cut off.",
    "replaced": "Event {id} is not the one whose hash the head of the log keeps: the end was"
    " replaced.",
    "extra": "Event {id} was added after the head of the log.",
    "anchor": "The oldest events up to {id} were cut off, but no purge in the log says so.",
    "checkpoint": "Event {id} is not the one that was noted down.",
}


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of the log found.

    Attributes
    ----------
    events
        How many events were checked.
    head
        Number and hash of the last event, to note down elsewhere: ``17:9f86d0…``.
    cut
        What purges took away: ``count``, ``first_id``, ``last_id``, ``first_at``, ``last_at``,
        ``last_hash``.
    bad_id, fault
        The first event that is wrong, and how; None when the log is whole.
    """

    events: int
    head: str
    cut: dict[str, Any] | None = None
    bad_id: int | None = None
    fault: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault is None

    @property
    def sentence(self) -> str:
        """What was found, in one sentence."""
        if self.fault is not None:
            return _SENTENCES[self.fault].format(id=self.bad_id)
        purged = f" after {self.cut['count']} that were purged" if self.cut else ""
        return f"The audit log is whole: {self.events} events{purged}."


@dataclass(slots=True)
class _Walk:
    secret: bytes
    checkpoint: tuple[int, str] | None
    last_id: int = 0
    last_hash: bytes = START
    events: int = 0
    cut: dict[str, Any] | None = None
    open_anchor: tuple[int, str] | None = None
    fault: tuple[int, str] | None = field(default=None)


def verify(conn: Connection, *, checkpoint: str | None = None) -> Verification:
    """Check every event of the log, streaming.

    Parameters
    ----------
    conn
        Of the owner of the tables, in a transaction that sees one state (``reading``).
    checkpoint
        ``number:hash`` of an event, noted down earlier: finds a chain that was written anew as a
        whole.

    Returns
    -------
    Verification
        With the first event that was edited, is missing or stands in a wrong place, or with the
        end of the log where that was cut off.
    """
    head = conn.execute(_HEAD).one()
    walk = _Walk(bytes(head.secret), _parse_checkpoint(checkpoint))
    with conn.execute(_EVENTS) as rows:
        for row in rows:
            fault = _step(walk, row) or _beyond(row, head)
            if fault:
                walk.fault = (walk.last_id + 1 if fault == "missing" else row.id, fault)
                break
    fault_at = walk.fault or _check_end(walk, head)
    bad_id, kind = fault_at or (None, None)
    head_text = f"{head.event_count}:{bytes(head.hash).hex()}"
    return Verification(walk.events, head_text, walk.cut, bad_id, kind)


def hash_event(row: Row[Any]) -> bytes:
    """Return the hash that an event must have: SHA-256 of its fields, each with its length."""
    micros = (row.at - _EPOCH) // _MICROSECOND
    return hashlib.sha256("".join(_list_fields(row, micros)).encode()).digest()


def seal(secret: bytes, value: str) -> str:
    """Return the keyed hash that ``audit_digest`` gives in the database."""
    inner = hashlib.sha256(secret + value.encode()).digest()
    digits = hashlib.sha256(secret + inner).hexdigest()[:24]
    return "h:" + digits.translate(str.maketrans("0123456789", "ghijklmnop"))


def _list_fields(row: Row[Any], micros: int) -> Iterator[str]:
    for value in (
        bytes(row.previous_hash).hex(),
        row.id,
        micros,
        row.user_name,
        row.role,
        row.address,
        row.action,
        row.household_id,
        row.area_code,
        row.detail,
        row.purpose,
    ):
        yield "-" if value is None else f"{len(str(value))}:{value}"


def _step(walk: _Walk, row: Row[Any]) -> str | None:
    detail = json.loads(row.detail) if row.action == "purge" and row.detail else {}
    if walk.events == 0 and "cut" in detail:
        return _start_at_anchor(walk, row, detail)
    if row.id != walk.last_id + 1:
        return "missing"
    if bytes(row.previous_hash) != walk.last_hash:
        return "reordered"
    if hash_event(row) != bytes(row.hash):
        return "edited"
    if walk.open_anchor and detail.get("anchor") == walk.open_anchor[1]:
        walk.open_anchor = None
    walk.last_id, walk.last_hash = row.id, bytes(row.hash)
    walk.events += 1
    if walk.checkpoint and walk.checkpoint != (row.id, walk.last_hash.hex()):
        return "checkpoint" if walk.checkpoint[0] == row.id else None
    return None


def _start_at_anchor(walk: _Walk, row: Row[Any], detail: dict[str, Any]) -> str | None:
    cut = detail["cut"]
    fits = (
        hash_event(row) == bytes(row.hash)
        and detail.get("seal") == seal(walk.secret, row.cut)
        and cut["last_id"] == row.id
        and cut["last_id"] - cut["first_id"] + 1 == cut["count"]
        and cut["last_hash"] == b64encode(bytes(row.previous_hash)).decode()
    )
    if not fits:
        return "edited"
    walk.cut = cut
    walk.open_anchor = (row.id, b64encode(bytes(row.hash)).decode())
    walk.last_id, walk.last_hash = row.id, bytes(row.previous_hash)
    walk.events += 1
    return None


def _beyond(row: Row[Any], head: Row[Any]) -> str | None:
    return "extra" if row.id > head.event_count else None


def _check_end(walk: _Walk, head: Row[Any]) -> tuple[int, str] | None:
    if walk.last_id < head.event_count:
        return walk.last_id + 1, "cut off"
    if walk.last_hash != bytes(head.hash):
        return walk.last_id, "replaced"
    if walk.open_anchor:
        return walk.open_anchor[0], "anchor"
    if walk.checkpoint and walk.checkpoint[0] > walk.last_id:
        return walk.checkpoint[0], "checkpoint"
    return None


def _parse_checkpoint(noted: str | None) -> tuple[int, str] | None:
    if noted is None:
        return None
    found = re.fullmatch(r"(\d+):([0-9a-f]{64})", noted.strip().lower())
    if not found:
        raise Refusal(f"“{noted}” is no NUMBER:HASH as `audit verify` prints it.")
    return int(found[1]), found[2]
