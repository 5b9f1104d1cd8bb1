#include "daemon/log/logging.h"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/systemd_sink.h>
#include <spdlog/spdlog.h>

#include "daemon/log/line_format.h"
#include "daemon/log/unblocked_write.h"

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

// Whoever reads standard error may stop: then records are dropped, and once one goes out again one
// before it (log_gap) says how many are missing. Nobody waits for the reader but once, and briefly.
// exchangeable_sink() lets one record in at a time.
class StandardErrorSink : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& msg) override {
    if ((missing_ > 0 && !write_gap(msg)) || !write(msg)) {
      ++missing_;
    } else {
      missing_ = 0;
    }
  }
  void flush_() override {}

 private:
  bool write(const spdlog::details::log_msg& msg) {
    constexpr std::chrono::milliseconds kPatience{100};
    spdlog::memory_buf_t formatted;
    formatter_->format(msg, formatted);
    std::string line(is_torn_ ? "\n" : "");
    line.append(formatted.data(), formatted.size());
    std::size_t written = 0;
    const auto error = write_unblocked(
        STDERR_FILENO, line, missing_ > 0 ? std::chrono::milliseconds{0} : kPatience, written);
    if (written > 0) is_torn_ = written < line.size();
    return !error;
  }

  bool write_gap(const spdlog::details::log_msg& of) {
    const std::string records = std::to_string(missing_);
    const std::vector<LogField> fields = {{"records", records}};
    const RecordFields record{"log_gap", fields};
    const CurrentRecord current(record);
    const std::string message =
        records + " records were lost here: whoever reads standard error had stopped reading";
    return write({of.time, {}, of.logger_name, spdlog::level::warn, message});
  }

  std::uint64_t missing_ = 0;  // records since the last that was written
  bool is_torn_ = false;       // the last line breaks off
};

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
  return std::make_shared<StandardErrorSink>();
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
