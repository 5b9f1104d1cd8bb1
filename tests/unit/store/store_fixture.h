// A folder of its own, a catalogue, and submissions made by hand.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/store/reader.h"
#include "daemon/store/store.h"
#include "tests/unit/fixture/set_clock.h"
#include "tests/unit/fixture/temporary_folder.h"

namespace districtd {

// What one row of a submission says.
struct Figure {
  Catalogue::Index target = 0;
  Date as_of{};
  ReportedValue value;
  std::string note = {};
  Basis basis = Basis::actual;
  std::string explanation = {};
};

Date day(int year, unsigned month, unsigned day_of_month);
Time at(int year, unsigned month, unsigned day_of_month, int hour = 0, int minute = 0);

// Targets "dept.t0", "dept.t1" ... of the department "dept".
std::shared_ptr<const Catalogue> catalogue_of(std::size_t targets);

Append append_of(const std::shared_ptr<const Catalogue>& catalogue, std::vector<Figure> rows);

// Appends and waits for the answer.
Appended keep(Store& store, Append append);

// A transaction with nothing in it, which looks at the clock; waits for its end.
void commit_nothing(Store& store);

// "accepted/corrected/unchanged" of a receipt.
std::string counts(const Receipt& receipt);

class StoreFixture : public ::testing::Test {
 protected:
  std::filesystem::path path() const { return folder_.path() / "districtd.db"; }

  TemporaryFolder folder_;
  std::shared_ptr<const Catalogue> catalogue_ = catalogue_of(8);
};

// Every stored row of the file in its own order, read by SQL and nothing of the store's:
// "target|as_of|seq|row|value|note".
std::vector<std::string> stored_rows(const std::filesystem::path& path);

// Of each target the newest reading up to `on`, by what had been received by known_at, as a
// StoreReader gives it; reported_on is left out.
std::map<std::string, Reading> newest_of(const StoreReader& reader,
                                         const std::filesystem::path& path, Date on,
                                         std::optional<Time> known_at = std::nullopt);
std::map<std::string, Reading> newest_of(const std::filesystem::path& path);

// The first column of the first row of a query.
std::string query(const std::filesystem::path& path, const std::string& sql);
void execute(const std::filesystem::path& path, const std::string& sql);

// The newest table against one made anew from the observations; "" where they agree.
std::string newest_differs(const std::filesystem::path& path);

// The message of the StoreError that opening the store throws; "" where it opens.
std::string open_error(const std::filesystem::path& path);

// Runs `work` in a process of its own and returns what it returns; "killed by signal N" where it
// died. No other thread may run while it starts.
std::string in_child(const std::function<std::string()>& work);

// Keeps the store's thread inside one `done` while submissions gather behind it: those that are
// appended until release() are taken as one queue.
class Gate {
 public:
  // Appends `first`, whose `done` waits, and returns when it is there.
  Gate(Store& store, Append first);
  ~Gate() { release(); }
  void release();

 private:
  std::promise<void> open_;
  bool released_ = false;
};

}  // namespace districtd
