#include "daemon/store/schema.h"

#include <array>
#include <string>

#include "daemon/store/failure.h"

namespace districtd {
namespace {

// Times are milliseconds since 1970 UTC, dates days since 1970-01-01, values in base units.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE target_key(
  key INTEGER PRIMARY KEY,
  id  TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE submission(
  seq         INTEGER PRIMARY KEY,
  id          TEXT GENERATED ALWAYS AS
                (strftime('%Y%m%d', received_at / 1000, 'unixepoch') || '-' || seq) VIRTUAL,
  received_at INTEGER NOT NULL,
  department  TEXT NOT NULL,
  collector   TEXT NOT NULL,
  media_type  TEXT NOT NULL,
  name        TEXT NOT NULL,
  bytes       INTEGER NOT NULL,
  sha256      BLOB NOT NULL,
  outcome     TEXT NOT NULL,
  rows        INTEGER NOT NULL,
  accepted    INTEGER NOT NULL,
  corrected   INTEGER NOT NULL,
  unchanged   INTEGER NOT NULL,
  rejected    INTEGER NOT NULL,
  errors      TEXT
) STRICT;

CREATE TABLE observation(
  target INTEGER NOT NULL,
  as_of  INTEGER NOT NULL,
  seq    INTEGER NOT NULL,
  row    INTEGER NOT NULL,
  value  REAL NOT NULL,
  note   TEXT NOT NULL,
  PRIMARY KEY(target, as_of, seq, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE newest(
  target INTEGER PRIMARY KEY,
  as_of  INTEGER NOT NULL,
  value  REAL NOT NULL,
  seq    INTEGER NOT NULL
) STRICT;

CREATE TABLE judged(
  target         TEXT PRIMARY KEY,
  status         TEXT NOT NULL,
  report_overdue INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER submission_is_never_changed BEFORE UPDATE ON submission
  BEGIN SELECT RAISE(ABORT, 'submissions are append-only'); END;
CREATE TRIGGER submission_is_never_deleted BEFORE DELETE ON submission
  BEGIN SELECT RAISE(ABORT, 'submissions are append-only'); END;
CREATE TRIGGER observation_is_never_changed BEFORE UPDATE ON observation
  BEGIN SELECT RAISE(ABORT, 'observations are append-only'); END;
CREATE TRIGGER observation_is_never_deleted BEFORE DELETE ON observation
  BEGIN SELECT RAISE(ABORT, 'observations are append-only'); END;
)sql";

// The catalogue's texts as they were from a time on. A text that stays is kept once.
constexpr const char* kVersion2 = R"sql(
CREATE TABLE catalogue_text(
  key      INTEGER PRIMARY KEY,
  sha256   BLOB NOT NULL UNIQUE,
  bytes    INTEGER NOT NULL,
  deflated BLOB NOT NULL
) STRICT;

CREATE TABLE catalogue(
  number     INTEGER PRIMARY KEY,
  adopted_at INTEGER NOT NULL
) STRICT;

CREATE TABLE catalogue_source(
  catalogue INTEGER NOT NULL,
  position  INTEGER NOT NULL,
  role      INTEGER NOT NULL,
  name      TEXT NOT NULL,
  text      INTEGER NOT NULL,
  PRIMARY KEY(catalogue, position)
) STRICT, WITHOUT ROWID;

ALTER TABLE judged ADD COLUMN periods_behind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE judged ADD COLUMN reports_missing INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER catalogue_text_is_never_changed BEFORE UPDATE ON catalogue_text
  BEGIN SELECT RAISE(ABORT, 'texts of catalogues are append-only'); END;
CREATE TRIGGER catalogue_text_is_never_deleted BEFORE DELETE ON catalogue_text
  BEGIN SELECT RAISE(ABORT, 'texts of catalogues are append-only'); END;
CREATE TRIGGER catalogue_is_never_changed BEFORE UPDATE ON catalogue
  BEGIN SELECT RAISE(ABORT, 'catalogues are append-only'); END;
CREATE TRIGGER catalogue_is_never_deleted BEFORE DELETE ON catalogue
  BEGIN SELECT RAISE(ABORT, 'catalogues are append-only'); END;
CREATE TRIGGER catalogue_source_is_never_changed BEFORE UPDATE ON catalogue_source
  BEGIN SELECT RAISE(ABORT, 'catalogues are append-only'); END;
CREATE TRIGGER catalogue_source_is_never_deleted BEFORE DELETE ON catalogue_source
  BEGIN SELECT RAISE(ABORT, 'catalogues are append-only'); END;
)sql";

// What waits to be confirmed, and what was decided on it. A withdrawn value needs no column: it is
// an observation whose value is Infinity.
constexpr const char* kVersion3 = R"sql(
ALTER TABLE submission ADD COLUMN details TEXT;

CREATE TABLE held(
  seq    INTEGER NOT NULL,
  target INTEGER NOT NULL,
  as_of  INTEGER NOT NULL,
  row    INTEGER NOT NULL,
  value  REAL NOT NULL,
  note   TEXT NOT NULL,
  flags  INTEGER NOT NULL,
  PRIMARY KEY(seq, target, as_of, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_by_day ON held(target, as_of, seq);

CREATE TABLE decision(
  held      INTEGER PRIMARY KEY,
  seq       INTEGER NOT NULL,
  confirmed INTEGER NOT NULL
) STRICT;

CREATE TRIGGER held_is_never_changed BEFORE UPDATE ON held
  BEGIN SELECT RAISE(ABORT, 'held values are append-only'); END;
CREATE TRIGGER held_is_never_deleted BEFORE DELETE ON held
  BEGIN SELECT RAISE(ABORT, 'held values are append-only'); END;
CREATE TRIGGER decision_is_never_changed BEFORE UPDATE ON decision
  BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER decision_is_never_deleted BEFORE DELETE ON decision
  BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
)sql";

// What became of bulletins.
constexpr const char* kVersion4 = R"sql(
CREATE TABLE bulletin_occasion(
  name    TEXT NOT NULL,
  due_at  INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  late    INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  id      TEXT NOT NULL,
  title   TEXT NOT NULL,
  summary TEXT NOT NULL,
  message TEXT NOT NULL,
  files   TEXT NOT NULL,
  PRIMARY KEY(name, due_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE bulletin_delivery(
  bulletin   TEXT NOT NULL,
  channel    TEXT NOT NULL,
  recipient  TEXT NOT NULL,
  copy       INTEGER NOT NULL,
  state      TEXT NOT NULL,
  attempts   INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  detail     TEXT NOT NULL,
  PRIMARY KEY(bulletin, channel, recipient, copy)
) STRICT, WITHOUT ROWID;
)sql";

// What was delivered under a key, and which of these deliveries are over.
constexpr const char* kVersion5 = R"sql(
CREATE TABLE delivery(
  key BLOB NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY(key, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery_closed(
  seq INTEGER PRIMARY KEY
) STRICT;

CREATE TRIGGER delivery_is_never_changed BEFORE UPDATE ON delivery
  BEGIN SELECT RAISE(ABORT, 'deliveries are append-only'); END;
CREATE TRIGGER delivery_is_never_deleted BEFORE DELETE ON delivery
  BEGIN SELECT RAISE(ABORT, 'deliveries are append-only'); END;
CREATE TRIGGER delivery_closed_is_never_changed BEFORE UPDATE ON delivery_closed
  BEGIN SELECT RAISE(ABORT, 'deliveries are append-only'); END;
CREATE TRIGGER delivery_closed_is_never_deleted BEFORE DELETE ON delivery_closed
  BEGIN SELECT RAISE(ABORT, 'deliveries are append-only'); END;
)sql";

// What the clock said where it was not believed, and by when submissions had been received whose
// times a later reading of the clock has shown to be wrong.
constexpr const char* kVersion6 = R"sql(
ALTER TABLE submission ADD COLUMN clock_read INTEGER;

CREATE TABLE received_by(
  number         INTEGER PRIMARY KEY,
  seq            INTEGER NOT NULL,
  at             INTEGER NOT NULL,
  reckoned_right INTEGER NOT NULL
) STRICT;

CREATE TRIGGER received_by_is_never_changed BEFORE UPDATE ON received_by
  BEGIN SELECT RAISE(ABORT, 'times of receipt are append-only'); END;
CREATE TRIGGER received_by_is_never_deleted BEFORE DELETE ON received_by
  BEGIN SELECT RAISE(ABORT, 'times of receipt are append-only'); END;
)sql";

// What is long of a receipt, deflated; what several say alike is kept once.
constexpr const char* kVersion7 = R"sql(
CREATE TABLE receipt_text(
  key      INTEGER PRIMARY KEY,
  sha256   BLOB NOT NULL UNIQUE,
  bytes    INTEGER NOT NULL,
  deflated BLOB NOT NULL
) STRICT;

CREATE TABLE submission_text(
  seq     INTEGER PRIMARY KEY,
  errors  INTEGER,
  details INTEGER
) STRICT;

CREATE TRIGGER receipt_text_is_never_changed BEFORE UPDATE ON receipt_text
  BEGIN SELECT RAISE(ABORT, 'texts of receipts are append-only'); END;
CREATE TRIGGER receipt_text_is_never_deleted BEFORE DELETE ON receipt_text
  BEGIN SELECT RAISE(ABORT, 'texts of receipts are append-only'); END;
CREATE TRIGGER submission_text_is_never_changed BEFORE UPDATE ON submission_text
  BEGIN SELECT RAISE(ABORT, 'texts of receipts are append-only'); END;
CREATE TRIGGER submission_text_is_never_deleted BEFORE DELETE ON submission_text
  BEGIN SELECT RAISE(ABORT, 'texts of receipts are append-only'); END;
)sql";

// What a series said that was neither stored nor held because it stood already.
constexpr const char* kVersion8 = R"sql(
CREATE TABLE said_unchanged(
  target INTEGER NOT NULL,
  as_of  INTEGER NOT NULL,
  seq    INTEGER NOT NULL,
  row    INTEGER NOT NULL,
  value  REAL NOT NULL,
  note   TEXT NOT NULL,
  PRIMARY KEY(target, as_of, seq, row)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER said_unchanged_is_never_changed BEFORE UPDATE ON said_unchanged
  BEGIN SELECT RAISE(ABORT, 'what was said is append-only'); END;
CREATE TRIGGER said_unchanged_is_never_deleted BEFORE DELETE ON said_unchanged
  BEGIN SELECT RAISE(ABORT, 'what was said is append-only'); END;
)sql";

// What the texts of a department's receipts have taken of a day's budget. Overwritten.
constexpr const char* kVersion9 = R"sql(
CREATE TABLE text_budget(
  department TEXT PRIMARY KEY,
  day        INTEGER NOT NULL,
  bytes      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// Texts of old receipts may be let go, and only once nothing holds them; nothing else of them
// changes.
constexpr const char* kVersion10 = R"sql(
CREATE INDEX submission_text_by_errors ON submission_text(errors) WHERE errors IS NOT NULL;
CREATE INDEX submission_text_by_details ON submission_text(details) WHERE details IS NOT NULL;

DROP TRIGGER receipt_text_is_never_deleted;
DROP TRIGGER submission_text_is_never_changed;

CREATE TRIGGER receipt_text_is_deleted_only_where_unused BEFORE DELETE ON receipt_text
  WHEN EXISTS(SELECT 1 FROM submission_text WHERE errors = OLD.key)
    OR EXISTS(SELECT 1 FROM submission_text WHERE details = OLD.key)
  BEGIN SELECT RAISE(ABORT, 'a receipt holds this text'); END;
CREATE TRIGGER submission_text_is_only_let_go BEFORE UPDATE ON submission_text
  WHEN NEW.seq <> OLD.seq OR NEW.errors IS NOT NULL OR NEW.details IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'texts of receipts are append-only'); END;
)sql";

// A target is known by programme and id, "2026/culture-tourism.investment", in target_key.id and
// judged.target. temp.claim is filled by put_claims(); without it nothing is claimed.
constexpr const char* kVersion11 = R"sql(
CREATE TEMP TABLE IF NOT EXISTS claim(id TEXT PRIMARY KEY, key TEXT NOT NULL);
UPDATE target_key SET id = (SELECT key FROM temp.claim WHERE claim.id = target_key.id)
  WHERE id IN (SELECT id FROM temp.claim);
UPDATE judged SET target = (SELECT key FROM temp.claim WHERE claim.id = judged.target)
  WHERE target IN (SELECT id FROM temp.claim);
DROP TABLE temp.claim;
)sql";

// What a figure rests on: 0 actual, 1 projected. All before were taken as actual. And what
// departments say in words; `counts` is 0 of what a series said that stood already.
constexpr const char* kVersion12 = R"sql(
ALTER TABLE observation ADD COLUMN basis INTEGER NOT NULL DEFAULT 0;
ALTER TABLE held ADD COLUMN basis INTEGER NOT NULL DEFAULT 0;
ALTER TABLE said_unchanged ADD COLUMN basis INTEGER NOT NULL DEFAULT 0;
ALTER TABLE observation ADD COLUMN explanation TEXT NOT NULL DEFAULT '';
ALTER TABLE held ADD COLUMN explanation TEXT NOT NULL DEFAULT '';
ALTER TABLE said_unchanged ADD COLUMN explanation TEXT NOT NULL DEFAULT '';

CREATE TABLE narrative(
  target     INTEGER NOT NULL,
  as_of      INTEGER NOT NULL,
  seq        INTEGER NOT NULL,
  row        INTEGER NOT NULL,
  progress   TEXT NOT NULL,
  problems   TEXT NOT NULL,
  next_steps TEXT NOT NULL,
  counts     INTEGER NOT NULL,
  PRIMARY KEY(target, as_of, seq, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE check_fired(
  seq       INTEGER NOT NULL,
  programme TEXT NOT NULL,
  name      TEXT NOT NULL,
  target    INTEGER NOT NULL,
  as_of     INTEGER NOT NULL,
  value     REAL NOT NULL,
  PRIMARY KEY(programme, name, seq, as_of, target)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER check_fired_is_never_changed BEFORE UPDATE ON check_fired
  BEGIN SELECT RAISE(ABORT, 'what checks found is append-only'); END;
CREATE TRIGGER check_fired_is_never_deleted BEFORE DELETE ON check_fired
  BEGIN SELECT RAISE(ABORT, 'what checks found is append-only'); END;
CREATE TRIGGER narrative_is_never_changed BEFORE UPDATE ON narrative
  BEGIN SELECT RAISE(ABORT, 'narratives are append-only'); END;
CREATE TRIGGER narrative_is_never_deleted BEFORE DELETE ON narrative
  BEGIN SELECT RAISE(ABORT, 'narratives are append-only'); END;
)sql";

// Which programmes a catalogue has. temp.kept_programme is filled by put_kept_programmes() with
// those of the catalogues that are in the file; without it none is known of.
constexpr const char* kProgrammeTable = R"sql(
CREATE TABLE programme(
  id        TEXT NOT NULL,
  catalogue INTEGER NOT NULL,
  first     INTEGER NOT NULL,
  last      INTEGER NOT NULL,
  settles   INTEGER NOT NULL,
  PRIMARY KEY(id, catalogue)
) STRICT, WITHOUT ROWID;

CREATE TEMP TABLE IF NOT EXISTS kept_programme(
  id TEXT, catalogue INTEGER, first INTEGER, last INTEGER, settles INTEGER);
INSERT INTO programme SELECT id, catalogue, first, last, settles FROM temp.kept_programme;
DROP TABLE temp.kept_programme;

CREATE TRIGGER programme_is_never_changed BEFORE UPDATE ON programme
  BEGIN SELECT RAISE(ABORT, 'programmes of catalogues are append-only'); END;
CREATE TRIGGER programme_is_never_deleted BEFORE DELETE ON programme
  BEGIN SELECT RAISE(ABORT, 'programmes of catalogues are append-only'); END;
)sql";

constexpr std::array kMigrations = {kVersion1,  kVersion2,  kVersion3,      kVersion4, kVersion5,
                                    kVersion6,  kVersion7,  kVersion8,      kVersion9, kVersion10,
                                    kVersion11, kVersion12, kProgrammeTable};
static_assert(kMigrations.size() >= kProgrammeTableVersion);

void apply(sqlite::Connection& connection, const char* step, std::size_t version,
           const BeforeStep& before) {
  connection.execute("BEGIN IMMEDIATE");
  try {
    if (before) before(version);
    connection.execute(step);
    connection.execute(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
    connection.execute(("PRAGMA user_version = " + std::to_string(version)).c_str());
    connection.execute("COMMIT");
  } catch (...) {
    if (connection.in_transaction()) {
      sqlite3_exec(connection.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
    throw;
  }
}

}  // namespace

std::span<const char* const> migrations() { return kMigrations; }

std::size_t schema_version(sqlite::Connection& connection, const std::filesystem::path& path,
                           std::size_t latest) {
  const std::int64_t version = connection.integer("PRAGMA user_version");
  const std::int64_t application = connection.integer("PRAGMA application_id");
  const bool is_empty = connection.integer("SELECT count(*) FROM sqlite_schema") == 0;
  if (application != kApplicationId && !(is_empty && application == 0 && version == 0)) {
    throw StoreError(path.string() + " is an SQLite database of another program (application_id " +
                     std::to_string(application) + "); give another [store] path");
  }
  if (version < 0 || static_cast<std::uint64_t>(version) > latest) {
    throw StoreError(path.string() + " was written by a newer districtd: its schema version is " +
                     std::to_string(version) + ", this program knows up to " +
                     std::to_string(latest) + "; install the newer version again");
  }
  return static_cast<std::size_t>(version);
}

void migrate(sqlite::Connection& connection, const std::filesystem::path& path,
             std::span<const char* const> steps, const BeforeStep& before) {
  for (std::size_t version = schema_version(connection, path, steps.size()); version < steps.size();
       ++version) {
    try {
      apply(connection, steps[version], version + 1, before);
    } catch (const sqlite::Error& error) {
      throw StoreError(path.string() + " could not be brought from schema version " +
                       std::to_string(version) + " to " + std::to_string(version + 1) + ": " +
                       error.what() + "; the file is as it was");
    }
  }
}

}  // namespace districtd
