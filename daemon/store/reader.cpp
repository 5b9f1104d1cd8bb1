#include "daemon/store/reader.h"

#include <algorithm>
#include <future>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>

#include "base/check.h"
#include "daemon/store/bulletin_records.h"
#include "daemon/store/catalogue_texts.h"
#include "daemon/store/columns.h"
#include "daemon/store/failure.h"
#include "daemon/store/figure_checks.h"
#include "daemon/store/judged_rows.h"
#include "daemon/store/narrative_history.h"
#include "daemon/store/receipt_times.h"
#include "daemon/store/schema.h"
#include "daemon/store/sqlite.h"
#include "daemon/store/stored_readings.h"
#include "daemon/store/stored_receipt.h"
#include "daemon/store/submission_id.h"
#include "daemon/store/value_history.h"

namespace districtd {
namespace {

bool has_wal(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path.string() + "-wal", error);
  return !error && size > 0;
}

void check_version(sqlite::Connection& connection, const std::filesystem::path& path) {
  const std::size_t latest = migrations().size();
  const std::size_t version = schema_version(connection, path, latest);
  if (version < latest) {
    throw StoreError(path.string() + " has the older schema version " + std::to_string(version) +
                     ", this program reads " + std::to_string(latest) +
                     "; start the daemon once to bring it up to date");
  }
}

struct Opened {
  sqlite::Connection connection;
  bool sees_later_commits = true;
};

Opened open(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    throw StoreError(path.string() + " does not exist; the daemon creates it when it first starts");
  }
  if (std::filesystem::is_directory(status)) {
    throw StoreError(path.string() + " is a directory, expected a file");
  }
  try {
    sqlite::Connection connection(path, sqlite::Connection::Mode::read_only);
    check_version(connection, path);
    return {std::move(connection), true};
  } catch (const sqlite::Error& failure) {
    // In a folder that cannot be written SQLite cannot make the files that writer and readers
    // share. Where there is no WAL, nobody writes and the file alone is the whole truth.
    const bool for_want_of_files =
        failure.primary_code() == SQLITE_CANTOPEN || failure.primary_code() == SQLITE_READONLY;
    if (!for_want_of_files || has_wal(path)) throw cannot_open(path, failure);
  }
  try {
    sqlite::Connection connection(path, sqlite::Connection::Mode::immutable);
    check_version(connection, path);
    return {std::move(connection), false};
  } catch (const sqlite::Error& failure) {
    throw cannot_open(path, failure);
  }
}

}  // namespace

class StoreReader::Impl {
 public:
  explicit Impl(const std::filesystem::path& path)
      : path_(std::filesystem::absolute(path)), opened_(open(path_)) {}

  bool sees_later_commits() const { return opened_.sees_later_commits; }

  Readings readings(const StoreReader::Question& question) {
    return consistently([&] {
      const std::int64_t last_seq = question.known_at
                                        ? last_seq_at(*question.known_at)
                                        : connection_.integer("SELECT max(seq) FROM submission");
      if (question.targets.empty()) {
        return readings_of(question.programmes, question.date_at, last_seq);
      }
      ReceiptDays receipt_days(connection_, question.date_at);
      Readings readings;
      sqlite::Statement rows(connection_,
                             "SELECT target, as_of, seq, value, basis FROM observation"
                             " WHERE target = (SELECT key FROM target_key WHERE id = ?)"
                             " ORDER BY target, as_of, seq, row");
      for (const std::string& target : question.targets) {
        rows.reset();
        rows.bind(1, std::string_view(target));
        collect_readings(
            rows, last_seq, [&](std::int64_t) -> const std::string& { return target; },
            receipt_days, readings);
      }
      return readings;
    });
  }

  StoreSize size(Time from) {
    return consistently([&] { return store_size(connection_, from); });
  }

  std::int64_t version() {
    return consistently([&] { return connection_.integer("PRAGMA data_version"); });
  }

  std::optional<StoredCatalogue> catalogue(std::optional<Time> known_at) {
    return consistently([&]() -> std::optional<StoredCatalogue> {
      const auto number = catalogue_number_at(connection_, known_at);
      if (!number) return std::nullopt;
      return read_catalogue(connection_, *number);
    });
  }

  StoredCatalogue catalogue_with(std::int64_t number) {
    return consistently([&] { return read_catalogue(connection_, number); });
  }

  std::vector<StoredProgramme> programmes(std::optional<Time> known_at) {
    return consistently([&]() -> std::vector<StoredProgramme> {
      if (!known_at) return read_programmes(connection_, std::numeric_limits<std::int64_t>::max());
      return read_programmes(connection_, catalogue_number_at(connection_, known_at).value_or(0));
    });
  }

  std::unordered_map<std::string, Judged> judged(const ProgrammesAsked& asked) {
    return consistently([&] { return JudgedRows::load(connection_, asked); });
  }

  std::int64_t catalogue_number(std::optional<Time> known_at) {
    return consistently([&] { return catalogue_number_at(connection_, known_at).value_or(0); });
  }

  std::vector<StoredObservation> history(std::string_view target, std::optional<Time> known_at) {
    return consistently([&] {
      constexpr std::int64_t kEverything = std::numeric_limits<std::int64_t>::max();
      return read_history(connection_, target, known_at ? last_seq_at(*known_at) : kEverything);
    });
  }

  std::vector<StoredNarrative> narratives(std::string_view target, std::optional<Time> known_at) {
    return consistently([&] {
      constexpr std::int64_t kEverything = std::numeric_limits<std::int64_t>::max();
      return read_narratives(connection_, target, known_at ? last_seq_at(*known_at) : kEverything);
    });
  }

  std::vector<OccasionRecord> bulletin_occasions(std::string_view name) {
    return consistently([&] { return read_occasions(connection_, name); });
  }

  std::optional<OccasionRecord> bulletin_occasion_of(std::string_view id) {
    return consistently([&] { return read_occasion_of(connection_, id); });
  }

  std::vector<DeliveryRecord> bulletin_deliveries(std::string_view id) {
    return consistently([&] { return read_deliveries(connection_, id); });
  }

  std::vector<Correction> corrections(Time from, Time to) {
    return consistently([&] {
      ReceiptTimes times(connection_);
      return read_corrections(connection_, times.last_by(from) + 1, times.last_by(to));
    });
  }

  std::optional<Receipt> receipt(std::string_view submission) {
    const auto seq = submission_seq(submission);
    if (!seq) return std::nullopt;
    return consistently([&]() -> std::optional<Receipt> {
      auto stored = stored_receipt(connection_, *seq);
      if (!stored || stored->receipt.submission != submission) return std::nullopt;
      return std::move(stored->receipt);
    });
  }

  std::vector<CheckCount> check_counts() {
    return consistently([&] { return read_check_counts(connection_); });
  }

  std::vector<std::string> submissions_to_confirm() {
    return consistently([&] {
      std::vector<std::string> ids;
      sqlite::Statement each(connection_,
                             "SELECT s.id FROM submission s WHERE s.seq IN"
                             " (SELECT seq FROM held EXCEPT SELECT held FROM decision)"
                             " ORDER BY s.seq");
      while (each.step()) ids.emplace_back(each.text(0));
      return ids;
    });
  }

 private:
  // A target's number in the file and its key.
  struct Numbered {
    std::int64_t number = 0;
    std::string key;
  };

  // A second thread with a connection of its own reads half of the targets. Both see the same: what
  // is there up to last_seq never changes.
  Readings readings_of(const ProgrammesAsked& programmes, const std::function<Date(Time)>& date_at,
                       std::int64_t last_seq) {
    const std::vector<Numbered> targets = targets_of(programmes);
    const auto scan = [&](const sqlite::Connection& connection, std::span<const Numbered> part) {
      Readings readings;
      readings.reserve(targets.size());  // also for what is merged into it
      ReceiptDays receipt_days(connection, date_at);
      sqlite::Statement rows(connection,
                             "SELECT target, as_of, seq, value, basis FROM observation"
                             " WHERE target BETWEEN ? AND ? ORDER BY target, as_of, seq, row");
      // What is not asked for is passed over without being read.
      for (std::size_t begin = 0, end = 0; begin < part.size(); begin = end) {
        end = begin + 1;
        while (end < part.size() && part[end].number == part[end - 1].number + 1) ++end;
        const auto run = part.subspan(begin, end - begin);
        rows.reset();
        rows.bind(1, run.front().number).bind(2, run.back().number);
        collect_readings(
            rows, last_seq,
            [&](std::int64_t number) -> const std::string& {
              const auto at = static_cast<std::size_t>(number - run.front().number);
              DISTRICT_CHECK(at < run.size(), "an observation's target has a key");
              return run[at].key;
            },
            receipt_days, readings);
      }
      return readings;
    };
    const std::size_t half = targets.size() / 2;
    auto second = std::async(std::launch::async, [&] {
      const Opened other = open(path_);
      return scan(other.connection, std::span(targets).subspan(half));
    });
    Readings readings = scan(connection_, std::span(targets).first(half));
    readings.merge(second.get());
    return readings;
  }

  // By number.
  std::vector<Numbered> targets_of(const ProgrammesAsked& programmes) {
    std::vector<Numbered> targets;
    sqlite::Statement each(connection_, "SELECT key, id FROM target_key WHERE id >= ? AND id < ?");
    for (const KeyRange& range : ranges_of(programmes)) {
      each.reset();
      each.bind(1, std::string_view(range.first)).bind(2, std::string_view(range.end));
      while (each.step()) targets.push_back({each.integer(0), std::string(each.text(1))});
    }
    std::sort(targets.begin(), targets.end(),
              [](const Numbered& a, const Numbered& b) { return a.number < b.number; });
    return targets;
  }

  // Runs a question in one read transaction, so that all of it sees one commit.
  template <typename Question>
  std::invoke_result_t<Question> consistently(Question question) {
    try {
      connection_.execute("BEGIN");
      struct End {
        sqlite::Connection& connection;
        ~End() { sqlite3_exec(connection.handle(), "ROLLBACK", nullptr, nullptr, nullptr); }
      } end{connection_};
      return question();
    } catch (const sqlite::Error& error) {
      throw cannot_open(path_, error);
    }
  }

  std::int64_t last_seq_at(Time time) { return ReceiptTimes(connection_).last_by(time); }

  std::filesystem::path path_;
  Opened opened_;
  sqlite::Connection& connection_ = opened_.connection;
};

StoreReader::StoreReader(const std::filesystem::path& path) : impl_(std::make_unique<Impl>(path)) {}
StoreReader::~StoreReader() = default;
StoreReader::StoreReader(StoreReader&&) noexcept = default;

Readings StoreReader::readings(const Question& question) const { return impl_->readings(question); }

bool StoreReader::sees_later_commits() const { return impl_->sees_later_commits(); }
std::int64_t StoreReader::version() const { return impl_->version(); }

std::optional<StoredCatalogue> StoreReader::catalogue(std::optional<Time> known_at) const {
  return impl_->catalogue(known_at);
}

StoredCatalogue StoreReader::catalogue_with(std::int64_t number) const {
  return impl_->catalogue_with(number);
}

std::vector<StoredProgramme> StoreReader::programmes(std::optional<Time> known_at) const {
  return impl_->programmes(known_at);
}

std::unordered_map<std::string, Judged> StoreReader::judged(
    const ProgrammesAsked& programmes) const {
  return impl_->judged(programmes);
}

std::int64_t StoreReader::catalogue_number(std::optional<Time> known_at) const {
  return impl_->catalogue_number(known_at);
}

std::vector<StoredObservation> StoreReader::history(std::string_view target,
                                                    std::optional<Time> known_at) const {
  return impl_->history(target, known_at);
}

std::vector<StoredNarrative> StoreReader::narratives(std::string_view target,
                                                     std::optional<Time> known_at) const {
  return impl_->narratives(target, known_at);
}

std::optional<StoreReader::NewestNarrative> StoreReader::newest_narrative(
    std::string_view target, Date on, std::optional<Time> known_at) const {
  const auto said = impl_->narratives(target, known_at);
  const auto days = narratives_by_day(said, on);
  if (days.empty()) return std::nullopt;
  return NewestNarrative{days.back().as_of, days.back().stands};
}

std::vector<OccasionRecord> StoreReader::bulletin_occasions(std::string_view name) const {
  return impl_->bulletin_occasions(name);
}

std::optional<OccasionRecord> StoreReader::bulletin_occasion_of(std::string_view id) const {
  return impl_->bulletin_occasion_of(id);
}

std::vector<DeliveryRecord> StoreReader::bulletin_deliveries(std::string_view id) const {
  return impl_->bulletin_deliveries(id);
}

std::vector<Correction> StoreReader::corrections(Time from, Time to) const {
  return impl_->corrections(from, to);
}

std::optional<Receipt> StoreReader::receipt(std::string_view submission) const {
  return impl_->receipt(submission);
}

StoreSize StoreReader::size(Time from) const { return impl_->size(from); }

std::vector<CheckCount> StoreReader::check_counts() const { return impl_->check_counts(); }

std::vector<std::string> StoreReader::submissions_to_confirm() const {
  return impl_->submissions_to_confirm();
}

}  // namespace districtd
