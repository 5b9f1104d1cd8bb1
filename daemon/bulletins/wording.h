// Dates, numbers and lists as Chinese official documents write them: no blanks between a number and
// its unit, and no word that the numbers do not bear out. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/domain/assessment.h"
#include "daemon/domain/bulletin_kind.h"
#include "daemon/domain/on_schedule.h"
#include "daemon/status/target_view.h"

namespace districtd::wording {

std::string date(Date date);            // "2026年7月8日"
std::string day(Date date, Date on);    // "7月8日", with its year where that is not on's
std::string as_of(Date date, Date on);  // "6月底" for a month's last day, else as day()
std::string period(BulletinKind kind,
                   const BulletinPeriod& period);  // "2026年1—6月", "2026年二季度"

std::string value(const Target& target, double base_value);  // "12.6亿元", "93.6%"
std::string points(double ratio);                            // "8.0", of a deviation's size
std::string share_of(std::size_t part, std::size_t whole);   // "55.0%"; "0.0%" of nothing
// The share on schedule and what is missing to 100.0%; "0.0%" and "100.0%" where nothing is judged.
std::pair<std::string, std::string> shares_of(const OnSchedule& counts);
// "全区", "全县", by the last word of the district's name; "本地" where that says nothing.
std::string whole_of(std::string_view district);

std::string items(std::size_t count);  // "3项"
// How sections are numbered: "一", "十二"; 1 to 99.
std::string ordinal(std::size_t number);

// "甲、乙和丙"; of more than `most` the first ones and "等N…" with the measure word given.
std::string list(const std::vector<std::string>& names, std::size_t most, std::string_view measure);

// "增加2项", "减少1项", "持平".
std::string change(std::size_t now, std::size_t before);

// How a target stands, without its name and without a full stop: goal, value, completion rate,
// schedule, deviation, each where there is one.
std::string standing(const TargetView& view);
// "自4月底起连续3个月亮红灯", "自6月底起亮黄灯"; "" where no light says so.
std::string since(const TargetView& view);
// "按目前进度，到期预计完成率84.0%（80%的可能在79.0%至90.0%之间），实现目标的可能性为12%，今后每月需
// 完成2.9亿元"; "" where nothing can be said.
std::string outlook(const TargetView& view);

}  // namespace districtd::wording
