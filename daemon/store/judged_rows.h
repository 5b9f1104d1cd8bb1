// The table `judged`: what the deviation log said last of each target.
#pragma once

#include <string>
#include <unordered_map>

#include "daemon/store/records.h"
#include "daemon/store/sqlite.h"

namespace districtd {

// Threads: one, the store's. Functions throw sqlite::Error.
class JudgedRows {
 public:
  explicit JudgedRows(const sqlite::Connection& connection);  // which outlives this

  // By target key.
  static std::unordered_map<std::string, Judged> load(const sqlite::Connection& connection);

  // Within the open transaction; replaces what was said before.
  void replace(const Judged& judged);

 private:
  sqlite::Statement replace_;
};

}  // namespace districtd
