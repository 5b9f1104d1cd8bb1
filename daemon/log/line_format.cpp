#include "daemon/log/line_format.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <utility>

#include "base/text.h"

namespace districtd {
namespace {

thread_local const RecordFields* current_record = nullptr;
thread_local CurrentRecord* current = nullptr;

std::string_view level_word(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::trace:
      return "trace";
    case spdlog::level::debug:
      return "debug";
    case spdlog::level::info:
      return "info";
    case spdlog::level::warn:
      return "warn";
    case spdlog::level::err:
      return "error";
    default:
      return "critical";
  }
}

// Local time by the second, which is what costs; records of one second share it. A formatter is one
// sink's and is called under the sink's lock.
class LocalTime {
 public:
  // `date_end` stands between date and time, `offset_begin` between time and offset.
  void append(std::string& out, spdlog::log_clock::time_point time, char date_end,
              std::string_view offset_begin) {
    using std::chrono::milliseconds;
    const auto since_epoch = std::chrono::floor<milliseconds>(time.time_since_epoch());
    const auto second = std::chrono::floor<std::chrono::seconds>(since_epoch);
    if (second != second_) set_second(second);
    std::array<char, 8> fraction{};
    std::snprintf(fraction.data(), fraction.size(), ".%03d",
                  static_cast<int>((since_epoch - second).count()));
    out.append(date_);
    out += date_end;
    out.append(time_).append(fraction.data()).append(offset_begin).append(offset_);
  }

 private:
  void set_second(std::chrono::seconds second) {
    second_ = second;
    const std::time_t time = second.count();
    std::tm local{};
    localtime_r(&time, &local);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%d", &local);
    date_ = text.data();
    std::strftime(text.data(), text.size(), "%H:%M:%S", &local);
    time_ = text.data();
    std::strftime(text.data(), text.size(), "%z", &local);
    offset_ = text.data();
    if (offset_.size() == 5) offset_.insert(3, ":");
  }

  std::chrono::seconds second_{-1};
  std::string date_, time_, offset_;
};

class LineFormatter : public spdlog::formatter {
 public:
  explicit LineFormatter(std::string end_of_line) : end_of_line_(std::move(end_of_line)) {}

  void format(const spdlog::details::log_msg& msg, spdlog::memory_buf_t& dest) final {
    line_.clear();
    write(line_, msg);
    line_ += end_of_line_;
    dest.append(line_.data(), line_.data() + line_.size());
  }

 protected:
  virtual void write(std::string& line, const spdlog::details::log_msg& msg) = 0;

  static std::string_view message_of(const spdlog::details::log_msg& msg) {
    return {msg.payload.data(), msg.payload.size()};
  }

  std::string end_of_line_;
  LocalTime time_;

 private:
  std::string line_;
};

class JsonLineFormatter final : public LineFormatter {
 public:
  using LineFormatter::LineFormatter;
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonLineFormatter>(end_of_line_);
  }

 protected:
  void write(std::string& line, const spdlog::details::log_msg& msg) override {
    time_text_.clear();
    time_.append(time_text_, msg.time, 'T', "");
    JsonWriter json(line);
    json.begin_object().member("time", time_text_).member("level", level_word(msg.level));
    if (current_record) json.member("event", current_record->event);
    json.member("message", message_of(msg));
    if (current_record) {
      for (const auto& [name, value] : current_record->fields) json.key(name).literal(value);
    }
    json.end_object();
  }

 private:
  std::string time_text_;
};

class TextLineFormatter final : public LineFormatter {
 public:
  using LineFormatter::LineFormatter;
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<TextLineFormatter>(end_of_line_);
  }

 protected:
  void write(std::string& line, const spdlog::details::log_msg& msg) override {
    time_.append(line, msg.time, ' ', " ");
    line.append(" ").append(level_word(msg.level)).append(" ");
    append_printable(line, message_of(msg));
    if (!current_record) return;
    line.append(" event=").append(current_record->event);
    for (const auto& [name, value] : current_record->fields) {
      line.append(" ").append(name).append("=").append(value);
    }
  }
};

}  // namespace

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

CurrentRecord::CurrentRecord(const RecordFields& fields)
    : before_(current_record), current_before_(current) {
  current_record = &fields;
  current = this;
}
CurrentRecord::~CurrentRecord() {
  current_record = before_;
  current = current_before_;
}

void CurrentRecord::set_lost(bool is_lost) {
  if (current != nullptr) current->is_lost_ = is_lost;
}

std::unique_ptr<spdlog::formatter> make_line_formatter(LogFormat format, std::string end_of_line) {
  if (format == LogFormat::json) {
    return std::make_unique<JsonLineFormatter>(std::move(end_of_line));
  }
  return std::make_unique<TextLineFormatter>(std::move(end_of_line));
}

}  // namespace districtd
