// What receipts may keep: bytes of a department's texts in a day of the district.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/date.h"
#include "base/time.h"
#include "daemon/store/sqlite.h"

namespace districtd {

struct StoreLimits {
  // What errors and details of one department's receipts may add to the file in a day.
  std::uint64_t refusals_per_day = 8u << 20;
  // For how long receipts keep their long texts; empty: for ever.
  std::optional<std::chrono::seconds> keep_receipts = {};
  // The district's day of a time.
  std::function<Date(Time)> date_at = [](Time time) {
    return std::chrono::floor<std::chrono::days>(time);
  };
};

// The table `text_budget`: what each department's receipts have taken on its last day. It is
// written with the submission, so that a restart gives nothing back.
//
// Threads: one, the store's. Functions throw sqlite::Error.
class TextBudget {
 public:
  explicit TextBudget(const sqlite::Connection& connection);  // which outlives this

  void set_limits(const StoreLimits& limits) { limits_ = limits; }

  // Within the open transaction. False where the day has no room for as much; then nothing is
  // taken.
  bool take(std::string_view department, Time received_at, std::uint64_t bytes);

 private:
  StoreLimits limits_;
  sqlite::Statement taken_;
  sqlite::Statement replace_;
};

}  // namespace districtd
