#include "tests/unit/store/store_fixture.h"

#include <sstream>

#include <sys/wait.h>
#include <unistd.h>
#include <sqlite3.h>

#include <stdexcept>
#include <utility>

#include "daemon/store/submission_id.h"
#include "tests/unit/fixture/boards.h"

namespace districtd {

Date day(int year, unsigned month, unsigned day_of_month) {
  return std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day_of_month);
}

Time at(int year, unsigned month, unsigned day_of_month, int hour, int minute) {
  return Time(day(year, month, day_of_month)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute);
}

std::shared_ptr<const Catalogue> catalogue_of(std::size_t targets) {
  std::vector<Target> all(targets);
  for (std::size_t i = 0; i < targets; ++i) {
    all[i].id = "dept.t" + std::to_string(i);
    all[i].name = "目标" + std::to_string(i);
    all[i].goal = 100;
    all[i].baseline = 0;
    all[i].start = day(2026, 1, 1);
    all[i].deadline = day(2026, 12, 31);
  }
  return catalogue_of(std::move(all), {{"dept", "区某局"}});
}

Append append_of(const std::shared_ptr<const Catalogue>& catalogue, std::vector<Figure> rows) {
  Append append;
  append.catalogue = catalogue;
  append.submission = {"dept", "csv_drop", "text/csv", "figures.csv", "target,as_of,value\n"};
  append.decoded.outcome = rows.empty() ? Outcome::refused : Outcome::taken;
  append.decoded.receipt.department = "dept";
  append.decoded.receipt.encoding = "UTF-8";
  append.decoded.receipt.rows = static_cast<std::int64_t>(rows.size());
  std::int32_t number = 2;
  for (Figure& row : rows) {
    append.decoded.observations.push_back(
        {row.target, number++, {row.as_of, row.value}, std::move(row.note)});
    append.decoded.observations.back().reading.basis = row.basis;
    append.decoded.observations.back().explanation = std::move(row.explanation);
  }
  return append;
}

Appended keep(Store& store, Append append) {
  std::promise<Appended> promise;
  store.append(std::move(append),
               [&](Appended appended) { promise.set_value(std::move(appended)); });
  return promise.get_future().get();
}

void commit_nothing(Store& store) {
  std::promise<void> done;
  store.record_bulletins({}, [&](const std::string&) { done.set_value(); });
  done.get_future().wait();
}

std::string counts(const Receipt& receipt) {
  return std::to_string(receipt.accepted) + "/" + std::to_string(receipt.corrected) + "/" +
         std::to_string(receipt.unchanged);
}

namespace {

std::vector<std::string> run(const std::filesystem::path& path, const std::string& sql) {
  sqlite3* handle = nullptr;
  std::vector<std::string> lines;
  if (sqlite3_open(path.c_str(), &handle) != SQLITE_OK) throw std::runtime_error("cannot open");
  const auto add = [](void* to, int columns, char** values, char**) {
    std::string line;
    for (int i = 0; i < columns; ++i) {
      if (i > 0) line += '|';
      if (values[i] != nullptr) line += values[i];
    }
    static_cast<std::vector<std::string>*>(to)->push_back(line);
    return 0;
  };
  char* error = nullptr;
  const int code = sqlite3_exec(handle, sql.c_str(), add, &lines, &error);
  const std::string message = error != nullptr ? error : "";
  sqlite3_free(error);
  sqlite3_close(handle);
  if (code != SQLITE_OK) throw std::runtime_error(message);
  return lines;
}

}  // namespace

std::vector<std::string> stored_rows(const std::filesystem::path& path) {
  return run(path,
             "SELECT k.id, date(o.as_of * 86400, 'unixepoch'), o.seq, o.row, o.value, o.note"
             " FROM observation o JOIN target_key k ON k.key = o.target"
             " ORDER BY o.target, o.as_of, o.seq, o.row");
}

std::map<std::string, Reading> newest_of(const StoreReader& reader,
                                         const std::filesystem::path& path, Date on,
                                         std::optional<Time> known_at) {
  Readings readings = reader.readings({known_at, utc_date, {}});
  std::map<std::string, Reading> newest;
  std::istringstream ids(query(path, "SELECT group_concat(id, ' ') FROM target_key"));
  for (std::string id; ids >> id;) {
    for (const Reading& reading : readings.of(id)) {
      if (reading.as_of <= on) newest[id] = {reading.as_of, reading.value, {}, {}, reading.basis};
    }
  }
  return newest;
}

std::map<std::string, Reading> newest_of(const std::filesystem::path& path) {
  return newest_of(StoreReader(path), path, day(2999, 12, 31));
}

std::string query(const std::filesystem::path& path, const std::string& sql) {
  const auto lines = run(path, sql);
  return lines.empty() ? "" : lines.front();
}

void execute(const std::filesystem::path& path, const std::string& sql) { run(path, sql); }

std::string newest_differs(const std::filesystem::path& path) {
  const auto kept = run(path, "SELECT target, as_of, value, seq FROM newest ORDER BY target");
  const auto anew = run(path,
                        "SELECT target, as_of, value, seq FROM (SELECT *, row_number() OVER"
                        " (PARTITION BY target ORDER BY as_of DESC, seq DESC, row DESC) AS place"
                        " FROM observation) WHERE place = 1 ORDER BY target");
  if (kept == anew) return "";
  return std::to_string(kept.size()) + " kept, " + std::to_string(anew.size()) + " recomputed";
}

std::string open_error(const std::filesystem::path& path) {
  try {
    const Store store(path);
    return "";
  } catch (const StoreError& error) {
    return error.what();
  }
}

std::string in_child(const std::function<std::string()>& work) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("pipe failed");
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    std::string said;
    try {
      said = work();
    } catch (const std::exception& error) {
      said = std::string("threw ") + error.what();
    }
    const bool written = ::write(ends[1], said.data(), said.size()) >= 0;
    ::_exit(written ? 0 : 1);
  }
  ::close(ends[1]);
  std::string said;
  char buffer[4096];
  for (ssize_t size; (size = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
    said.append(buffer, static_cast<std::size_t>(size));
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) return "killed by signal " + std::to_string(WTERMSIG(status));
  return said;
}

Gate::Gate(Store& store, Append first) {
  // The gate may be gone before the store's thread has come to wait.
  const auto entered = std::make_shared<std::promise<void>>();
  store.append(std::move(first), [entered, open = open_.get_future().share()](const Appended&) {
    entered->set_value();
    open.wait();
  });
  entered->get_future().wait();
}

void Gate::release() {
  if (!std::exchange(released_, true)) open_.set_value();
}

}  // namespace districtd
