// Which rows wait to be confirmed, department by department.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "daemon/store/sqlite.h"
#include "daemon/store/statistics.h"

namespace districtd {

// Follows the commits, so that nobody has to ask the file. Not thread-safe.
class HeldRows {
 public:
  // As the file says. Throws sqlite::Error.
  static HeldRows load(const sqlite::Connection& connection);

  // Rows of the submission with this seq are held from now on.
  void hold(const std::string& department, std::int64_t seq, std::int64_t rows, Time received_at);

  // They are confirmed or sent back.
  void decide(const std::string& department, std::int64_t seq);

  // Of each department of which rows were ever held, in order of their ids.
  std::vector<RowsToConfirm> by_department() const;

 private:
  struct OfSubmission {
    std::int64_t rows = 0;
    Time received_at{};
  };
  // By department and seq of the submission.
  std::map<std::string, std::map<std::int64_t, OfSubmission>> departments_;
};

}  // namespace districtd
