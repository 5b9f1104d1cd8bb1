// The statuses of a target, in one table: every word, number and light of a status comes from here.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace districtd {

enum class Status {
  achieved,
  ahead,
  on_track,
  at_risk,
  achieved_late,  // reached as of a day after the deadline
  behind,
  overdue,
  settling,  // the deadline has passed, and the final report is not yet due
  stale,     // the last reports are missing
  no_data,
  reported,
};
enum class Light { green, yellow, red, grey, none };
inline constexpr std::size_t kLights = 5;

struct StatusRow {
  Status status;
  int code;                  // its number for programs: fixed for good, and never another's
  std::string_view word;     // in metrics, JSON, the log and the store
  std::string_view chinese;  // what people read
  Light light;
  int urgency;  // its place in a list of what needs attention: 0 comes first
};

// In the order of the codes, which is the order of the enumerators too. To add a status, add its
// row, the rule in assess() that gives it, its colour in dashboards/src/words.ts and its line in
// docs/catalogue.md; tests/unit/domain/status_test.cpp says what is missing.
inline constexpr std::array kStatusTable = {
    StatusRow{Status::achieved, 1, "achieved", "已完成", Light::green, 10},
    StatusRow{Status::ahead, 2, "ahead", "超进度", Light::green, 9},
    StatusRow{Status::on_track, 3, "on_track", "达进度", Light::green, 8},
    StatusRow{Status::at_risk, 4, "at_risk", "略滞后", Light::yellow, 2},
    StatusRow{Status::achieved_late, 5, "achieved_late", "逾期完成", Light::yellow, 3},
    StatusRow{Status::behind, 6, "behind", "欠进度", Light::red, 1},
    StatusRow{Status::overdue, 7, "overdue", "逾期未完成", Light::red, 0},
    StatusRow{Status::settling, 8, "settling", "期满待报", Light::grey, 6},
    StatusRow{Status::stale, 9, "stale", "停报", Light::grey, 4},
    StatusRow{Status::no_data, 10, "no_data", "未报送", Light::grey, 5},
    StatusRow{Status::reported, 11, "reported", "已报送", Light::none, 7},
};

// Each status once, in the table's order.
inline constexpr std::array kAllStatuses = [] {
  std::array<Status, kStatusTable.size()> statuses{};
  for (std::size_t i = 0; i < statuses.size(); ++i) statuses[i] = kStatusTable[i].status;
  return statuses;
}();

constexpr const StatusRow& row_of(Status status) {
  return kStatusTable[static_cast<std::size_t>(status)];
}
constexpr std::string_view to_string(Status status) { return row_of(status).word; }
constexpr std::string_view to_chinese(Status status) { return row_of(status).chinese; }
constexpr Light light_of(Status status) { return row_of(status).light; }
// Whether it says that the goal was reached, in time or after the deadline.
constexpr bool is_reached(Status status) {
  return status == Status::achieved || status == Status::achieved_late;
}
constexpr int urgency_of(Status status) { return row_of(status).urgency; }

// The status of that word; nullopt for any other text.
std::optional<Status> parse_status(std::string_view word);

}  // namespace districtd
