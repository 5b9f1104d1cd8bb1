#include "daemon/pipeline/decode_submission.h"

#include <exception>
#include <stdexcept>
#include <string>

#include "base/json_writer.h"
#include "base/shortage.h"
#include "daemon/log/logging.h"

namespace districtd {
namespace {

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

}  // namespace

std::optional<Decoded> decode_submission(const Submission& submission, const Catalogue& catalogue,
                                         Date today, const ColumnMapping& mapping) {
  try {
    return decode(submission, catalogue, today, mapping);
  } catch (const std::length_error& e) {  // larger than any memory
    log_failure(submission, e, "A submission is too large to be read and was refused: ");
    return refuse(submission,
                  {0, "", "", "too_large", "内容过大，无法读取；请拆成几个文件后重新报送。"});
  } catch (const std::exception& e) {
    if (is_shortage(e)) return std::nullopt;
    log_failure(submission, e, "A submission could not be read and was refused: ");
    return refuse(submission,
                  {0, "", "", "reading_failed",
                   "读取时程序出错，没有收下任何数据；请把这份文件交给管理员查明原因。"});
  }
}

}  // namespace districtd
