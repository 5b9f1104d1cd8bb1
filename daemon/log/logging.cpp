#include "daemon/log/logging.h"

#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/systemd_sink.h>
#include <spdlog/spdlog.h>

#include "daemon/log/line_format.h"

namespace districtd {
namespace {

constexpr const char* kName = "districtd";  // also the journal's SYSLOG_IDENTIFIER
constexpr const char* kJournal = "/run/systemd/journal/socket";

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warn:
      return spdlog::level::warn;
    case LogLevel::error:
      break;
  }
  return spdlog::level::err;
}

spdlog::level::level_enum parse_level(const std::string& word) {
  if (word == "trace") return spdlog::level::trace;
  if (word == "debug") return spdlog::level::debug;
  if (word == "info") return spdlog::level::info;
  if (word == "warn") return spdlog::level::warn;
  if (word == "error") return spdlog::level::err;
  throw spdlog::spdlog_ex("unknown log level '" + word +
                          "'; expected trace, debug, info, warn or error");
}

spdlog::sink_ptr open_sink(const LogConfig& config) {
  switch (config.sink) {
    case LogSink::file:
      return std::make_shared<spdlog::sinks::basic_file_sink_mt>(config.path.string(), false);
    case LogSink::journald: {
      // libsystemd drops records without a word where there is no journal.
      std::error_code ignored;
      if (!std::filesystem::exists(kJournal, ignored)) {
        throw spdlog::spdlog_ex(std::string("no journal to log to: ") + kJournal +
                                " does not exist; use sink = \"stderr\" or \"file\"");
      }
      return std::make_shared<spdlog::sinks::systemd_sink_mt>(kName, true);
    }
    case LogSink::standard_error:
      break;
  }
  return std::make_shared<spdlog::sinks::stderr_sink_mt>();
}

// Stays for ever, as other threads may be logging through the logger when a reload comes; only what
// is behind it is exchanged. Shared with that logger.
const std::shared_ptr<spdlog::sinks::dist_sink_mt>& exchangeable_sink() {
  static const auto sink = std::make_shared<spdlog::sinks::dist_sink_mt>();
  return sink;
}

spdlog::logger& daemon_logger() {
  static const auto logger = [] {
    auto made = std::make_shared<spdlog::logger>(kName, exchangeable_sink());
    // A line is to be seen when it is written, and flushing a file costs about a microsecond.
    made->flush_on(spdlog::level::trace);
    spdlog::set_default_logger(made);
    return made;
  }();
  return *logger;
}

}  // namespace

void configure_logging(const LogConfig& config) {
  const auto level = parse_level(config.level);
  spdlog::sink_ptr sink = open_sink(config);
  sink->set_formatter(
      make_line_formatter(config.format, config.sink == LogSink::journald ? "" : "\n"));

  exchangeable_sink()->flush();
  exchangeable_sink()->set_sinks({std::move(sink)});
  daemon_logger().set_level(level);
}

void log_event(LogLevel level, std::string_view event, std::string_view message,
               const std::vector<LogField>& fields) {
  spdlog::logger& logger = *spdlog::default_logger_raw();
  const RecordFields record{event, fields};
  const CurrentRecord current(record);
  logger.log(to_spdlog(level), spdlog::string_view_t(message.data(), message.size()));
}

}  // namespace districtd
