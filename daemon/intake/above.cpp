#include "daemon/intake/above.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/intake/refusals.h"

namespace districtd {

namespace {

constexpr std::size_t kMostKeptBytes = 65'536;
constexpr std::size_t kMostTitleBytes = 4096;  // of all titles; what is longer is none

// "填报日期：2026年7月" is not what the figures are of.
bool is_of_the_paper(std::string_view text) {
  constexpr std::array<std::string_view, 9> kWords = {"填报", "填表", "制表", "报送", "上报",
                                                      "打印", "更新", "日期", "时间"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return text.find(word) != text.npos; });
}

// The longest date that a text begins with.
std::optional<DateAbove> date_at_beginning(std::string_view text) {
  constexpr std::size_t kMostBytes = 60;
  std::optional<DateAbove> longest;
  for (std::size_t end = 1; end <= std::min(text.size(), kMostBytes); ++end) {
    if (end < text.size() && utf8::is_continuation(text[end])) continue;
    const std::string_view piece = text.substr(0, end);
    const auto written = read_written_date(piece);
    if (written) longest = DateAbove{*written, std::string(trim(piece)), false};
  }
  return longest;
}

bool is_month_end(const WrittenDate& written) {
  if (written.day == 0) return true;
  WrittenDate month = written;
  month.day = 0;
  const int year = written.year.value_or(2000);
  return day_in(written, year) && day_in(written, year) == day_in(month, year);
}

bool is_same_day(const WrittenDate& a, const WrittenDate& b) {
  constexpr int kAnyYear = 2000;
  const int year = a.year ? *a.year : b.year.value_or(kAnyYear);
  const bool is_year_open = !a.year || !b.year;
  return (is_year_open || a.year == b.year) && day_in(a, year) == day_in(b, year);
}

// Of two texts for the same day the one that says the year is kept.
void add_day(std::vector<DateAbove>& days, DateAbove day) {
  const auto same = std::find_if(days.begin(), days.end(), [&](const DateAbove& one) {
    return is_same_day(one.date, day.date);
  });
  if (same == days.end()) {
    days.push_back(std::move(day));
  } else if (!same->date.year && day.date.year) {
    *same = std::move(day);
  }
}

std::size_t count_of_texts(std::span<const std::string_view> cells) {
  return static_cast<std::size_t>(std::count_if(
      cells.begin(), cells.end(), [](std::string_view cell) { return !trim(cell).empty(); }));
}

std::string joined(std::span<const std::string_view> cells) {
  constexpr std::size_t kMostBytes = 8192;
  std::string text;
  for (const std::string_view cell : cells) {
    const std::string_view trimmed = trim(cell);
    if (trimmed.empty() || text.size() + trimmed.size() > kMostBytes) continue;
    if (!text.empty()) text += '\t';
    text += trimmed;
  }
  return text;
}

// "单位：" in one cell and "万元" in the next one; cells that say a unit by themselves.
UnitsSaid units_in_row(std::span<const std::string_view> cells, const Catalogue& catalogue) {
  const bool is_title = count_of_texts(cells) == 1;
  UnitsSaid said;
  for (const std::string_view cell : cells) {
    if (!trim(cell).empty()) add_units(said, units_said_in(cell, is_title, catalogue));
  }
  if (said.empty() && !is_title) said = units_said_in(joined(cells), false, catalogue);
  return said;
}

}  // namespace

const DateAbove* Above::as_of() const {
  if (!labelled_.empty()) return labelled_.size() == 1 ? &labelled_.front() : nullptr;
  return titled_.size() == 1 ? &titled_.front() : nullptr;
}

void Above::read_days(std::string_view text) {
  constexpr std::array<std::string_view, 9> kLabels = {"数据截至", "统计截至", "截至",
                                                       "截止",     "数据时间", "统计时间",
                                                       "数据日期", "统计日期", "报告期"};
  constexpr std::array<std::string_view, 5> kSenders = {"填报", "报送", "上报", "填表", "报名"};
  for (const std::string_view label : kLabels) {
    for (std::size_t at = text.find(label); at != text.npos;
         at = text.find(label, at + label.size())) {
      const std::string_view before = text.substr(0, at);
      if (std::any_of(kSenders.begin(), kSenders.end(),
                      [&](std::string_view word) { return before.ends_with(word); })) {
        continue;
      }
      std::string_view rest = trim(text.substr(at + label.size()));
      constexpr std::array<std::string_view, 4> kMore = {"日期", "时间", ":", "到"};
      while (take_any(rest, kMore)) rest = trim(rest);
      if (auto day = date_at_beginning(rest)) return add_day(labelled_, std::move(*day));
    }
  }
  // "日期：2026年6月30日" may be of the paper, unless it ends a month.
  constexpr std::array<std::string_view, 2> kPlain = {"日期:", "时间:"};
  std::string_view rest = text;
  if (!take_any(rest, kPlain)) return;
  auto day = date_at_beginning(trim(rest));
  if (day && is_month_end(day->date)) add_day(labelled_, std::move(*day));
}

void Above::read_years(std::string_view text) {
  constexpr std::string_view kYear = "年";
  for (std::size_t at = text.find(kYear); at != text.npos; at = text.find(kYear, at + 3)) {
    if (at < 4) continue;
    const std::string_view digits = text.substr(at - 4, 4);
    if (!digits.starts_with("20") || digits.find_first_not_of("0123456789") != digits.npos)
      continue;
    const int year = 1000 * (digits[0] - '0') + 100 * (digits[1] - '0') + 10 * (digits[2] - '0') +
                     (digits[3] - '0');
    if (std::find(years_.begin(), years_.end(), year) == years_.end()) years_.push_back(year);
  }
}

void Above::read_title(std::string_view text) {
  title_bytes_ += text.size();
  if (title_bytes_ > kMostTitleBytes || is_of_the_paper(text)) return;
  read_years(text);
  for (NamedPeriod& period : periods_in(text)) {
    add_day(titled_, {period.date, std::move(period.text), true});
  }
  // A day in a title: "2026年6月30日重点指标完成情况".
  for (std::size_t at = 0; at + 8 < text.size(); ++at) {
    const bool is_begin = text[at] == '2' && text[at + 1] == '0' &&
                          (at == 0 || text[at - 1] < '0' || text[at - 1] > '9');
    if (!is_begin) continue;
    auto day = date_at_beginning(text.substr(at));
    if (!day || day->date.day == 0 || !day->date.year) continue;
    if (is_month_end(day->date)) {
      day->is_titled = true;
      const std::size_t length = day->text.size();
      add_day(titled_, std::move(*day));
      at += length - 1;
    }
  }
}

void Above::read(std::span<const std::string_view> cells) {
  const std::size_t texts = count_of_texts(cells);
  const UnitsSaid said = units_in_row(cells, *catalogue_);
  if (!said.empty()) {
    add_units(units_, said);
    notes.push_back(said.is_unknown || said.units.size() > 1
                        ? "表上方写明单位为“" + said.text + "”，没有单位的数值按其中能换算的读取。"
                        : "表上方写明单位为“" + said.text + "”，没有单位的数值按此读取。");
  }
  bool is_first = true;
  for (const std::string_view cell : cells) {
    const std::string text = narrow(trim(cell));
    if (text.empty()) continue;
    if (cell_fault(text)) {
      notes.push_back("表上方的公式“" + std::string(utf8::cut(text, 60)) + "”没有结果，没有读取。");
      continue;
    }
    read_days(text);
    read_title(text);
    // A row of many cells is the upper row of a header, which speaks of its columns.
    if (std::exchange(is_first, false) && texts <= 3 && said_.meaning == Meaning::unsaid &&
        text.size() <= kMostTitleBytes) {
      const Meaning meaning = meaning_of_title(words_compared(text));
      if (meaning != Meaning::unsaid) said_ = {meaning, std::string(utf8::cut(text, 90))};
    }
  }
}

void Above::keep(std::span<const std::string_view> cells) {
  for (const std::string_view cell : cells) bytes_ += cell.size() + sizeof(std::string);
  if (bytes_ <= kMostKeptBytes) rows_.emplace_back(cells.begin(), cells.end());
}

void Above::inherit(const Above& earlier) {
  if (units_.empty()) units_ = earlier.units_;
  if (said_.meaning == Meaning::unsaid) said_ = earlier.said_;
  if (labelled_.empty() && titled_.empty()) {
    labelled_ = earlier.labelled_;
    titled_ = earlier.titled_;
  }
  if (years_.empty()) years_ = earlier.years_;
}

void read_below(std::span<const std::string_view> cells, const Catalogue& catalogue,
                SaidBelow& below) {
  add_units(below.units, units_in_row(cells, catalogue));
  for (const std::string_view cell : cells) {
    const std::string text = words_compared(cell);
    if (text.empty() || text.size() > kMostTitleBytes) continue;
    const Meaning meaning = meaning_of_remark(text);
    if (meaning != Meaning::unsaid && below.said.meaning == Meaning::unsaid) {
      below.said = {meaning, std::string(utf8::cut(trim(cell), 90))};
    }
  }
}

}  // namespace districtd
