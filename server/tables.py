"""The tables. Bodies are MessagePack of the wire's or fusion's values; columns beside them are what is searched."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()
# SQLite's rowid wants INTEGER; other engines want 64 bits
RowId = BigInteger().with_variant(Integer, "sqlite")

sensor = Table(
    "sensor",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("public_key", String(40), nullable=False, unique=True),  # Z85
    Column("enrolled_utc_ns", BigInteger, nullable=False),
    Column("revoked_utc_ns", BigInteger),
    Column("last_seen_utc_ns", BigInteger),
    Column("last_report", RowId),
    Column("surveyed_lat_deg", Float),  # where it is known to stand; NULL: it moves, or nobody said
    Column("surveyed_lon_deg", Float),
)

report = Table(  # append only; narrow unique key, body in the row: delivery notes §0.7
    "report",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("sensor_id", Integer, ForeignKey("sensor.id"), nullable=False),
    Column("boot", String(32), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("received_utc_ns", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("sensor_id", "boot", "seq", name="report_identity"),
    sqlite_autoincrement=True,
)
Index("report_received", report.c.received_utc_ns)

set_aside = Table(  # stored reports that fusion could not take: kept, counted, shown
    "set_aside",
    metadata,
    Column("report_id", RowId, ForeignKey("report.id"), primary_key=True, autoincrement=False),
    Column("time_utc_ns", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
)

emitter = Table(
    "emitter",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("service", String(8), nullable=False),
    Column("freq_hz", Float, nullable=False),
    Column("last_seen_utc_ns", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

programme_look = Table(  # what unlicensed FM emitters played in the last hours, one look a row
    "programme_look",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("emitter_id", String(32), nullable=False),
    Column("time_utc_ns", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),  # fusion.programme_values.ProgrammeLook
)
Index("programme_look_time", programme_look.c.time_utc_ns)

self_test = Table(
    "self_test",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("time_utc_ns", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),  # fusion.self_test_values.SelfTest
)

case = Table(
    "case_file",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("emitter_id", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("level", Integer, nullable=False),
    Column("opened_utc_ns", BigInteger, nullable=False),
    Column("changed_utc_ns", BigInteger, nullable=False),
    Column("closed_utc_ns", BigInteger),
    Column("body", LargeBinary, nullable=False),
)

alert = Table(
    "alert",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("key", String(96), nullable=False, unique=True),  # case:level:episode, the idempotency key
    Column("case_id", String(32), nullable=False),
    Column("level", Integer, nullable=False),
    Column("created_utc_ns", BigInteger, nullable=False),
    Column("report_created_utc_ns", BigInteger),  # of the report that caused it: for the delay figure
    Column("body", LargeBinary, nullable=False),  # server.alerts.alert.Alert
    Column("acknowledged_utc_ns", BigInteger),
    Column("acknowledged_by", String(64)),
    Column("acknowledged_note", Text),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("alert_id", RowId, ForeignKey("alert.id"), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_try_utc_ns", BigInteger, nullable=False),
    Column("delivered_utc_ns", BigInteger),
    Column("last_error", Text),
    UniqueConstraint("alert_id", "channel", name="delivery_once"),
)

task = Table(
    "task",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("sensor_id", Integer, ForeignKey("sensor.id"), nullable=False),
    Column("created_utc_ns", BigInteger, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("sent_utc_ns", BigInteger),
    Column("done_utc_ns", BigInteger),
    Column("outcome", Text),
    sqlite_autoincrement=True,
)

snippet = Table(
    "snippet",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("task_id", RowId, ForeignKey("task.id"), nullable=False, unique=True),
    Column("sensor_id", Integer, ForeignKey("sensor.id"), nullable=False),
    Column("received_utc_ns", BigInteger, nullable=False),
    Column("centre_hz", Float, nullable=False),
    Column("rate_hz", Float, nullable=False),
    Column("time_utc_ns", BigInteger),
    Column("format", String(16), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("data", LargeBinary, nullable=False),
)

evidence = Table(  # sound and carrier of a suspect FM emitter, as files whose hashes stand in the manifest
    "evidence",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("case_id", String(32), nullable=False),
    Column("task_id", RowId, ForeignKey("task.id"), nullable=False, unique=True),
    Column("asked_utc_ns", BigInteger, nullable=False),
    Column("done_utc_ns", BigInteger),
    Column("failure", Text),  # catalogue key evidence.failure.<failure>
    Column("manifest", Text),  # server.evidence_files.Manifest as JSON, exactly as it was hashed
    Column("sigmf_meta", Text),
    Column("flac", LargeBinary),
    Column("opus", LargeBinary),
)
Index("evidence_case", evidence.c.case_id)

difference_request = Table(  # a moment that several sensors were asked to hear
    "difference_request",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("emitter_id", String(32), nullable=False),
    Column("asked_utc_ns", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),  # server.difference_asking.Request
    Column("done_utc_ns", BigInteger),
    Column("outcome", Text),
)
Index("difference_request_open", difference_request.c.done_utc_ns)

difference = Table(  # append only, as reports: casework takes them in this order
    "difference",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("request_id", RowId, ForeignKey("difference_request.id"), nullable=False),
    Column("measured_utc_ns", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),  # fusion.values.MeasuredDifferences
    sqlite_autoincrement=True,
)

user = Table(
    "account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),  # viewer, monitor, enforcement, administrator
    Column("password_hash", String(256), nullable=False),
    Column("must_change", Boolean, nullable=False, default=False),
    Column("created_utc_ns", BigInteger, nullable=False),
    Column("disabled_utc_ns", BigInteger),
)

session = Table(
    "login_session",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("account_id", Integer, ForeignKey("account.id"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("created_utc_ns", BigInteger, nullable=False),
    Column("last_used_utc_ns", BigInteger, nullable=False),
    Column("address", String(64), nullable=False),
)

login_failure = Table(
    "login_failure",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("name", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("time_utc_ns", BigInteger, nullable=False),
)

audit = Table(  # append only
    "audit",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("time_utc_ns", BigInteger, nullable=False),
    Column("who", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("what", String(64), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("detail", Text, nullable=False),
    sqlite_autoincrement=True,
)

meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
