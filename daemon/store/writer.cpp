#include "daemon/store/writer.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <stdexcept>
#include <utility>

#include "collectors/receipt_json.h"
#include "daemon/store/bulletin_records.h"
#include "daemon/store/failure.h"
#include "daemon/store/schema.h"
#include "daemon/store/stored_receipt.h"
#include "daemon/store/submission_id.h"

namespace districtd {
namespace {

// Rows that one statement inserts: what starting and ending a statement costs is shared.
constexpr std::size_t kRowsAtOnce = 16;

constexpr std::int32_t kNoDay = std::numeric_limits<std::int32_t>::min();

std::int32_t days(Date date) { return static_cast<std::int32_t>(date.time_since_epoch().count()); }

Date date_from(std::int32_t day) { return Date(std::chrono::days(day)); }

// Orders by target, then day: the sign bit is turned so that days before 1970 come first.
std::uint64_t place_of(std::uint32_t key, std::int32_t day) {
  return std::uint64_t{key} << 32 | (static_cast<std::uint32_t>(day) ^ 0x8000'0000u);
}

std::uint32_t key_at(std::uint64_t place) { return static_cast<std::uint32_t>(place >> 32); }

std::int32_t day_at(std::uint64_t place) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(place) ^ 0x8000'0000u);
}

// Everything that must be settled before the first table is made or read.
sqlite::Connection open(const std::filesystem::path& path) {
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
    migrate(connection, path, migrations());
    return connection;
  } catch (const sqlite::Error& error) {
    throw cannot_open(path, error);
  }
}

int remember_wal_pages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<std::size_t*>(pages) = static_cast<std::size_t>(count);
  return SQLITE_OK;
}

}  // namespace

// Neither a collector's name nor a department's id has a NUL.
Sha256 delivery_of(std::string_view collector, std::string_view department, std::string_view key) {
  std::string whole(collector);
  for (const std::string_view part : {department, key}) (whole += '\0') += part;
  return sha256_of(whole);
}

struct Writer::Statements {
  explicit Statements(const sqlite::Connection& c)
      : begin(c, "BEGIN IMMEDIATE"),
        commit(c, "COMMIT"),
        insert_target(c, "INSERT INTO target_key(key, id) VALUES(?, ?)"),
        insert_submission(c,
                          "INSERT INTO submission(seq, received_at, department, collector,"
                          " media_type, name, bytes, sha256, outcome, rows, accepted, corrected,"
                          " unchanged, rejected, errors, details)"
                          " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"),
        insert_held(c,
                    "INSERT OR FAIL INTO held(seq, target, as_of, row, value, note, flags)"
                    " VALUES(?, ?, ?, ?, ?, ?, ?)"),
        earlier(c,
                "SELECT as_of, value FROM observation WHERE target = ? AND as_of < ?"
                " ORDER BY as_of DESC, seq DESC, row DESC"),
        insert_observation(c, insert_of(1).c_str()),
        insert_observations(c, insert_of(kRowsAtOnce).c_str()),
        replace_newest(c, "REPLACE INTO newest(target, as_of, value, seq) VALUES(?, ?, ?, ?)"),
        replace_judged(c,
                       "REPLACE INTO judged(target, status, report_overdue, periods_behind,"
                       " reports_missing) VALUES(?, ?, ?, ?, ?)"),
        current(c,
                "SELECT value, note FROM observation WHERE target = ? AND as_of = ?"
                " ORDER BY seq DESC, row DESC LIMIT 1"),
        range(c,
              "SELECT as_of, value, note FROM observation"
              " WHERE target = ? AND as_of BETWEEN ? AND ? ORDER BY as_of, seq, row"),
        newest_delivery(c,
                        "SELECT seq, sha256, EXISTS(SELECT 1 FROM delivery_closed c"
                        " WHERE c.seq = d.seq) FROM delivery d JOIN submission USING(seq)"
                        " WHERE d.key = ? ORDER BY seq DESC LIMIT 1"),
        insert_delivery(c, "INSERT INTO delivery(key, seq) VALUES(?, ?)"),
        close_delivery(c,
                       "INSERT OR IGNORE INTO delivery_closed(seq)"
                       " SELECT seq FROM delivery WHERE key = ? ORDER BY seq DESC LIMIT 1") {}

  // OR FAIL: what fails is rolled back as a whole transaction, no statement needs an undo log.
  static std::string insert_of(std::size_t rows) {
    std::string sql =
        "INSERT OR FAIL INTO observation(target, as_of, seq, row, value, note) VALUES";
    for (std::size_t row = 0; row < rows; ++row)
      sql += row == 0 ? "(?,?,?,?,?,?)" : ",(?,?,?,?,?,?)";
    return sql;
  }

  sqlite::Statement begin, commit, insert_target, insert_submission, insert_held, earlier,
      insert_observation, insert_observations, replace_newest, replace_judged, current, range,
      newest_delivery, insert_delivery, close_delivery;
};

Writer::Writer(const std::filesystem::path& path, std::function<Time()> clock)
    : clock_(std::move(clock)), connection_(open(path)) {
  try {
    sqlite3_wal_hook(connection_.handle(), remember_wal_pages, &wal_pages_);
    statements_ = std::make_unique<Statements>(connection_);
    load();
  } catch (const sqlite::Error& error) {
    throw cannot_open(path, error);
  }
}

Writer::~Writer() = default;

void Writer::load() {
  sqlite::Statement last(connection_,
                         "SELECT seq, received_at FROM submission ORDER BY seq DESC LIMIT 1");
  if (last.step()) {
    next_seq_ = committed_next_seq_ = last.integer(0) + 1;
    last_received_ = committed_last_received_ = Time(std::chrono::milliseconds(last.integer(1)));
  }
  const auto most = connection_.integer("SELECT max(key) FROM target_key");
  targets_.resize(static_cast<std::size_t>(most) + 1);
  committed_targets_ = targets_.size();
  keys_.reserve(targets_.size());
  sqlite::Statement each(connection_,
                         "SELECT k.key, k.id, n.as_of, n.value, n.seq"
                         " FROM target_key k LEFT JOIN newest n ON n.target = k.key"
                         " ORDER BY k.key");
  while (each.step()) {
    const auto key = static_cast<Key>(each.integer(0));
    KnownTarget& target = targets_[key];
    target.id = each.text(1);
    keys_.emplace(target.id, key);
    if (each.is_null(4)) continue;
    target.current = {.as_of = static_cast<std::int32_t>(each.integer(2)),
                      .seq = each.integer(4),
                      .value = each.real(3)};
    target.committed = target.current;
  }
}

std::unordered_map<std::string, Judged> Writer::load_judged() {
  std::unordered_map<std::string, Judged> judged;
  sqlite::Statement each(connection_,
                         "SELECT target, status, report_overdue, periods_behind, reports_missing"
                         " FROM judged");
  while (each.step()) {
    std::string id(each.text(0));
    judged.try_emplace(id, Judged{.target = id,
                                  .status = std::string(each.text(1)),
                                  .report_overdue = each.integer(2) != 0,
                                  .periods_behind = static_cast<int>(each.integer(3)),
                                  .reports_missing = static_cast<int>(each.integer(4))});
  }
  return judged;
}

void Writer::load_waiting(WaitingRows& waiting) {
  sqlite::Statement each(connection_,
                         "SELECT s.seq, s.department, s.received_at, count(*), d.held IS NOT NULL"
                         " FROM held h JOIN submission s ON s.seq = h.seq"
                         " LEFT JOIN decision d ON d.held = h.seq GROUP BY s.seq");
  while (each.step()) {
    const std::string department(each.text(1));
    waiting.hold(department, each.integer(0), each.integer(3),
                 Time(std::chrono::milliseconds(each.integer(2))));
    if (each.integer(4) != 0) waiting.decide(department, each.integer(0));
  }
}

void Writer::begin() { statements_->begin.run(); }

Recorded Writer::record(const Append& append, std::uint64_t bytes,
                        std::span<const unsigned char> sha256) {
  const Submission& from = append.submission;
  Sha256 delivery{};
  if (!from.key.empty()) {
    delivery = delivery_of(from.collector, from.department, from.key);
    if (auto repeat = repeat_of(delivery, sha256)) return std::move(*repeat);
  }
  Recorded recorded;
  recorded.seq = next_seq_;
  recorded.received_at = std::max(clock_(), last_received_);

  arrange(append);
  stored_.clear();
  held_.clear();
  const std::span<const Place> places(places_);
  for (std::size_t begin = 0; begin < places.size();) {
    const Key key = key_at(places[begin].target_and_day);
    std::size_t end = begin + 1;
    while (end < places.size() && key_at(places[end].target_and_day) == key) ++end;
    record_target(key, places.subspan(begin, end - begin), append, recorded);
    begin = end;
  }
  flush(recorded.seq);
  hold(recorded.seq);
  insert_submission(append, bytes, sha256, recorded);
  if (!from.key.empty()) {
    statements_->insert_delivery.bind(1, std::span<const unsigned char>(delivery))
        .bind(2, recorded.seq)
        .run();
  }

  ++next_seq_;
  last_received_ = recorded.received_at;
  return recorded;
}

// Also of what the open transaction has recorded.
std::optional<Recorded> Writer::repeat_of(const Sha256& delivery,
                                          std::span<const unsigned char> sha256) {
  sqlite::Statement& newest = statements_->newest_delivery;
  newest.bind(1, std::span<const unsigned char>(delivery));
  const bool is_known = newest.step() && newest.integer(2) == 0;
  const std::int64_t seq = is_known ? newest.integer(0) : 0;
  const bool is_same = is_known && std::ranges::equal(newest.blob(1), sha256);
  newest.reset();
  if (!is_known) return std::nullopt;

  Recorded recorded;
  recorded.is_repeat = true;
  recorded.outcome = Outcome::conflict;
  if (!is_same) return recorded;
  auto stored = stored_receipt(connection_, seq);
  if (!stored) throw std::runtime_error("a delivery's submission is not in the store");
  recorded.outcome = stored->outcome;
  recorded.receipt = std::move(stored->receipt);
  return recorded;
}

void Writer::close_delivery(const Sha256& delivery) {
  statements_->close_delivery.bind(1, std::span<const unsigned char>(delivery)).run();
}

// The table is clustered by target and day: rows in its order fill one page after the other.
void Writer::arrange(const Append& append) {
  const std::vector<Observation>& observations = append.decoded.observations;
  places_.clear();
  places_.reserve(observations.size());
  for (std::uint32_t i = 0; i < observations.size(); ++i) {
    const Key key = key_of(append.catalogue, observations[i].target);
    places_.push_back({place_of(key, days(observations[i].reading.as_of)), i});
  }
  if (!std::is_sorted(places_.begin(), places_.end())) std::sort(places_.begin(), places_.end());
}

Writer::Key Writer::key_of(const std::shared_ptr<const Catalogue>& catalogue,
                           Catalogue::Index index) {
  if (catalogue != catalogue_) {
    if (!catalogue) throw std::logic_error("observations without their catalogue");
    catalogue_keys_.assign(catalogue->targets().size(), 0);
    catalogue_ = catalogue;
  }
  Key& key = catalogue_keys_.at(index);
  if (key == 0) {
    const std::string& id = (*catalogue)[index].id;
    const auto known = keys_.find(std::string_view(id));
    key = known != keys_.end() ? known->second : add_target(id);
  }
  return key;
}

Writer::Key Writer::add_target(std::string_view id) {
  const auto key = static_cast<Key>(targets_.size());
  statements_->insert_target.bind(1, std::int64_t{key}).bind(2, id).run();
  targets_.emplace_back().id = id;
  keys_.emplace(id, key);
  return key;
}

void Writer::record_target(Key key, std::span<const Place> places, const Append& append,
                           Recorded& recorded) {
  const std::vector<Observation>& observations = append.decoded.observations;
  const Newest before = targets_[key].current;
  Newest newest = before;
  const std::size_t readings_before = recorded.readings.size();
  read_ahead(key, places, before);
  for (std::size_t i = 0; i < places.size();) {
    const std::size_t begin = i;
    const std::uint64_t place = places[begin].target_and_day;
    while (i < places.size() && places[i].target_and_day == place) ++i;
    const std::span<const Place> rows = places.subspan(begin, i - begin);
    const std::int32_t as_of = day_at(place);
    // What a submission leaves behind of a day is its last row. Where that stands already, the
    // submission is a repetition, whatever its earlier rows said.
    if (rows.size() > 1 && on_file(key, before, observations[rows.back().index]) == OnFile::same) {
      recorded.unchanged += static_cast<std::int64_t>(rows.size());
      continue;
    }
    const Observation* current = nullptr;  // of this submission
    bool stored = false;
    for (const Place& row : rows) {
      const Observation& said = observations[row.index];
      OnFile found = OnFile::another;
      if (current == nullptr) {
        found = on_file(key, before, said);
      } else if (current->reading.value == said.reading.value && current->note == said.note) {
        found = OnFile::same;
      }
      // Taking back what was never said changes nothing.
      const bool is_nothing = found == OnFile::nothing && said.reading.value == kTakenBack;
      if (found == OnFile::same || is_nothing) {
        if (!is_nothing) current = &said;
        ++recorded.unchanged;
        continue;
      }
      const auto own = std::span(recorded.readings).subspan(readings_before);
      const Oddities odd = look_at(key, before, said, append, own, recorded);
      if ((odd & append.hold) != 0) {
        ++recorded.held;
        held_.push_back({key, &said, odd});
        continue;
      }
      current = &said;
      ++(found == OnFile::nothing ? recorded.accepted : recorded.corrected);
      stored_.push_back({key, &said});
      stored = true;
    }
    if (!stored) continue;
    recorded.readings.push_back({date_from(as_of), current->reading.value, Date{}});
    if (newest.seq == 0 || as_of >= newest.as_of) {
      newest = {.as_of = as_of, .seq = recorded.seq, .value = current->reading.value};
    }
  }
  const auto count = static_cast<std::uint32_t>(recorded.readings.size() - readings_before);
  if (count > 0) recorded.changed.push_back({observations[places.front().index].target, count});
  if (newest.seq != before.seq) touch(key, newest);
}

Oddities Writer::look_at(Key key, const Newest& before, const Observation& said,
                         const Append& append, std::span<const Reading> own, Recorded& recorded) {
  if (said.reading.value == kTakenBack) return 0;
  const Target& target = (*append.catalogue)[said.target];
  if (target.kind == Kind::pledge || target.kind == Kind::milestone) return 0;
  const auto previous = reading_before(key, before, said.reading.as_of, own);
  Oddities odd = oddities(target, said.reading, previous);
  if (repeats(key, before, target, said.reading, previous, own)) {
    odd = static_cast<Oddities>(odd | static_cast<std::uint8_t>(Oddity::repeated));
  }
  if (odd == 0) return odd;
  ++recorded.flagged;
  const auto shown = [&target](double value) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.15g", target.unit.from_base(value));
    return text.data() + target.unit.symbol();
  };
  for (const Oddity one : kOddities) {
    if (!has(odd, one) || recorded.flags.size() >= Receipt::kMostErrors) continue;
    const std::string value = shown(said.reading.value);
    recorded.flags.push_back(
        {said.row, append.decoded.value_column_of(said.reading.as_of), value,
         std::string(to_string(one)),
         sentence(one, target, said.reading, value, previous,
                  previous ? shown(previous->value) : "", (odd & append.hold) != 0)});
  }
  return odd;
}

// The latest reading of an earlier day: `own` are those of the submission at hand, by day; the
// newest of the file is known, and for earlier ones the file is asked.
std::optional<Reading> Writer::reading_before(Key key, const Newest& newest, Date as_of,
                                              std::span<const Reading> own) {
  std::optional<Reading> mine;
  for (auto one = own.rbegin(); one != own.rend() && !mine; ++one) {
    if (one->as_of < as_of && one->value != kTakenBack) mine = *one;
  }
  const bool has_file = newest.seq != 0;
  const Date newest_day = has_file ? date_from(newest.as_of) : Date::min();
  if (!has_file || (mine && mine->as_of >= newest_day)) return mine;
  const auto taken_back = [&](Date day) {
    return std::any_of(own.begin(), own.end(), [&](const Reading& one) {
      return one.as_of == day && one.value == kTakenBack;
    });
  };
  if (newest_day < as_of && newest.value != kTakenBack && !taken_back(newest_day)) {
    return Reading{newest_day, newest.value, Date{}};
  }
  // What was read ahead is whole between its first day and known_through_.
  if (days(as_of) <= known_through_) {
    auto at = std::lower_bound(known_.begin(), known_.end(), days(as_of),
                               [](const Known& k, std::int32_t day) { return k.as_of < day; });
    while (at != known_.begin()) {
      --at;
      const Date day = date_from(at->as_of);
      if (mine && mine->as_of >= day) return mine;
      if (at->value != kTakenBack && !taken_back(day)) return Reading{day, at->value, Date{}};
    }
  }
  sqlite::Statement& earlier = statements_->earlier;
  earlier.bind(1, std::int64_t{key}).bind(2, std::int64_t{days(as_of)});
  std::optional<Reading> found;
  std::int32_t last_day = kNoDay;
  while (!found && earlier.step()) {
    const auto day = static_cast<std::int32_t>(earlier.integer(0));
    if (day == last_day) continue;  // what was corrected
    last_day = day;
    if (mine && mine->as_of >= date_from(day)) break;
    const double value = earlier.real(1);
    if (value != kTakenBack && !taken_back(date_from(day))) {
      found = Reading{date_from(day), value, Date{}};
    }
  }
  earlier.reset();
  return found ? found : mine;
}

// Whether the value stands in this period and the two before it.
bool Writer::repeats(Key key, const Newest& newest, const Target& target, const Reading& reading,
                     const std::optional<Reading>& before, std::span<const Reading> own) {
  constexpr int kPeriods = 3;
  constexpr int kMostLookedAt = 40;
  if (!before || before->value != reading.value || !may_not_repeat(target, reading)) return false;
  int periods = 1;
  Date last_period = period_end(target.cadence, reading.as_of);
  std::optional<Reading> one = before;
  for (int i = 0; i < kMostLookedAt && one && one->value == reading.value; ++i) {
    const Date period = period_end(target.cadence, one->as_of);
    if (period < last_period && ++periods == kPeriods) return true;
    last_period = period;
    one = reading_before(key, newest, one->as_of, own);
  }
  return false;
}

void Writer::hold(std::int64_t seq) {
  for (const Held& row : held_) {
    statements_->insert_held.bind(1, seq)
        .bind(2, std::int64_t{row.key})
        .bind(3, std::int64_t{days(row.said->reading.as_of)})
        .bind(4, std::int64_t{row.said->row})
        .bind(5, row.said->reading.value)
        .bind(6, std::string_view(row.said->note))
        .bind(7, std::int64_t{row.oddities})
        .run();
  }
  held_.clear();
}

// Where several days of one target may be known already, one ordered read is cheaper than a search
// a day. Much-corrected or much longer histories end it early; find_known() then searches.
void Writer::read_ahead(Key key, std::span<const Place> places, const Newest& newest) {
  known_.clear();
  known_through_ = kNoDay;
  if (newest.seq == 0 || places.size() < 2) return;
  const std::int32_t first = day_at(places.front().target_and_day);
  const std::int32_t last = std::min(day_at(places.back().target_and_day), newest.as_of);
  if (first >= last) return;

  std::size_t budget = 4 * places.size() + 64;
  sqlite::Statement& range = statements_->range;
  range.bind(1, std::int64_t{key}).bind(2, std::int64_t{first}).bind(3, std::int64_t{last});
  known_through_ = last;
  while (range.step()) {
    const auto as_of = static_cast<std::int32_t>(range.integer(0));
    if (budget-- == 0) {
      known_through_ = as_of - 1;  // of this day more may follow
      break;
    }
    if (known_.empty() || known_.back().as_of != as_of) known_.push_back({as_of, 0, {}});
    known_.back().value = range.real(1);
    known_.back().note = range.text(2);
  }
  range.reset();
}

const Writer::Known* Writer::find_known(Key key, std::int32_t as_of) {
  if (as_of <= known_through_) {
    const auto at =
        std::lower_bound(known_.begin(), known_.end(), as_of,
                         [](const Known& k, std::int32_t day) { return k.as_of < day; });
    return at != known_.end() && at->as_of == as_of ? &*at : nullptr;
  }
  sqlite::Statement& current = statements_->current;
  current.bind(1, std::int64_t{key}).bind(2, std::int64_t{as_of});
  const bool is_known = current.step();
  if (is_known) {
    point_.as_of = as_of;
    point_.value = current.real(0);
    point_.note = current.text(1);
  }
  current.reset();
  return is_known ? &point_ : nullptr;
}

// `before`, the target's newest reading, mostly tells without a look at the file.
Writer::OnFile Writer::on_file(Key key, const Newest& before, const Observation& said) {
  const std::int32_t as_of = days(said.reading.as_of);
  if (before.seq == 0 || as_of > before.as_of) return OnFile::nothing;
  if (as_of == before.as_of && said.reading.value != before.value) return OnFile::another;
  const Known* known = find_known(key, as_of);
  if (known == nullptr) return OnFile::nothing;
  const bool is_same = known->value == said.reading.value && known->note == said.note;
  return is_same ? OnFile::same : OnFile::another;
}

void Writer::flush(std::int64_t seq) {
  const auto bind = [&](sqlite::Statement& statement, int position, const Stored& row) {
    statement.bind(position, std::int64_t{row.key})
        .bind(position + 1, std::int64_t{days(row.said->reading.as_of)})
        .bind(position + 2, seq)
        .bind(position + 3, std::int64_t{row.said->row})
        .bind(position + 4, row.said->reading.value)
        .bind(position + 5, std::string_view(row.said->note));
  };
  const std::span<const Stored> rows(stored_);
  std::size_t next = 0;
  for (; next + kRowsAtOnce <= rows.size(); next += kRowsAtOnce) {
    int position = 1;
    for (const Stored& row : rows.subspan(next, kRowsAtOnce)) {
      bind(statements_->insert_observations, position, row);
      position += 6;
    }
    statements_->insert_observations.run();
  }
  for (const Stored& row : rows.subspan(next)) {
    bind(statements_->insert_observation, 1, row);
    statements_->insert_observation.run();
  }
  stored_.clear();
}

void Writer::insert_submission(const Append& append, std::uint64_t bytes,
                               std::span<const unsigned char> sha256, const Recorded& recorded) {
  const Submission& from = append.submission;
  const Receipt& receipt = append.decoded.receipt;
  const std::string errors =
      receipt.errors.empty() ? std::string() : errors_to_json(receipt.errors);
  sqlite::Statement& insert = statements_->insert_submission;
  insert.bind(1, recorded.seq)
      .bind(2, std::int64_t{recorded.received_at.time_since_epoch().count()})
      .bind(3, std::string_view(from.department))
      .bind(4, std::string_view(from.collector))
      .bind(5, std::string_view(from.media_type))
      .bind(6, std::string_view(from.name))
      .bind(7, static_cast<std::int64_t>(bytes))
      .bind(8, sha256)
      .bind(9, to_string(append.decoded.outcome))
      .bind(10, receipt.rows)
      .bind(11, recorded.accepted)
      .bind(12, recorded.corrected)
      .bind(13, recorded.unchanged)
      .bind(14, receipt.rejected);
  if (errors.empty()) {
    insert.bind_null(15);
  } else {
    insert.bind(15, std::string_view(errors));
  }
  std::string details;
  if (recorded.flagged == 0 && recorded.held == 0) {
    details = details_to_json(receipt);
  } else {
    Receipt whole = receipt;
    whole.flagged = recorded.flagged;
    whole.held = recorded.held;
    whole.flags = recorded.flags;
    details = details_to_json(whole);
  }
  if (details.empty()) {
    insert.bind_null(16);
  } else {
    insert.bind(16, std::string_view(details));
  }
  insert.run();
}

Recorded Writer::decide(const Decision& decision) {
  Recorded recorded;
  const auto held = submission_seq(decision.submission);
  sqlite::Statement found(connection_,
                          "SELECT id, department, received_at,"
                          " EXISTS(SELECT 1 FROM held WHERE held.seq = submission.seq),"
                          " EXISTS(SELECT 1 FROM decision WHERE held = submission.seq)"
                          " FROM submission WHERE seq = ?");
  if (held) found.bind(1, *held);
  if (!held || !found.step() || found.text(0) != decision.submission) {
    recorded.undecided = "unknown_submission";
    return recorded;
  }
  if (found.integer(3) == 0) recorded.undecided = "nothing_held";
  if (found.integer(4) != 0) recorded.undecided = "already_decided";
  if (!recorded.undecided.empty()) return recorded;

  recorded.seq = next_seq_;
  recorded.received_at = std::max(clock_(), last_received_);
  recorded.decided_seq = *held;
  recorded.said_at = Time(std::chrono::milliseconds(found.integer(2)));
  Receipt& receipt = recorded.receipt;
  receipt.department = found.text(1);
  receipt.encoding = "UTF-8";
  found.reset();
  confirm_rows(*held, decision, recorded);
  receipt.rows = recorded.accepted + recorded.corrected + recorded.unchanged;
  if (!decision.confirmed) receipt.rejected = std::exchange(recorded.unchanged, 0);

  Append record;
  record.submission = {receipt.department, decision.confirmed ? "confirm" : "reject", "",
                       decision.submission, ""};
  record.decoded.outcome = Outcome::taken;
  receipt.notes = {"对报送 " + decision.submission + " 中暂存数据的" +
                   (decision.confirmed ? "确认" : "退回") + "，来自 " + decision.by + "。"};
  record.decoded.receipt = receipt;
  insert_submission(record, 0, sha256_of(""), recorded);
  sqlite::Statement insert(connection_,
                           "INSERT INTO decision(held, seq, confirmed) VALUES(?, ?, ?)");
  insert.bind(1, *held).bind(2, recorded.seq).bind(3, std::int64_t{decision.confirmed}).run();
  ++next_seq_;
  last_received_ = recorded.received_at;
  return recorded;
}

// Of each day the last row that was held counts, unless something newer was sent for it since. In
// order of the table, as record() does it.
void Writer::confirm_rows(std::int64_t held, const Decision& decision, Recorded& recorded) {
  sqlite::Statement each(
      connection_,
      "SELECT target, as_of, row, value, note,"
      " row < (SELECT max(row) FROM held last WHERE last.seq = one.seq"
      "   AND last.target = one.target AND last.as_of = one.as_of)"
      " OR EXISTS(SELECT 1 FROM observation o WHERE o.target = one.target"
      "   AND o.as_of = one.as_of AND (o.seq, o.row) > (one.seq, one.row))"
      " OR EXISTS(SELECT 1 FROM held h LEFT JOIN decision d ON d.held = h.seq"
      "   WHERE h.target = one.target AND h.as_of = one.as_of AND h.seq > one.seq"
      "   AND coalesce(d.confirmed, 1))"
      " FROM held one WHERE seq = ? ORDER BY target, as_of, row");
  each.bind(1, held);
  while (each.step()) {
    if (!decision.confirmed || each.integer(5) != 0) {
      ++recorded.unchanged;
      continue;
    }
    const auto key = static_cast<Key>(each.integer(0));
    Observation said;
    said.row = static_cast<std::int32_t>(each.integer(2));
    said.reading = {date_from(static_cast<std::int32_t>(each.integer(1))), each.real(3), Date{}};
    said.note = each.text(4);
    const Newest before = targets_[key].current;
    known_through_ = kNoDay;  // what was read ahead is another target's
    const OnFile on_file = this->on_file(key, before, said);
    if (on_file == OnFile::same) {
      ++recorded.unchanged;
      continue;
    }
    ++(on_file == OnFile::nothing ? recorded.accepted : recorded.corrected);
    stored_.assign(1, {key, &said});
    flush(recorded.seq);
    const std::int32_t day = days(said.reading.as_of);
    if (before.seq == 0 || day >= before.as_of) touch(key, {day, recorded.seq, said.reading.value});
    const auto target = decision.catalogue->find_id(targets_[key].id);
    if (!target) {  // it left the catalogue
      recorded.strays.emplace_back(targets_[key].id, said.reading);
      continue;
    }
    if (recorded.changed.empty() || recorded.changed.back().target != *target) {
      recorded.changed.push_back({*target, 0});
    }
    ++recorded.changed.back().readings;
    recorded.readings.push_back(said.reading);
  }
}

void Writer::record(const Judged& judged) {
  statements_->replace_judged.bind(1, std::string_view(judged.target))
      .bind(2, std::string_view(judged.status))
      .bind(3, std::int64_t{judged.report_overdue})
      .bind(4, std::int64_t{judged.periods_behind})
      .bind(5, std::int64_t{judged.reports_missing})
      .run();
}

void Writer::record(const BulletinRecords& records) { record_bulletins(connection_, records); }

// Deflated: the catalogue of a province is 50 MB of TOML that says much the same in each table.
std::int64_t Writer::keep_text(std::string_view text, const Sha256& sha256) {
  sqlite::Statement known(connection_, "SELECT key FROM catalogue_text WHERE sha256 = ?");
  known.bind(1, std::span(sha256));
  if (known.step()) return known.integer(0);

  std::vector<unsigned char> deflated(compressBound(text.size()));
  uLongf length = deflated.size();
  if (compress2(deflated.data(), &length, reinterpret_cast<const Bytef*>(text.data()), text.size(),
                Z_DEFAULT_COMPRESSION) != Z_OK) {
    throw std::runtime_error("zlib could not deflate a text of the catalogue");
  }
  deflated.resize(length);
  sqlite::Statement insert(connection_,
                           "INSERT INTO catalogue_text(sha256, bytes, deflated) VALUES(?, ?, ?)");
  insert.bind(1, std::span(sha256))
      .bind(2, static_cast<std::int64_t>(text.size()))
      .bind(3, std::span<const unsigned char>(deflated))
      .run();
  return sqlite3_last_insert_rowid(connection_.handle());
}

void Writer::record(const StoredCatalogue& catalogue) {
  std::vector<std::int64_t> texts;
  for (const CatalogueSource& source : catalogue.sources) {
    texts.push_back(keep_text(source.text, sha256_of(source.text)));
  }
  const std::int64_t newest = connection_.integer("SELECT max(number) FROM catalogue");
  sqlite::Statement last(connection_,
                         "SELECT role, name, text FROM catalogue_source WHERE catalogue = ?"
                         " ORDER BY position");
  last.bind(1, newest);
  std::size_t same = 0;
  bool is_same = newest > 0;
  for (; last.step(); ++same) {
    is_same = is_same && same < texts.size() && last.integer(2) == texts[same] &&
              last.integer(0) == static_cast<std::int64_t>(catalogue.sources[same].role) &&
              last.text(1) == catalogue.sources[same].name;
  }
  if (is_same && same == texts.size()) return;

  sqlite::Statement insert(connection_,
                           "INSERT INTO catalogue(number, adopted_at)"
                           " SELECT ?1, max(?2, coalesce(max(adopted_at), 0)) FROM catalogue");
  insert.bind(1, newest + 1)
      .bind(2, std::int64_t{catalogue.adopted_at.time_since_epoch().count()})
      .run();
  sqlite::Statement each(connection_,
                         "INSERT INTO catalogue_source(catalogue, position, role, name, text)"
                         " VALUES(?, ?, ?, ?, ?)");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    each.bind(1, newest + 1)
        .bind(2, static_cast<std::int64_t>(i))
        .bind(3, static_cast<std::int64_t>(catalogue.sources[i].role))
        .bind(4, std::string_view(catalogue.sources[i].name))
        .bind(5, texts[i])
        .run();
  }
}

void Writer::touch(Key key, const Newest& newest) {
  KnownTarget& target = targets_[key];
  if (!target.touched) touched_.push_back(key);
  target.touched = true;
  target.current = newest;
}

void Writer::commit() {
  std::sort(touched_.begin(), touched_.end());
  for (const Key key : touched_) {
    const Newest& newest = targets_[key].current;
    statements_->replace_newest.bind(1, std::int64_t{key})
        .bind(2, std::int64_t{newest.as_of})
        .bind(3, newest.value)
        .bind(4, newest.seq)
        .run();
  }
  statements_->commit.run();

  for (const Key key : touched_) {
    targets_[key].committed = targets_[key].current;
    targets_[key].touched = false;
  }
  touched_.clear();
  committed_targets_ = targets_.size();
  committed_next_seq_ = next_seq_;
  committed_last_received_ = last_received_;
}

void Writer::rollback() noexcept {
  if (statements_) {
    // A statement that was left in the middle would keep the transaction open.
    statements_->range.reset();
    statements_->earlier.reset();
    statements_->current.reset();
    statements_->newest_delivery.reset();
  }
  // Some failures have rolled back already, and a second time would be an error.
  if (connection_.in_transaction()) {
    sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  for (const Key key : touched_) {
    targets_[key].current = targets_[key].committed;
    targets_[key].touched = false;
  }
  touched_.clear();
  for (std::size_t key = committed_targets_; key < targets_.size(); ++key) {
    keys_.erase(targets_[key].id);
  }
  if (targets_.size() > committed_targets_) {
    targets_.resize(committed_targets_);
    catalogue_.reset();  // its keys may be among those
  }
  next_seq_ = committed_next_seq_;
  last_received_ = committed_last_received_;
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
