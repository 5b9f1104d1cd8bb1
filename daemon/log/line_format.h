// One record, one line: what spdlog writes for each record, in the two formats of logging.h.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <spdlog/formatter.h>

#include "daemon/log/logging.h"

namespace districtd {

spdlog::level::level_enum to_spdlog(LogLevel level);

// What a record of log_event() has besides its message. The formatter and the sink run on the
// thread that logs, within the call, and find it here.
struct RecordFields {
  std::string_view event;
  const std::vector<LogField>& fields;
};
class CurrentRecord {
 public:
  explicit CurrentRecord(const RecordFields& fields);
  ~CurrentRecord();  // then it is again the one before
  CurrentRecord(const CurrentRecord&) = delete;
  CurrentRecord& operator=(const CurrentRecord&) = delete;

  // What the sink says of the record that this thread logs, where it is one of log_event().
  static void set_lost(bool is_lost);
  bool is_lost() const { return is_lost_; }

 private:
  const RecordFields* const before_;
  CurrentRecord* const current_before_;
  bool is_lost_ = false;
};

// `end_of_line` is "\n", or "" for the journal, which stores each record by itself.
std::unique_ptr<spdlog::formatter> make_line_formatter(LogFormat format, std::string end_of_line);

}  // namespace districtd
