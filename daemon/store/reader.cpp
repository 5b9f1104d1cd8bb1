#include <zlib.h>

#include <algorithm>
#include <future>
#include <iterator>
#include <limits>
#include <map>
#include <span>
#include <type_traits>

#include "collectors/receipt_json.h"
#include "daemon/store/bulletin_records.h"
#include "daemon/store/corrections.h"
#include "daemon/store/failure.h"
#include "daemon/store/schema.h"
#include "daemon/store/sqlite.h"
#include "daemon/store/store.h"
#include "daemon/store/stored_receipt.h"
#include "daemon/store/submission_id.h"

namespace districtd {
namespace {

Date date_from(std::int64_t day) { return Date(std::chrono::days(day)); }
Time time_from(std::int64_t milliseconds) { return Time(std::chrono::milliseconds(milliseconds)); }

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

sqlite::Connection open(const std::filesystem::path& path) {
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
    return connection;
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
    return connection;
  } catch (const sqlite::Error& failure) {
    throw cannot_open(path, failure);
  }
}

}  // namespace

class StoreReader::Impl {
 public:
  explicit Impl(const std::filesystem::path& path)
      : path_(std::filesystem::absolute(path)), connection_(open(path_)) {}

  Readings readings(const StoreReader::Question& question) {
    return consistently([&] {
      const std::int64_t last_seq = question.known_at
                                        ? last_seq_at(*question.known_at)
                                        : connection_.integer("SELECT max(seq) FROM submission");
      if (question.targets.empty()) return all_readings(question.date_at, last_seq);
      ReceiptDays receipt_days(connection_, question.date_at);
      Readings readings;
      sqlite::Statement rows(connection_,
                             "SELECT target, as_of, seq, value FROM observation"
                             " WHERE target = (SELECT key FROM target_key WHERE id = ?)"
                             " ORDER BY target, as_of, seq, row");
      for (const std::string& target : question.targets) {
        rows.reset();
        rows.bind(1, std::string_view(target));
        take(
            rows, last_seq, [&](std::int64_t) -> const std::string& { return target; },
            receipt_days, readings);
      }
      return readings;
    });
  }

  std::int64_t version() {
    return consistently([&] { return connection_.integer("PRAGMA data_version"); });
  }

  std::optional<StoredCatalogue> catalogue(std::optional<Time> known_at) {
    return consistently([&]() -> std::optional<StoredCatalogue> {
      const auto number = number_at(known_at);
      if (!number) return std::nullopt;
      StoredCatalogue stored;
      stored.number = *number;
      sqlite::Statement adopted(connection_, "SELECT adopted_at FROM catalogue WHERE number = ?");
      adopted.bind(1, *number);
      adopted.step();
      stored.adopted_at = time_from(adopted.integer(0));
      sqlite::Statement each(connection_,
                             "SELECT s.role, s.name, t.bytes, t.deflated FROM catalogue_source s"
                             " JOIN catalogue_text t ON t.key = s.text WHERE s.catalogue = ?"
                             " ORDER BY s.position");
      each.bind(1, *number);
      while (each.step()) {
        stored.sources.push_back({static_cast<CatalogueSource::Role>(each.integer(0)),
                                  std::string(each.text(1)),
                                  inflated(each.blob(3), each.integer(2))});
      }
      return stored;
    });
  }

  std::int64_t catalogue_number(std::optional<Time> known_at) {
    return consistently([&] { return number_at(known_at).value_or(0); });
  }

  std::vector<StoredObservation> history(std::string_view target) {
    return consistently([&] {
      sqlite::Statement each(connection_,
                             "SELECT o.as_of, o.value, o.note, o.seq, s.received_at, s.collector,"
                             " s.name FROM target_key k JOIN observation o ON o.target = k.key"
                             " JOIN submission s ON s.seq = o.seq WHERE k.id = ?"
                             " ORDER BY o.as_of, o.seq, o.row");
      each.bind(1, target);
      std::vector<StoredObservation> history;
      while (each.step()) {
        const Date as_of = date_from(each.integer(0));
        const Time received = time_from(each.integer(4));
        if (!history.empty() && history.back().as_of == as_of) history.back().superseded = true;
        history.push_back({.as_of = as_of,
                           .value = each.real(1),
                           .note = std::string(each.text(2)),
                           .submission = submission_id(each.integer(3), utc_date(received)),
                           .received_at = received,
                           .collector = std::string(each.text(5)),
                           .name = std::string(each.text(6)),
                           .superseded = false});
      }
      return history;
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
      std::vector<Correction> corrections;
      const std::int64_t first = last_seq_at(from) + 1;
      const std::int64_t last = last_seq_at(to);
      sqlite::Statement any(connection_,
                            "SELECT 1 FROM submission WHERE seq BETWEEN ? AND ? AND corrected > 0"
                            " LIMIT 1");
      any.bind(1, first).bind(2, last);
      // Observations lie by target: without a correction there is no need to look at them all.
      if (!any.step()) return corrections;
      sqlite::Statement each(
          connection_,
          "SELECT k.id, o.as_of, o.value, o.note, s.received_at,"
          " (SELECT p.value FROM observation p WHERE p.target = o.target AND p.as_of = o.as_of"
          "  AND (p.seq, p.row) < (o.seq, o.row) ORDER BY p.seq DESC, p.row DESC LIMIT 1)"
          " FROM observation o JOIN target_key k ON k.key = o.target"
          " JOIN submission s ON s.seq = o.seq WHERE o.seq BETWEEN ? AND ?"
          " ORDER BY k.id, o.as_of, o.seq, o.row");
      each.bind(1, first).bind(2, last);
      while (each.step()) {
        if (each.is_null(5)) continue;
        corrections.push_back({.target = std::string(each.text(0)),
                               .as_of = date_from(each.integer(1)),
                               .value = each.real(2),
                               .value_before = each.real(5),
                               .note = std::string(each.text(3)),
                               .received_at = time_from(each.integer(4))});
      }
      return corrections;
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

  std::vector<std::string> waiting() {
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

  std::string last_sha256(std::string_view collector, std::string_view department,
                          std::string_view name) {
    return consistently([&] {
      sqlite::Statement found(
          connection_,
          "SELECT iif(outcome = 'taken' AND rejected = 0, lower(hex(sha256)), '')"
          " FROM submission WHERE collector = ? AND department = ? AND name = ?"
          " AND seq > (SELECT max(seq) FROM submission) - 1000000"
          " ORDER BY seq DESC LIMIT 1");
      found.bind(1, collector).bind(2, department).bind(3, name);
      return found.step() ? std::string(found.text(0)) : std::string();
    });
  }

 private:
  static constexpr std::int64_t kEverything = std::numeric_limits<std::int64_t>::max();

  // The district's day on which a submission was received. Times of receipt never fall, so that the
  // submissions of a day lie together, and one search finds where they begin and end.
  class ReceiptDays {
   public:
    ReceiptDays(const sqlite::Connection& connection, const std::function<Date(Time)>& date_at)
        : date_at_(date_at),
          at_(connection,
              "SELECT received_at FROM submission WHERE seq <= ? ORDER BY seq DESC LIMIT 1"),
          last_seq_(connection, "SELECT max(seq) FROM submission") {
      last_seq_.step();
      end_ = last_seq_.integer(0) + 1;
      sqlite::Statement confirmed(connection, "SELECT seq, held FROM decision WHERE confirmed");
      while (confirmed.step()) said_in_.emplace(confirmed.integer(0), confirmed.integer(1));
    }

    // A value that was held was reported when it came, not when it was confirmed.
    Date operator()(std::int64_t seq) {
      if (!said_in_.empty()) {
        const auto said = said_in_.find(seq);
        if (said != said_in_.end()) seq = said->second;
      }
      if (seq >= range_.first && seq < range_.end) return range_.date;
      const auto after = known_.upper_bound(seq);
      if (after != known_.begin() && seq < std::prev(after)->second.end) {
        range_ = std::prev(after)->second;
        return range_.date;
      }
      range_ = {seq, seq + 1, date_of(seq)};
      range_.first = boundary(0, seq, [&](std::int64_t s) { return date_of(s) >= range_.date; });
      range_.end = boundary(seq, end_, [&](std::int64_t s) { return date_of(s) > range_.date; });
      known_.emplace(range_.first, range_);
      return range_.date;
    }

    bool has_confirmations() const { return !said_in_.empty(); }

   private:
    struct Range {
      std::int64_t first = 0;
      std::int64_t end = 0;
      Date date{};
    };

    Date date_of(std::int64_t seq) {
      at_.reset();
      at_.bind(1, seq);
      return at_.step() ? date_at_(time_from(at_.integer(0))) : Date::min();
    }

    // The first number in (low, high] with the property; high has it.
    template <typename Has>
    static std::int64_t boundary(std::int64_t low, std::int64_t high, Has has) {
      while (high - low > 1) {
        const std::int64_t middle = low + (high - low) / 2;
        (has(middle) ? high : low) = middle;
      }
      return high;
    }

    const std::function<Date(Time)>& date_at_;
    sqlite::Statement at_;
    sqlite::Statement last_seq_;
    std::int64_t end_ = 0;
    Range range_;
    std::map<std::int64_t, Range> known_;
    std::map<std::int64_t, std::int64_t> said_in_;  // of a confirmation: the submission it is of
  };

  // Rows by target, day and time of receipt: the last of a day counts, the earliest says when the
  // day was reported. One that was taken back leaves nothing of its day. What a submission says of
  // a day is its last row, as for the board, which never sees the others.
  template <typename IdOf>
  static void take(sqlite::Statement& rows, std::int64_t last_seq, IdOf id_of,
                   ReceiptDays& receipt_days, Readings& readings) {
    struct Said {
      std::int64_t target = 0;  // 0: nothing
      std::int64_t seq = 0;
      Date as_of{};
      double value = 0;
    };
    std::vector<Reading> of_target;
    std::vector<Corrections> corrections;
    const auto count = [&](const Said& said) {
      const bool is_known = !of_target.empty() && of_target.back().as_of == said.as_of;
      if (!is_known) {
        if (said.value == kTakenBack) return;
        of_target.push_back({said.as_of, said.value, receipt_days(said.seq)});
        return;
      }
      if (corrections.empty() || corrections.back().as_of != said.as_of) {
        corrections.push_back({said.as_of, 0});
      }
      ++corrections.back().count;
      if (said.value == kTakenBack) {
        of_target.pop_back();
        return;
      }
      of_target.back().value = said.value;
      if (receipt_days.has_confirmations()) {
        of_target.back().reported_on =
            std::min(of_target.back().reported_on, receipt_days(said.seq));
      }
    };
    const auto close = [&](std::int64_t target) {
      if (of_target.empty() && corrections.empty()) return;
      readings.assign(id_of(target), of_target, corrections);
      of_target.clear();
      corrections.clear();
    };
    Said last;
    while (rows.step()) {
      const Said said{rows.integer(0), rows.integer(2), date_from(rows.integer(1)), rows.real(3)};
      if (said.seq > last_seq) continue;
      const bool is_same_target = said.target == last.target;
      const bool is_same_day = is_same_target && said.as_of == last.as_of;
      if (last.target != 0 && !(is_same_day && said.seq == last.seq)) count(last);
      if (!is_same_target) close(last.target);
      last = said;
    }
    if (last.target != 0) count(last);
    close(last.target);
  }

  // Half of the targets by a thread and a connection of its own. Both see the same: what is there
  // up to last_seq never changes.
  Readings all_readings(const std::function<Date(Time)>& date_at, std::int64_t last_seq) {
    const std::vector<std::string> ids = this->ids();
    const auto most = static_cast<std::int64_t>(ids.size()) - 1;
    const auto scan = [&](const sqlite::Connection& connection, std::int64_t first,
                          std::int64_t last) {
      Readings readings;
      readings.reserve(ids.size());  // also for what is merged into it
      ReceiptDays receipt_days(connection, date_at);
      sqlite::Statement rows(connection,
                             "SELECT target, as_of, seq, value FROM observation"
                             " WHERE target BETWEEN ? AND ? ORDER BY target, as_of, seq, row");
      rows.bind(1, first).bind(2, last);
      take(
          rows, last_seq,
          [&](std::int64_t key) -> const std::string& {
            return ids[static_cast<std::size_t>(key)];
          },
          receipt_days, readings);
      return readings;
    };
    auto second = std::async(std::launch::async, [&] {
      const sqlite::Connection other = open(path_);
      return scan(other, most / 2 + 1, most);
    });
    Readings readings = scan(connection_, 1, most / 2);
    readings.merge(second.get());
    return readings;
  }

  std::vector<std::string> ids() {
    std::vector<std::string> ids(
        static_cast<std::size_t>(connection_.integer("SELECT max(key) FROM target_key")) + 1);
    sqlite::Statement each(connection_, "SELECT key, id FROM target_key");
    while (each.step()) ids[static_cast<std::size_t>(each.integer(0))] = each.text(1);
    return ids;
  }

  // A catalogue is in force until the next is adopted; the first one also before.
  std::optional<std::int64_t> number_at(std::optional<Time> known_at) {
    sqlite::Statement found(connection_,
                            "SELECT coalesce((SELECT max(number) FROM catalogue"
                            " WHERE adopted_at <= ?), (SELECT min(number) FROM catalogue))");
    found.bind(1, known_at ? std::int64_t{known_at->time_since_epoch().count()} : kEverything);
    found.step();
    return found.is_null(0) ? std::nullopt : std::optional{found.integer(0)};
  }

  static std::string inflated(std::span<const unsigned char> deflated, std::int64_t bytes) {
    std::string text(static_cast<std::size_t>(bytes), '\0');
    uLongf length = text.size();
    if (uncompress(reinterpret_cast<Bytef*>(text.data()), &length, deflated.data(),
                   deflated.size()) != Z_OK ||
        length != text.size()) {
      throw StoreError("a text of the catalogue in the store is damaged; restore a backup");
    }
    return text;
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

  // The last submission received up to `time`, 0 where there is none. Times of receipt never fall
  // from one submission to the next, so halving the numbers finds it without an index.
  std::int64_t last_seq_at(Time time) {
    sqlite::Statement at(connection_,
                         "SELECT seq, received_at FROM submission WHERE seq <= ?"
                         " ORDER BY seq DESC LIMIT 1");
    std::int64_t low = 0;  // 0, or received up to `time`
    std::int64_t high = connection_.integer("SELECT max(seq) FROM submission");
    while (low < high) {
      const std::int64_t middle = low + (high - low + 1) / 2;
      at.reset();
      at.bind(1, middle);
      if (!at.step() || at.integer(0) <= low) {
        // No number between low and middle.
        low = middle;
      } else if (time_from(at.integer(1)) <= time) {
        low = middle;
      } else {
        high = at.integer(0) - 1;
      }
    }
    return low;
  }

  std::filesystem::path path_;
  sqlite::Connection connection_;
};

StoreReader::StoreReader(const std::filesystem::path& path) : impl_(std::make_unique<Impl>(path)) {}
StoreReader::~StoreReader() = default;
StoreReader::StoreReader(StoreReader&&) noexcept = default;

Readings StoreReader::readings(const Question& question) const { return impl_->readings(question); }

std::int64_t StoreReader::version() const { return impl_->version(); }

std::optional<StoredCatalogue> StoreReader::catalogue(std::optional<Time> known_at) const {
  return impl_->catalogue(known_at);
}

std::int64_t StoreReader::catalogue_number(std::optional<Time> known_at) const {
  return impl_->catalogue_number(known_at);
}

std::vector<StoredObservation> StoreReader::history(std::string_view target) const {
  return impl_->history(target);
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

std::vector<std::string> StoreReader::waiting() const { return impl_->waiting(); }

std::string StoreReader::last_sha256(std::string_view collector, std::string_view department,
                                     std::string_view name) const {
  return impl_->last_sha256(collector, department, name);
}

}  // namespace districtd
