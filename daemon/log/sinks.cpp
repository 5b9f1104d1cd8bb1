#include "daemon/log/sinks.h"

#include <syslog.h>
#include <unistd.h>
#include <systemd/sd-journal.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <spdlog/details/log_msg.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include "base/json_writer.h"
#include "base/ports/files.h"
#include "daemon/log/line_format.h"
#include "daemon/log/unblocked_write.h"

namespace districtd {
namespace {

constexpr const char* kJournal = "/run/systemd/journal/socket";

std::atomic<std::uint64_t> failed_writes = 0;
std::atomic<bool> is_log_failing = false;

// At standard error, for its reader to go on.
constexpr std::chrono::milliseconds kPatience{100};

// What is left after EINTR and short writes; `written` says how far it came.
std::error_code write_line(int fd, std::string_view line, std::size_t& written) {
  written = 0;
  while (written < line.size()) {
    const ssize_t more = ::write(fd, line.data() + written, line.size() - written);
    if (more < 0 && errno == EINTR) continue;
    if (more <= 0) return {more < 0 ? errno : EIO, std::generic_category()};
    written += static_cast<std::size_t>(more);
  }
  return {};
}

class CheckedSink : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit CheckedSink(std::string name) : name_(std::move(name)) {}

 protected:
  virtual std::error_code write(spdlog::level::level_enum level, std::string_view line) = 0;
  virtual bool is_standard_error() const { return false; }
  bool is_missing_some() const { return missing_ > 0; }

  void sink_it_(const spdlog::details::log_msg& msg) final {
    CurrentRecord::set_lost(true);  // until it is written, whatever is thrown meanwhile
    std::error_code error = missing_ > 0 ? write_gap(msg) : std::error_code();
    if (!error) error = write(msg.level, format(msg));
    if (error) return failed(msg, error);
    is_log_failing = false;
    CurrentRecord::set_lost(false);
  }
  void flush_() final {
    if (missing_ == 0) return;
    const spdlog::details::log_msg now({}, spdlog::level::warn, {});
    if (!write_gap(now)) is_log_failing = false;
  }

 private:
  std::string_view format(const spdlog::details::log_msg& msg) {
    line_.clear();
    formatter_->format(msg, line_);
    return {line_.data(), line_.size()};
  }

  // The same moment, another event.
  std::string_view format(const spdlog::details::log_msg& of, LogLevel level,
                          std::string_view event, const std::string& message,
                          const std::vector<LogField>& fields) {
    const RecordFields record{event, fields};
    const CurrentRecord current(record);
    spdlog::details::log_msg msg(of.time, {}, of.logger_name, to_spdlog(level), message);
    return format(msg);
  }

  std::error_code write_gap(const spdlog::details::log_msg& msg) {
    const std::string records = std::to_string(missing_);
    const std::error_code error = write(
        spdlog::level::warn,
        format(msg, LogLevel::warn, "log_gap",
               records + " records could not be written here and are missing; changes of lights "
                         "among them follow, with seen_at",
               {{"records", records}}));
    if (!error) missing_ = 0;
    return error;
  }

  void failed(const spdlog::details::log_msg& msg, const std::error_code& error) {
    ++failed_writes;
    is_log_failing = true;
    if (missing_++ > 0 || is_standard_error()) return;
    std::string line(format(msg, LogLevel::error, "log_write_failed",
                            "The log " + name_ + " cannot be written: " + error.message() +
                                "; what would be logged is lost until it can, but for changes of "
                                "lights, which are written then",
                            {{"log", json_text(name_)}}));
    if (!line.ends_with('\n')) line += '\n';
    std::size_t ignored = 0;
    write_unblocked(STDERR_FILENO, line, std::chrono::milliseconds{0}, ignored);
  }

  const std::string name_;
  std::uint64_t missing_ = 0;  // records since the last that was written
  spdlog::memory_buf_t line_;
};

class DescriptorSink : public CheckedSink {
 public:
  DescriptorSink(std::string name, int fd) : CheckedSink(std::move(name)), fd_(fd) {}

 protected:
  std::error_code write(spdlog::level::level_enum /*level*/, std::string_view line) override {
    std::string ended;
    if (is_torn_) line = ended = "\n" + std::string(line);
    std::size_t written = 0;
    const std::error_code error = write_to(fd_, line, written);
    if (written > 0) is_torn_ = line[written - 1] != '\n';
    return error;
  }
  virtual std::error_code write_to(int fd, std::string_view line, std::size_t& written) {
    return write_line(fd, line, written);
  }

 private:
  const int fd_;
  bool is_torn_ = false;  // the last line breaks off
};

// Whoever reads standard error may stop. Nobody waits for him but once, and briefly.
class StandardErrorSink : public DescriptorSink {
 public:
  StandardErrorSink() : DescriptorSink("stderr", STDERR_FILENO) {}

 protected:
  bool is_standard_error() const override { return true; }
  std::error_code write_to(int fd, std::string_view line, std::size_t& written) override {
    return write_unblocked(fd, line, is_missing_some() ? std::chrono::milliseconds{0} : kPatience,
                           written);
  }
};

class FileSink : public DescriptorSink {
 public:
  FileSink(const std::filesystem::path& path, UniqueFd file)
      : DescriptorSink(path.string(), file.get()), file_(std::move(file)) {}

 private:
  const UniqueFd file_;
};

class JournalSink : public CheckedSink {
 public:
  explicit JournalSink(const char* identifier) : CheckedSink("journal"), identifier_(identifier) {}

 protected:
  std::error_code write(spdlog::level::level_enum level, std::string_view line) override {
    // libsystemd drops records without a word where there is no journal.
    if (::access(kJournal, F_OK) != 0) return {errno, std::generic_category()};
    const std::size_t size = std::min<std::size_t>(line.size(), std::numeric_limits<int>::max());
    const int became =
        (sd_journal_send)("MESSAGE=%.*s", static_cast<int>(size), line.data(), "PRIORITY=%d",
                          priority_of(level), "SYSLOG_IDENTIFIER=%s", identifier_, nullptr);
    return became < 0 ? std::error_code(-became, std::generic_category()) : std::error_code();
  }

 private:
  static int priority_of(spdlog::level::level_enum level) {
    switch (level) {
      case spdlog::level::info:
        return LOG_INFO;
      case spdlog::level::warn:
        return LOG_WARNING;
      case spdlog::level::err:
        return LOG_ERR;
      case spdlog::level::critical:
        return LOG_CRIT;
      default:
        return LOG_DEBUG;
    }
  }

  const char* const identifier_;
};

}  // namespace

std::shared_ptr<spdlog::sinks::sink> make_standard_error_sink() {
  return std::make_shared<StandardErrorSink>();
}

std::shared_ptr<spdlog::sinks::sink> make_file_sink(const std::filesystem::path& path) {
  std::error_code ignored;  // opening says what is wrong
  std::filesystem::create_directories(path.parent_path(), ignored);
  UniqueFd file = open_file(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (!file)
    throw spdlog::spdlog_ex("Failed opening file " + path.string() + " for writing", errno);
  return std::make_shared<FileSink>(path, std::move(file));
}

std::shared_ptr<spdlog::sinks::sink> make_journal_sink(const char* identifier) {
  std::error_code ignored;
  if (!std::filesystem::exists(kJournal, ignored)) {
    throw spdlog::spdlog_ex(std::string("no journal to log to: ") + kJournal +
                            " does not exist; use sink = \"stderr\" or \"file\"");
  }
  return std::make_shared<JournalSink>(identifier);
}

LogStatistics log_statistics() { return {failed_writes, is_log_failing}; }

}  // namespace districtd
