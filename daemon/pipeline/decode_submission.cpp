#include "daemon/pipeline/decode_submission.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>

#include "base/json_writer.h"
#include "base/shortage.h"
#include "daemon/log/logging.h"

namespace districtd {
namespace {

constexpr const char* kShortageSentence = "服务器内存不足，数据未保存，请稍后重新报送";
constexpr const char* kNoDaySentence =
    "服务器时钟不可信，无法判断数据的截至日期是否在今天之后，数据未保存，请稍后重新报送";
// How far the day may be from what is reckoned where nothing was known at the start.
constexpr std::chrono::days kFarOff{400};

void log_failure(const Submission& submission, const std::exception& failure,
                 const std::string& what) {
  log_event(LogLevel::error, "decode_failed", what + failure.what(),
            {{"department", json_text(submission.department)},
             {"collector", json_text(submission.collector)},
             {"name", json_text(submission.name)},
             {"request", json_text(submission.request)}});
}

Decoded refuse(const Submission& submission, RowError why) {
  Decoded refused;
  refused.outcome = Outcome::unreadable;
  refused.receipt.department = submission.department;
  refused.receipt.errors.push_back(std::move(why));
  return refused;
}

std::size_t in_the_future(const Decoded& decoded) {
  const auto& errors = decoded.receipt.errors;
  return static_cast<std::size_t>(
      std::count_if(errors.begin(), errors.end(),
                    [](const RowError& error) { return error.code == "future_date"; }));
}

Result<Decoded, Unread> decode_on(Date today, const Submission& submission,
                                  const Catalogue& catalogue, const ColumnMapping& mapping,
                                  const KnownFigures& figures) {
  try {
    return decode(submission, catalogue, today, mapping, &figures);
  } catch (const std::length_error& e) {  // larger than any memory
    log_failure(submission, e, "A submission is too large to be read and was refused: ");
    return refuse(submission,
                  {0, "", "", "too_large", "内容过大，无法读取；请拆成几个文件后重新报送。"});
  } catch (const std::exception& e) {
    if (is_shortage(e)) return Unread{kShortageSentence};
    log_failure(submission, e, "A submission could not be read and was refused: ");
    return refuse(submission,
                  {0, "", "", "reading_failed",
                   "读取时程序出错，没有收下任何数据；请把这份文件交给管理员查明原因。"});
  }
}

}  // namespace

IntakeDay intake_day(const DistrictClock& clock) {
  const KnownTime now = clock.known();
  IntakeDay day{clock.date_at(now.time), std::nullopt};
  if (now.is_credible()) return day;
  // Before the clock was ever believed what is reckoned is only the earliest that it can be.
  if (now.reckoning == 0) day.at_most = day.today + kFarOff;
  if (*now.clock_read > now.time) {
    day.at_most = std::max(day.at_most.value_or(day.today), clock.date_at(*now.clock_read));
  }
  return day;
}

Result<Decoded, Unread> decode_submission(const Submission& submission, const Catalogue& catalogue,
                                          const IntakeDay& day, const ColumnMapping& mapping,
                                          const KnownFigures& figures) {
  auto decoded = decode_on(day.today, submission, catalogue, mapping, figures);
  const std::size_t future = decoded && day.at_most ? in_the_future(*decoded) : 0;
  if (future == 0) return decoded;
  // That would be said of the department, and may be the clock's fault.
  const auto later = decode_on(*day.at_most, submission, catalogue, mapping, figures);
  if (!later) return later.error();
  if (in_the_future(*later) < future) return Unread{kNoDaySentence};
  return decoded;
}

}  // namespace districtd
