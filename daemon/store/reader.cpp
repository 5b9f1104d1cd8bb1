#include <limits>
#include <type_traits>

#include "collectors/receipt_json.h"
#include "daemon/store/failure.h"
#include "daemon/store/schema.h"
#include "daemon/store/sqlite.h"
#include "daemon/store/store.h"
#include "daemon/store/submission_id.h"

namespace districtd {
namespace {

Date date_from(std::int64_t day) { return Date(std::chrono::days(day)); }
std::int64_t days(Date date) { return date.time_since_epoch().count(); }
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

  std::unordered_map<std::string, NewestReading> newest(Date on, std::optional<Time> known_at) {
    return consistently([&] {
      const std::int64_t last_seq =
          known_at ? last_seq_at(*known_at) : std::numeric_limits<std::int64_t>::max();
      sqlite::Statement each(connection_,
                             "SELECT k.key, k.id, n.as_of, n.value, n.seq"
                             " FROM target_key k JOIN newest n ON n.target = k.key");
      // Backwards from the newest day: the first row that had been received is the answer.
      sqlite::Statement earlier(connection_,
                                "SELECT as_of, value, seq FROM observation"
                                " WHERE target = ?1 AND as_of <= ?2 AND seq <= ?3"
                                " ORDER BY as_of DESC, seq DESC, row DESC LIMIT 1");
      std::unordered_map<std::string, NewestReading> newest;
      std::unordered_map<std::int64_t, std::string> ids;
      while (each.step()) {
        const sqlite::Statement* row = &each;
        int column = 2;
        std::int64_t seq = each.integer(4);
        if (each.integer(2) > days(on) || seq > last_seq) {
          earlier.reset();
          earlier.bind(1, each.integer(0)).bind(2, days(on)).bind(3, last_seq);
          if (!earlier.step()) continue;
          row = &earlier;
          column = 0;
          seq = earlier.integer(2);
        }
        std::string& id = ids[seq];
        if (id.empty()) id = id_of(seq);
        newest.try_emplace(
            std::string(each.text(1)),
            NewestReading{{date_from(row->integer(column)), row->real(column + 1)}, id});
      }
      return newest;
    });
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

  std::optional<Receipt> receipt(std::string_view submission) {
    const auto seq = submission_seq(submission);
    if (!seq) return std::nullopt;
    return consistently([&]() -> std::optional<Receipt> {
      sqlite::Statement found(connection_,
                              "SELECT received_at, department, rows, accepted, corrected,"
                              " unchanged, rejected, errors FROM submission WHERE seq = ?");
      found.bind(1, *seq);
      if (!found.step()) return std::nullopt;
      Receipt receipt;
      receipt.received_at = time_from(found.integer(0));
      receipt.submission = submission_id(*seq, utc_date(receipt.received_at));
      if (receipt.submission != submission) return std::nullopt;
      receipt.department = found.text(1);
      receipt.rows = found.integer(2);
      receipt.accepted = found.integer(3);
      receipt.corrected = found.integer(4);
      receipt.unchanged = found.integer(5);
      receipt.rejected = found.integer(6);
      if (!found.is_null(7)) {
        if (auto errors = errors_from_json(found.text(7))) receipt.errors = std::move(*errors);
      }
      return receipt;
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

  std::string id_of(std::int64_t seq) {
    sqlite::Statement found(connection_, "SELECT received_at FROM submission WHERE seq = ?");
    found.bind(1, seq);
    return found.step() ? submission_id(seq, utc_date(time_from(found.integer(0)))) : std::string();
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

std::unordered_map<std::string, NewestReading> StoreReader::newest(
    Date on, std::optional<Time> known_at) const {
  return impl_->newest(on, known_at);
}

std::vector<StoredObservation> StoreReader::history(std::string_view target) const {
  return impl_->history(target);
}

std::optional<Receipt> StoreReader::receipt(std::string_view submission) const {
  return impl_->receipt(submission);
}

std::string StoreReader::last_sha256(std::string_view collector, std::string_view department,
                                     std::string_view name) const {
  return impl_->last_sha256(collector, department, name);
}

}  // namespace districtd
