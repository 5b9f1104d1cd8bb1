#include "daemon/log/logging.h"

#include <spdlog/sinks/dist_sink.h>
#include <spdlog/spdlog.h>

#include "daemon/log/line_format.h"
#include "daemon/log/sinks.h"

namespace districtd {
namespace {

constexpr const char* kName = "districtd";  // also the journal's SYSLOG_IDENTIFIER

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
      return make_file_sink(config.path);
    case LogSink::journald:
      return make_journal_sink(kName);
    case LogSink::standard_error:
      break;
  }
  return make_standard_error_sink();
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

bool write_event(LogLevel level, std::string_view event, std::string_view message,
                 const std::vector<LogField>& fields) {
  spdlog::logger& logger = *spdlog::default_logger_raw();
  const RecordFields record{event, fields};
  const CurrentRecord current(record);
  logger.log(to_spdlog(level), spdlog::string_view_t(message.data(), message.size()));
  return !current.is_lost();
}

void log_event(LogLevel level, std::string_view event, std::string_view message,
               const std::vector<LogField>& fields) {
  // Nobody says it again: the sink counts what is lost.
  (void)write_event(level, event, message, fields);
}

void say_what_is_missing() { exchangeable_sink()->flush(); }

}  // namespace districtd
