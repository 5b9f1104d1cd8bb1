// What the deviation log says to people, in Chinese.
#pragma once

#include <string>
#include <string_view>

#include "daemon/domain/assessment.h"
#include "daemon/domain/catalogue.h"

namespace districtd {

// "文旅投资（区文旅局）", by who is responsible on day `on` and is called then; as in all of these.
std::string title_of(const Catalogue& catalogue, const Target& target, Date on);

// "文旅投资（区文旅局）由 未报送 转为 欠进度：完成 12.6 亿元，完成率 42.0%，序时进度 50.0%，
// 偏差 -8.0 个百分点（截至 2026-06-30）". `from` is a word of to_string(Status).
std::string status_changed_sentence(const Catalogue& catalogue, const Target& target, Date on,
                                    std::string_view from, const Assessment& now);

// "连续第 3 个月", of a light that is red.
std::string row_of_periods(const Target& target, const Assessment& now);

// "文旅投资（区文旅局）连续第 3 个月亮红灯：欠进度，完成 12.6 亿元，…（截至 2026-06-30）"
std::string still_behind_sentence(const Catalogue& catalogue, const Target& target, Date on,
                                  const Assessment& now);

// "文旅投资（区文旅局）自 2026-08-01 起撤销：区政府第12次常务会议"
std::string withdrawn_sentence(const Catalogue& catalogue, const Target& target, Date on);

// "文旅投资（区文旅局）迟报：截至 2026-06-30 的数据最迟应于 2026-07-10 报送，最近一次报送截至
// 2026-05-31", and where more than one is missing "；已连续 3 期未报（自 2026-05-11 起）"
std::string report_overdue_sentence(const Catalogue& catalogue, const Target& target, Date on,
                                    Date period, Date due_by, const Assessment& now);

// "文旅投资（区文旅局）迟报的数据已报送（截至 2026-06-30）"
std::string report_arrived_sentence(const Catalogue& catalogue, const Target& target, Date on,
                                    const Assessment& now);

}  // namespace districtd
