// The records of the deviation log, each with its fields: docs/deviation-log.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/board.h"
#include "daemon/log/logging.h"

namespace districtd {

struct DeviationRecord {
  LogLevel level = LogLevel::info;
  std::string_view event;  // a literal
  std::string message;
  std::vector<LogField> fields;
};

// `from` is the status that was said last; `submission` the id that brought the change, "" where it
// was time.
DeviationRecord status_changed_record(const Catalogue& catalogue, const Target& target, Date on,
                                      std::string_view from, const Assessment& now,
                                      std::string_view submission);
DeviationRecord still_behind_record(const Catalogue& catalogue, const Target& target, Date on,
                                    const Assessment& now, std::string_view submission);
DeviationRecord withdrawn_record(const Catalogue& catalogue, const Target& target, Date on);

// report_overdue or report_arrived; nullopt where nothing arrived, as none is asked for any more.
std::optional<DeviationRecord> report_change_record(const Board& board, const Target& target,
                                                    const Assessment& now,
                                                    std::string_view submission);

DeviationRecord daily_summary_record(const Board& board, std::uint32_t programme);

}  // namespace districtd
