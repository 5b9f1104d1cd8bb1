// Intake as the pipeline calls it: where the machine is short of something, that is no verdict.
#pragma once

#include <optional>

#include "collectors/submission.h"
#include "daemon/domain/catalogue.h"
#include "daemon/intake/intake.h"

namespace districtd {

// For the clerk, where memory, descriptors or threads are short.
inline constexpr char kShortageSentence[] = "服务器内存不足，数据未保存，请稍后重新报送";

// What decode() says. nullopt where memory, descriptors or threads are short: nothing is known of
// the submission then. Where reading fails otherwise, the submission is refused as unreadable and
// the log says why. Thread-safe.
std::optional<Decoded> decode_submission(const Submission& submission, const Catalogue& catalogue,
                                         Date today, const ColumnMapping& mapping);

}  // namespace districtd
