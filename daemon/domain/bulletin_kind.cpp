#include "daemon/domain/bulletin_kind.h"

#include <algorithm>
#include <array>

namespace districtd {
namespace {

using std::chrono::days;
using std::chrono::months;
using std::chrono::year_month_day;
using std::chrono::year_month_day_last;

struct Words {
  BulletinKind kind;
  std::string_view word;
  std::string_view chinese;
};
constexpr std::array kWords = {Words{BulletinKind::daily, "daily", "日报"},
                               Words{BulletinKind::weekly, "weekly", "周报"},
                               Words{BulletinKind::monthly, "monthly", "月度通报"},
                               Words{BulletinKind::quarterly, "quarterly", "季度通报"},
                               Words{BulletinKind::annual, "annual", "年度通报"}};

Date year_end(Date d) {
  return std::chrono::sys_days{year_month_day{d}.year() / std::chrono::December / 31};
}

BulletinPeriod last_ended(Cadence cadence, Date on) {
  Date last = period_end(cadence, on);
  if (last > on) last = period_start(cadence, on) - days{1};
  return {period_start(cadence, last), last};
}

Date months_before(Date on, int count) {
  const year_month_day day{on};
  const auto month = day.year() / day.month() - months{count};
  const year_month_day_last end{month.year(), std::chrono::month_day_last{month.month()}};
  return std::chrono::sys_days{month / std::min(day.day(), end.day())};
}

}  // namespace

std::string_view to_string(BulletinKind kind) {
  return kWords[static_cast<std::size_t>(kind)].word;
}

std::string_view to_chinese(BulletinKind kind) {
  return kWords[static_cast<std::size_t>(kind)].chinese;
}

std::optional<BulletinKind> parse_bulletin_kind(std::string_view text) {
  for (const Words& words : kWords) {
    if (words.word == text) return words.kind;
  }
  return std::nullopt;
}

BulletinPeriod period_of(BulletinKind kind, Date on) {
  switch (kind) {
    case BulletinKind::daily:
      return {on, on};
    case BulletinKind::weekly:
      return last_ended(Cadence::week, on);
    case BulletinKind::monthly:
      return last_ended(Cadence::month, on);
    case BulletinKind::quarterly:
      return last_ended(Cadence::quarter, on);
    case BulletinKind::annual:
      break;
  }
  const Date this_end = year_end(on);
  const auto year = year_month_day{on}.year();
  const auto ended = this_end == on ? year : year - std::chrono::years{1};
  return {std::chrono::sys_days{ended / std::chrono::January / 1},
          std::chrono::sys_days{ended / std::chrono::December / 31}};
}

Date one_period_before(BulletinKind kind, Date on) {
  switch (kind) {
    case BulletinKind::daily:
      return on - days{1};
    case BulletinKind::weekly:
      return on - days{7};
    case BulletinKind::monthly:
      return months_before(on, 1);
    case BulletinKind::quarterly:
      return months_before(on, 3);
    case BulletinKind::annual:
      break;
  }
  return months_before(on, 12);
}

}  // namespace districtd
