// The table `judged`: what the deviation log said last of each target.
#pragma once

#include <string>
#include <unordered_map>

#include "daemon/store/programmes_asked.h"
#include "daemon/store/records.h"
#include "daemon/store/sqlite.h"

namespace districtd {

// Threads: one, the store's. Functions throw sqlite::Error.
class JudgedRows {
 public:
  explicit JudgedRows(const sqlite::Connection& connection);  // which outlives this

  // By target key; those of the programmes that `asked` names.
  static std::unordered_map<std::string, Judged> load(const sqlite::Connection& connection,
                                                      const ProgrammesAsked& asked);

  // Within the open transaction; replaces what was said before.
  void replace(const Judged& judged);

 private:
  sqlite::Statement replace_;
};

}  // namespace districtd
