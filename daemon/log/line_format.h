// One record, one line: what spdlog writes for each record, in the two formats of logging.h.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <spdlog/formatter.h>

#include "daemon/log/logging.h"

namespace districtd {

// What a record of log_event() has besides its message. The formatter runs on the thread that logs,
// within the call, and finds it here.
struct RecordFields {
  std::string_view event;
  const std::vector<LogField>& fields;
};
class CurrentRecord {
 public:
  explicit CurrentRecord(const RecordFields& fields);
  ~CurrentRecord();
  CurrentRecord(const CurrentRecord&) = delete;
  CurrentRecord& operator=(const CurrentRecord&) = delete;
};

// `end_of_line` is "\n", or "" for the journal, which stores each record by itself.
std::unique_ptr<spdlog::formatter> make_line_formatter(LogFormat format, std::string end_of_line);

}  // namespace districtd
