// The kinds of bulletins (督查通报), and the period that each one looks back on. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/domain/calendar.h"

namespace districtd {

enum class BulletinKind { daily, weekly, monthly, quarterly, annual };

std::string_view to_string(BulletinKind kind);   // "monthly"
std::string_view to_chinese(BulletinKind kind);  // "月度通报"
std::optional<BulletinKind> parse_bulletin_kind(std::string_view text);

// What a bulletin of a day looks back on: that day, or the last week (Monday to Sunday), month,
// quarter or year that has ended by the end of it.
struct BulletinPeriod {
  Date first{};
  Date last{};
  friend bool operator==(const BulletinPeriod&, const BulletinPeriod&) = default;
};
BulletinPeriod period_of(BulletinKind kind, Date on);

// The day one such period before `on`: yesterday, a week ago, the same day of the month, quarter or
// year before, or its last day where that is shorter.
Date one_period_before(BulletinKind kind, Date on);

}  // namespace districtd
