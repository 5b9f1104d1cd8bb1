#include "daemon/log/logging.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include "base/json_writer.h"
#include "daemon/log/log_metrics.h"
#include "tests/unit/base/hidden_controls.h"
#include "tests/unit/log/log_file.h"
#include "tests/unit/log/no_room.h"

namespace districtd {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::SizeIs;
using testing::StartsWith;

std::string text_of(const json::object& record, const char* key) {
  return std::string(record.at(key).as_string());
}

// Every byte there is, then characters of two, three and four bytes.
std::string nasty_text() {
  std::string text;
  for (int c = 0; c < 256; ++c) text += static_cast<char>(c);
  return text + "\"\\\r\n é 督查 🟢";
}

TEST(JsonTextTest, EscapesWhatJsonEscapes) {
  EXPECT_EQ(json_text("督查"), "\"督查\"");
  EXPECT_EQ(json_text("a\"b\\c\nd\re\tf"), R"("a\"b\\c\nd\re\tf")");
  EXPECT_EQ(json_text(std::string("\0\x1f\x7f", 3)), R"("\u0000\u001f\u007f")");
}

TEST(JsonTextTest, TakesAnyBytes) {
  const auto value = json::parse(json_text(nasty_text()));
  const std::string_view back = value.as_string();
  EXPECT_THAT(std::string(back), StartsWith(std::string("\0\x01\x02", 3)));
  EXPECT_THAT(std::string(back), HasSubstr("\"\\\r\n é 督查 🟢"));
}

// Table 3-7 of the Unicode Standard: what is no well-formed UTF-8.
TEST(JsonTextTest, ReplacesWhatIsNoUtf8) {
  const std::string replaced = "\xEF\xBF\xBD";
  EXPECT_EQ(json_text("a\x80z"), "\"a" + replaced + "z\"");
  EXPECT_EQ(json_text("\xC0\xAF"), "\"" + replaced + replaced + "\"") << "overlong";
  EXPECT_EQ(json_text("\xED\xA0\x80"), "\"" + replaced + replaced + replaced + "\"") << "surrogate";
  EXPECT_EQ(json_text("\xE7\x9D"), "\"" + replaced + replaced + "\"") << "cut short";
  EXPECT_EQ(json_text("\xE7\x9Dz"), "\"" + replaced + replaced + "z\"");
  for (const char* bad :
       {"\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE0\x80\x80", "\xF0\x8F\xBF\xBF"}) {
    EXPECT_NO_THROW(json::parse(json_text(bad)));
    EXPECT_THAT(json_text(bad), HasSubstr(replaced));
  }
}

TEST(JsonNumberTest, IsTheShortestThatReadsBack) {
  EXPECT_EQ(json_number(12.6), "12.6");
  EXPECT_EQ(json_number(-8), "-8");
  EXPECT_EQ(json_number(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(json_number(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(json_number(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(json::parse(json_number(1e300)).as_double(), 1e300);
}

TEST(LoggingTest, AnEventIsOneJsonObjectWithItsFields) {
  const LogFile file;
  log_event(LogLevel::warn, "status_changed", "文旅投资欠进度",
            {{"target", json_text("culture-tourism.investment")},
             {"actual", json_number(12.6)},
             {"as_of", "null"}});
  const auto lines = file.lines();
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines[0], HasSubstr(R"("level":"warn","event":"status_changed","message":")"
                                  R"(文旅投资欠进度","target":"culture-tourism.investment",)"
                                  R"("actual":12.6,"as_of":null})"));
  EXPECT_THAT(
      text_of(file.records()[0], "time"),
      MatchesRegex(
          R"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}[+-][0-9]{2}:[0-9]{2})"));
}

TEST(LoggingTest, AnyMessageOfAnyoneIsOneValidJsonLine) {
  const LogFile file;
  spdlog::info("plain {}", 1);
  spdlog::error("quote \" backslash \\ newline \n end");
  spdlog::warn(spdlog::string_view_t(nasty_text()));
  log_event(LogLevel::info, "nasty", nasty_text(), {{"field", json_text(nasty_text())}});
  const auto records = file.records();
  ASSERT_THAT(records, SizeIs(4));
  EXPECT_EQ(text_of(records[0], "message"), "plain 1");
  EXPECT_EQ(text_of(records[0], "level"), "info");
  EXPECT_FALSE(records[0].contains("event"));
  EXPECT_EQ(text_of(records[1], "message"), "quote \" backslash \\ newline \n end");
  EXPECT_EQ(text_of(records[1], "level"), "error");
  EXPECT_EQ(text_of(records[3], "event"), "nasty");
  EXPECT_EQ(text_of(records[3], "field"), text_of(records[3], "message"));
}

TEST(LoggingTest, FieldsOfAnEventDoNotStickToWhatFollows) {
  const LogFile file;
  log_event(LogLevel::info, "first", "a", {{"field", "1"}});
  spdlog::info("b");
  log_event(LogLevel::debug, "below_the_level", "c", {{"field", "2"}});
  spdlog::info("d");
  const auto records = file.records();
  ASSERT_THAT(records, SizeIs(3));
  EXPECT_FALSE(records[1].contains("field"));
  EXPECT_FALSE(records[2].contains("field"));
}

TEST(LoggingTest, TextIsOneLineForPeople) {
  const LogFile file(LogFormat::text);
  log_event(LogLevel::warn, "status_changed", "文旅投资 \"欠进度\"\n第二行",
            {{"target", json_text("a.b")}, {"actual", "12.6"}});
  spdlog::info("plain");
  const auto lines = file.lines();
  const std::string time =
      R"([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3} [+-][0-9]{2}:[0-9]{2})";
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[0], MatchesRegex(time + R"( warn .*)"));
  EXPECT_THAT(lines[0], testing::EndsWith(" warn 文旅投资 \"欠进度\"\\n第二行 event=status_changed "
                                          "target=\"a.b\" actual=12.6"));
  EXPECT_THAT(lines[1], MatchesRegex(time + " info plain"));
}

TEST(LoggingTest, TheLevelIsTheLeastThatIsWritten) {
  const LogFile file;
  LogConfig config = file.config();
  config.level = "warn";
  configure_logging(config);
  spdlog::info("not this");
  log_event(LogLevel::info, "nor_this", "");
  spdlog::warn("this");
  config.level = "debug";
  configure_logging(config);
  log_event(LogLevel::debug, "now_this", "");
  EXPECT_THAT(file.records(), SizeIs(2));
}

TEST(LoggingTest, AReloadReopensTheFileSoThatItCanBeRotated) {
  const LogFile file;
  spdlog::info("before");
  const auto rotated = file.folder() / "districtd.log.1";
  std::filesystem::rename(file.config().path, rotated);
  spdlog::info("still the old file");
  configure_logging(file.config());
  spdlog::info("after");
  EXPECT_THAT(LogFile::lines_of(rotated), SizeIs(2));
  ASSERT_THAT(file.records(), SizeIs(1));
  EXPECT_EQ(text_of(file.records()[0], "message"), "after");
}

TEST(LoggingTest, AFileIsAppendedTo) {
  const LogFile file;
  spdlog::info("first run");
  configure_logging(file.config());
  spdlog::info("second run");
  EXPECT_THAT(file.records(), SizeIs(2));
}

TEST(LoggingTest, WhereTheNewSinkCannotBeOpenedTheOldOneStays) {
  const LogFile file;
  LogConfig impossible = file.config();
  impossible.path = file.config().path / "below-a-file" / "districtd.log";
  EXPECT_THROW(configure_logging(impossible), spdlog::spdlog_ex);
  LogConfig unknown_level = file.config();
  unknown_level.level = "loud";
  EXPECT_THROW(configure_logging(unknown_level), spdlog::spdlog_ex);
  spdlog::info("still here");
  EXPECT_THAT(file.records(), SizeIs(1));
}

TEST(LoggingTest, JournaldIsUsedOrSaidToBeMissing) {
  const LogFile file;
  LogConfig journald;
  journald.sink = LogSink::journald;
  if (std::filesystem::exists("/run/systemd/journal/socket")) {
    EXPECT_NO_THROW(configure_logging(journald));
    spdlog::info("a line of districtd's tests");
  } else {
    EXPECT_THROW(configure_logging(journald), spdlog::spdlog_ex);
    spdlog::info("still here");
    EXPECT_THAT(file.records(), SizeIs(1));
  }
}

TEST(LoggingTest, ThreadsMayLogWhileAReloadComes) {
  const LogFile file;
  constexpr int kEach = 500;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([t] {
        for (int i = 0; i < kEach; ++i) {
          log_event(LogLevel::info, "busy", "line", {{"thread", std::to_string(t)}});
        }
      });
    }
    for (int i = 0; i < 20; ++i) configure_logging(file.config());
  }
  const auto records = file.records();
  ASSERT_THAT(records, SizeIs(3 * kEach));
  for (const auto& record : records) EXPECT_TRUE(record.contains("thread"));
}

TEST(LoggingTest, WhoeverAsksLearnsWhetherARecordWasWritten) {
  const LogFile file;
  EXPECT_TRUE(write_event(LogLevel::warn, "written", "a"));
  EXPECT_TRUE(write_event(LogLevel::debug, "not_asked_for", "b"));
  EXPECT_FALSE(log_statistics().is_failing);
  const auto failures = log_statistics().failed_writes;
  {
    const NoRoom full(std::filesystem::file_size(file.config().path));
    EXPECT_FALSE(write_event(LogLevel::warn, "lost", "c"));
    log_event(LogLevel::info, "lost_as_well", "d");
    spdlog::info("and this");
    EXPECT_TRUE(log_statistics().is_failing);
    EXPECT_EQ(log_statistics().failed_writes, failures + 3);
  }
  EXPECT_TRUE(write_event(LogLevel::warn, "written_again", "e"));
  EXPECT_FALSE(log_statistics().is_failing);
  EXPECT_EQ(log_statistics().failed_writes, failures + 3);
  const auto records = file.records();
  ASSERT_THAT(records, SizeIs(3));
  EXPECT_EQ(text_of(records[1], "event"), "log_gap");
  EXPECT_EQ(records[1].at("records").to_number<int>(), 3);
  EXPECT_EQ(text_of(records[2], "event"), "written_again");
  EXPECT_FALSE(records[2].contains("records"));
}

TEST(LoggingTest, TheLogIsSeenToWorkAgainBeforeTheNextRecord) {
  const LogFile file;
  {
    const NoRoom full(0);
    log_event(LogLevel::info, "lost", "a");
    const auto failures = log_statistics().failed_writes;
    say_what_is_missing();
    EXPECT_TRUE(log_statistics().is_failing);
    EXPECT_EQ(log_statistics().failed_writes, failures);
  }
  say_what_is_missing();
  say_what_is_missing();
  EXPECT_FALSE(log_statistics().is_failing);
  const auto records = file.records();
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(text_of(records[0], "event"), "log_gap");
  EXPECT_EQ(text_of(records[0], "level"), "warn");
}

TEST(LoggingTest, ALineThatBreaksOffSpoilsNoOtherLine) {
  const LogFile file;
  spdlog::info("before");
  {
    const NoRoom nearly_full(std::filesystem::file_size(file.config().path) + 20);
    EXPECT_FALSE(write_event(LogLevel::info, "torn", std::string(100, 'x')));
    EXPECT_FALSE(write_event(LogLevel::info, "torn", std::string(100, 'y')));
  }
  EXPECT_TRUE(write_event(LogLevel::info, "whole", "z"));
  EXPECT_TRUE(write_event(LogLevel::info, "whole", "z"));
  const auto lines = file.lines();
  ASSERT_THAT(lines, SizeIs(5));
  EXPECT_THAT(lines[1], SizeIs(20));  // what there was room for
  for (const std::size_t i : {2u, 3u, 4u}) EXPECT_NO_THROW(json::parse(lines[i])) << lines[i];
  EXPECT_THAT(lines[2], HasSubstr("log_gap"));
}

TEST(LoggingTest, ALogThatCannotBeWrittenIsSaidOnStandardErrorOnce) {
  const LogFile file;
  LogConfig full = file.config();
  full.path = "/dev/full";
  configure_logging(full);
  testing::internal::CaptureStderr();
  for (int i = 0; i < 3; ++i) log_event(LogLevel::info, "lost", "x");
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
  const auto record = json::parse(said).as_object();
  EXPECT_EQ(text_of(record, "event"), "log_write_failed");
  EXPECT_THAT(text_of(record, "message"),
              StartsWith("The log /dev/full cannot be written: No space left on device"));
}

TEST(LoggingTest, MetricsSayWhatWasLost) {
  const auto families = log_metrics({7, true});
  ASSERT_THAT(families, SizeIs(2));
  EXPECT_EQ(families[0].name, "districtd_log_write_failures_total");
  EXPECT_EQ(families[0].metric.at(0).counter.value, 7);
  EXPECT_EQ(families[1].name, "districtd_log_failing");
  EXPECT_EQ(families[1].metric.at(0).gauge.value, 1);
}

TEST(LoggingTest, NothingIsHiddenInEitherFormat) {
  const std::string text = text_of_hidden_controls();
  for (const auto format : {LogFormat::json, LogFormat::text}) {
    const LogFile file(format);
    log_event(LogLevel::info, "hidden", text, {{"field", json_text(text)}});
    spdlog::info(spdlog::string_view_t(text));
    ASSERT_THAT(file.lines(), SizeIs(2));
    for (const auto& line : file.lines()) {
      EXPECT_FALSE(has_hidden_control(line)) << line;
      EXPECT_THAT(line, HasSubstr("\\u202e"));
    }
    if (format == LogFormat::json) {
      EXPECT_EQ(text_of(file.records()[0], "field"), text);
    }
  }
}

}  // namespace
}  // namespace districtd
