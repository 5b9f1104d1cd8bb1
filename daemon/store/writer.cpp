#include "daemon/store/writer.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include "daemon/store/bulletin_records.h"
#include "daemon/store/catalogue_texts.h"
#include "daemon/store/decision_writer.h"
#include "daemon/store/delivery_keys.h"
#include "daemon/store/failure.h"
#include "daemon/store/figure_checks.h"
#include "daemon/store/judged_rows.h"
#include "daemon/store/known_values.h"
#include "daemon/store/narrative_rows.h"
#include "daemon/store/newest_values.h"
#include "daemon/store/observation_rows.h"
#include "daemon/store/observation_writer.h"
#include "daemon/store/receipt_times.h"
#include "daemon/store/schema.h"
#include "daemon/store/series_values.h"
#include "daemon/store/stored_receipt.h"

namespace districtd {
namespace {

// Everything that must be settled before the first table is made or read.
sqlite::Connection open(const std::filesystem::path& path, const ProgrammeClaims& claims) {
  try {
    sqlite::Connection connection(path, sqlite::Connection::Mode::read_write);
    // Before anything that writes: a file that is not ours stays as it is.
    schema_version(connection, path, migrations().size());
    if (sqlite3_db_readonly(connection.handle(), "main") == 1) {
      throw StoreError(path.string() + " cannot be written; check the owner and mode of the file");
    }
    const std::string mode = connection.text("PRAGMA journal_mode = WAL");
    if (mode != "wal") {
      throw StoreError(path.string() + ": its file system does not support SQLite's WAL (" + mode +
                       "); put [store] path on a local disk");
    }
    // FULL: every commit is one fsync of the WAL. No mmap: a failing disk would be a signal there
    // and not an error. Deleted content is not overwritten (Debian's default), nothing is secret.
    connection.execute(
        "PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;"
        "PRAGMA secure_delete = OFF; PRAGMA journal_size_limit = 16777216");
    migrate(connection, path, migrations(), [&](std::size_t version) {
      if (version == kProgrammesVersion) put_claims(connection, claims);
      if (version == kProgrammeTableVersion) put_kept_programmes(connection, claims);
    });
    return connection;
  } catch (const sqlite::Error& error) {
    throw cannot_open(path, error);
  }
}

int remember_wal_pages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<std::size_t*>(pages) = static_cast<std::size_t>(count);
  return SQLITE_OK;
}

// What checks ask about, beside what is odd about single figures.
void add_flags(RecordedRows& rows, std::vector<RowFlag> flags) {
  if (flags.empty()) return;
  std::set<std::pair<std::string, std::int64_t>> flagged;
  for (const RowFlag& flag : rows.flags) flagged.emplace(flag.sheet, flag.row);
  for (RowFlag& flag : flags) {
    if (flagged.emplace(flag.sheet, flag.row).second) ++rows.flagged;
    if (rows.flags.size() < Receipt::kMostErrors) rows.flags.push_back(std::move(flag));
  }
}

const Sha256* series_of(const DeliveryName* name) {
  return name != nullptr && name->series ? &*name->series : nullptr;
}

}  // namespace

struct Writer::Parts {
  Parts(sqlite::Connection& connection, std::function<KnownTime()> clock)
      : begin(connection, "BEGIN IMMEDIATE"),
        commit(connection, "COMMIT"),
        submissions(connection, std::move(clock)),
        newest(connection),
        known(connection),
        rows(connection),
        deliveries(connection),
        judged(connection),
        series(connection),
        narratives(connection, newest),
        checks(connection, newest, known),
        archive(connection),
        observations(newest, known, rows, series),
        decisions(connection, newest, known, rows, submissions) {}

  sqlite::Statement begin;
  sqlite::Statement commit;
  SubmissionRows submissions;
  NewestValues newest;
  KnownValues known;
  ObservationRows rows;
  DeliveryKeys deliveries;
  JudgedRows judged;
  SeriesValues series;
  NarrativeRows narratives;
  FigureChecks checks;
  ReceiptArchive archive;
  ObservationWriter observations;
  DecisionWriter decisions;
  std::optional<std::chrono::seconds> keep_receipts;
  std::optional<Time> begun_at;  // the open transaction; nullopt where the clock is not credible
};

Writer::Writer(const std::filesystem::path& path, std::function<KnownTime()> clock,
               const ProgrammeClaims& claims)
    : connection_(open(path, claims)) {
  try {
    sqlite3_wal_hook(connection_.handle(), remember_wal_pages, &wal_pages_);
    parts_ = std::make_unique<Parts>(connection_, std::move(clock));
  } catch (const sqlite::Error& error) {
    throw cannot_open(path, error);
  }
}

Writer::~Writer() = default;

std::unordered_map<std::string, Judged> Writer::load_judged() {
  ProgrammesAsked asked;
  if (const auto newest = newest_time()) {
    // In no zone is it an earlier day than the day before that in UTC.
    const Date day = std::chrono::floor<std::chrono::days>(*newest) - std::chrono::days{1};
    for (const StoredProgramme& one :
         read_programmes(connection_, std::numeric_limits<std::int64_t>::max())) {
      if (one.programme.is_settled(day)) asked.without.push_back(one.programme.id);
    }
  }
  return JudgedRows::load(connection_, asked);
}

HeldRows Writer::load_held_rows() { return HeldRows::load(connection_); }

std::optional<Time> Writer::newest_time() {
  const auto received = parts_->submissions.newest_time();
  return std::max(received, newest_catalogue_time(connection_));
}

void Writer::set_limits(const StoreLimits& limits) {
  parts_->submissions.set_limits(limits);
  parts_->keep_receipts = limits.keep_receipts;
}

void Writer::begin() {
  parts_->begin.run();
  const KnownTime now = parts_->submissions.look_at_clock();
  parts_->begun_at = now.is_credible() ? std::optional{now.time} : std::nullopt;
}

// What checks across figures say is known before anything is written: they may refuse rows.
RecordedAppend Writer::record(const Append& append, const BodyDigest& body) {
  Checked checked = parts_->checks.check(append);
  if (!checked.left) return record_checked(append, body, std::move(checked));
  const Append left{append.submission, *std::move(checked.left), append.catalogue, append.hold,
                    append.explain};
  RecordedAppend recorded = record_checked(left, body, std::move(checked));
  if (auto* const submission = std::get_if<RecordedSubmission>(&recorded)) {
    submission->left = left.decoded;
  }
  return recorded;
}

RecordedAppend Writer::record_checked(const Append& append, const BodyDigest& body,
                                      Checked checked) {
  const Submission& from = append.submission;
  const auto name = delivery_name(from);
  if (name) {
    if (const auto earlier = parts_->deliveries.find(*name, from, body.sha256)) {
      return record_again(append, body, *name, *earlier, std::move(checked));
    }
  }
  RecordedSubmission recorded;
  recorded.stamp = parts_->submissions.next();
  recorded.rows = parts_->observations.record(append, recorded.stamp.seq,
                                              {std::nullopt, series_of(name ? &*name : nullptr)});
  recorded.rows.narratives = parts_->narratives.record(append, recorded.stamp.seq, std::nullopt,
                                                       series_of(name ? &*name : nullptr));
  add_flags(recorded.rows, std::move(checked.flags));
  parts_->checks.insert(recorded.stamp.seq, checked.fired);
  std::optional<Receipt> noted;
  if (recorded.rows.superseded > 0) {
    recorded.note =
        "有 " + std::to_string(recorded.rows.superseded) +
        " 行与该数据源先前报过的相同，不算新的报送；此后另行更正、待确认或撤回的，一律不变。";
    noted = append.decoded.receipt;
    noted->notes.push_back(recorded.note);
  }
  parts_->submissions.insert(recorded.stamp, from, body, append.decoded.outcome,
                             noted ? *noted : append.decoded.receipt, recorded.rows);
  if (name) parts_->deliveries.insert(*name, recorded.stamp.seq);
  return recorded;
}

RecordedAppend Writer::record_again(const Append& append, const BodyDigest& body,
                                    const DeliveryName& name, const EarlierDelivery& earlier,
                                    Checked checked) {
  if (!name.series && !earlier.is_same_body) return Repeated{Outcome::conflict, {}};
  auto before = stored_receipt(connection_, earlier.newest);
  if (!before) throw std::runtime_error("a delivery's submission is not in the store");
  // The same bytes may be read differently: [http_pull.json] may have changed.
  const bool was_whole = before->outcome == Outcome::taken && before->receipt.rejected == 0;
  if (!name.series || (was_whole && earlier.is_same_body)) {
    return Repeated{before->outcome, std::move(before->receipt)};
  }
  RecordedSubmission recorded;
  recorded.stamp = parts_->submissions.next();
  recorded.rows =
      parts_->observations.record(append, recorded.stamp.seq, {earlier.first, series_of(&name)});
  recorded.rows.narratives =
      parts_->narratives.record(append, recorded.stamp.seq, earlier.first, series_of(&name));
  add_flags(recorded.rows, std::move(checked.flags));
  const RecordedRows& rows = recorded.rows;
  const Receipt& decoded = append.decoded.receipt;
  if (rows.accepted + rows.corrected + rows.held + rows.noted_unchanged + rows.narratives == 0 &&
      decoded.rejected == before->receipt.rejected && append.decoded.outcome == before->outcome) {
    return Repeated{before->outcome, std::move(before->receipt)};
  }
  recorded.note = "这份内容报送过（回执 " + before->receipt.submission +
                  "），这次只补收当时没有收下的行；那以后已有数据的，一律不变。";
  Receipt receipt = decoded;
  receipt.notes.push_back(recorded.note);
  parts_->submissions.insert(recorded.stamp, append.submission, body, append.decoded.outcome,
                             receipt, recorded.rows);
  parts_->deliveries.insert(name, recorded.stamp.seq);
  parts_->checks.insert(recorded.stamp.seq, checked.fired);
  return recorded;
}

RecordedDecisionOrWhyNot Writer::decide(const Decision& decision) {
  return parts_->decisions.decide(decision);
}

void Writer::record(const Judged& judged) { parts_->judged.replace(judged); }

void Writer::record(const StoredCatalogue& catalogue) { record_catalogue(connection_, catalogue); }

void Writer::record(const BulletinRecords& records) { record_bulletins(connection_, records); }

void Writer::close_delivery(const Sha256& key) { parts_->deliveries.close(key); }

ReceiptArchive::Forgotten Writer::forget_receipts(std::uint64_t at_most) {
  if (!parts_->keep_receipts || !parts_->begun_at) return {};
  return parts_->archive.forget(
      ReceiptTimes(connection_).last_by(*parts_->begun_at - *parts_->keep_receipts), at_most);
}

void Writer::commit() {
  if (parts_->begun_at) adopt_again_where_later(connection_, *parts_->begun_at);
  parts_->newest.write();
  parts_->commit.run();
  parts_->newest.committed();
  parts_->submissions.committed();
  parts_->archive.committed();
}

void Writer::rollback() noexcept {
  // A statement that was left in the middle would keep the transaction open.
  parts_->known.reset();
  parts_->deliveries.reset();
  parts_->series.reset();
  parts_->narratives.reset();
  // Some failures have rolled back already, and a second time would be an error.
  if (connection_.in_transaction()) {
    sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  parts_->newest.roll_back();
  parts_->submissions.roll_back();
  parts_->archive.roll_back();
}

void Writer::checkpoint(bool truncate) noexcept {
  sqlite3_busy_timeout(connection_.handle(), 0);  // never wait for a reader
  int left = 0;
  const int code = sqlite3_wal_checkpoint_v2(
      connection_.handle(), "main",
      truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, &left, nullptr);
  sqlite3_busy_timeout(connection_.handle(), sqlite::kBusyMilliseconds);
  if (code == SQLITE_OK) wal_pages_ = 0;
}

}  // namespace districtd
