#include "daemon/store/judged_rows.h"

#include <cstdint>
#include <string_view>
#include <utility>

namespace districtd {

JudgedRows::JudgedRows(const sqlite::Connection& connection)
    : replace_(connection,
               "REPLACE INTO judged(target, status, report_overdue, periods_behind,"
               " reports_missing) VALUES(?, ?, ?, ?, ?)") {}

std::unordered_map<std::string, Judged> JudgedRows::load(const sqlite::Connection& connection,
                                                         const ProgrammesAsked& asked) {
  std::unordered_map<std::string, Judged> judged;
  sqlite::Statement each(connection,
                         "SELECT target, status, report_overdue, periods_behind, reports_missing"
                         " FROM judged WHERE target >= ? AND target < ?");
  for (const KeyRange& range : ranges_of(asked)) {
    each.reset();
    each.bind(1, std::string_view(range.first)).bind(2, std::string_view(range.end));
    while (each.step()) {
      std::string id(each.text(0));
      judged.try_emplace(id, Judged{.target = id,
                                    .status = std::string(each.text(1)),
                                    .report_overdue = each.integer(2) != 0,
                                    .periods_behind = static_cast<int>(each.integer(3)),
                                    .reports_missing = static_cast<int>(each.integer(4))});
    }
  }
  return judged;
}

void JudgedRows::replace(const Judged& judged) {
  replace_.bind(1, std::string_view(judged.target))
      .bind(2, std::string_view(judged.status))
      .bind(3, std::int64_t{judged.report_overdue})
      .bind(4, std::int64_t{judged.periods_behind})
      .bind(5, std::int64_t{judged.reports_missing})
      .run();
}

}  // namespace districtd
