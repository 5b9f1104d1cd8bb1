// Where log lines go and what they look like.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_writer.h"

namespace spdlog {
class logger;
}

namespace districtd {

enum class LogFormat { json, text };
enum class LogSink { standard_error, journald, file };

struct LogConfig {
  std::string level = "info";  // trace, debug, info, warn, error
  LogFormat format = LogFormat::json;
  LogSink sink = LogSink::standard_error;
  std::filesystem::path path;  // for file; opened for appending, reopened by a reload
};

// Makes spdlog's default logger the daemon's. May be called again by a reload: the old sink is
// flushed and kept where the new one cannot be opened (throws spdlog::spdlog_ex then).
// JSON: {"time":RFC 3339 local with offset,"level":"info","event":..,"message":..., fields...}, one
// object a line. Text: "2026-07-08 09:15:30.123 +08:00 warn message key=value ...".
void configure_logging(const LogConfig& config);

// One structured record: `event` is stable [a-z_]+, the message a sentence for people. Values are
// JSON literals already (see base/json_writer.h), so that numbers stay numbers.
using LogField = std::pair<std::string_view, std::string>;
enum class LogLevel { debug, info, warn, error };
void log_event(LogLevel level, std::string_view event, std::string_view message,
               const std::vector<LogField>& fields = {});

// The same, for whoever has to know whether the record was written: true where the operating system
// has taken it whole, or its level is not asked for. Where it is false nothing of it will come
// later: a sink may put other records aside, but one of write_event() is written before this
// returns or not at all. The caller says it again when it can. That it survives a loss of power is
// not said.
[[nodiscard]] bool write_event(LogLevel level, std::string_view event, std::string_view message,
                               const std::vector<LogField>& fields = {});

// Of all sinks since the start. Any thread.
struct LogStatistics {
  std::uint64_t failed_writes = 0;  // records, each attempt of a repeated one
  bool is_failing = false;          // the last record could not be written
};
LogStatistics log_statistics();

// Where records are missing, tries to write how many (log_gap), so that the log is seen to work
// again before the next record comes. Any thread; to be called every few seconds.
void say_what_is_missing();

}  // namespace districtd
