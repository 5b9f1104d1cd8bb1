#include "daemon/extract/reading/structure.h"

#include <algorithm>
#include <string>

#include "daemon/extract/text/numerals.h"

namespace districtd::extract {

namespace {

constexpr std::size_t kLongestName = 24;     // characters of a department's name
constexpr std::size_t kLongestHeading = 45;  // of a heading

struct Numbering {
  int level = 0;
  std::size_t end = 0;
  int item = 0;  // of 1.
  bool is_part = false;
};

bool is_numeral_sign(char32_t c) { return is_digit(c) || is_chinese_digit(c); }

// 一、 (一) 1. 1、 (1) ① 第一, 一是
Numbering read_numbering(std::u32string_view text) {
  if (text.empty()) return {};
  // Marks of lists and of Markdown come first.
  std::size_t i = 0;
  constexpr std::u32string_view kBullets = U"#*-•▶■●◆★☆▪·>□";
  while (i < text.size() && i < 6 && kBullets.find(text[i]) != std::u32string_view::npos) ++i;
  const std::size_t bullet = i;
  if (i < text.size() && text[i] >= U'①' && text[i] <= U'⑳') return {4, i + 1};
  const bool in_brackets = i < text.size() && text[i] == U'(';
  if (in_brackets) ++i;
  // 第一部分, 第三章
  if (i + 2 < text.size() && text[i] == U'第') {
    std::size_t k = i + 1;
    while (k < text.size() && k < i + 4 && is_numeral_sign(text[k])) ++k;
    const auto rest = text.substr(k);
    for (const std::u32string_view word : {U"部分", U"章", U"篇"}) {
      if (k > i + 1 && rest.starts_with(word)) return {1, k + word.size(), 0, true};
    }
  }
  const std::size_t from = i;
  while (i < text.size() && i - from < 4 && is_numeral_sign(text[i])) ++i;
  if (i == from || i >= text.size()) return {0, bullet};
  const bool is_arabic = is_digit(text[from]);
  int item = 0;
  for (std::size_t k = from; is_arabic && k < i; ++k) {
    item = item * 10 + static_cast<int>(text[k] - U'0');
  }
  if (in_brackets) {
    return text[i] == U')' ? Numbering{is_arabic ? 4 : 2, i + 1} : Numbering{0, bullet};
  }
  if (text[i] == U'、' ||
      (is_arabic && text[i] == U'.' && !(i + 1 < text.size() && is_digit(text[i + 1])))) {
    ++i;
    if (i < text.size() && text[i] == U'*') ++i;
    return {is_arabic ? 3 : 1, i, item};
  }
  return {0, bullet};
}

bool holds_any(std::u32string_view text, const std::vector<std::u32string>& words) {
  return std::any_of(words.begin(), words.end(), [text](const std::u32string& word) {
    return text.find(word) != std::u32string_view::npos;
  });
}

// The greatest year that stands in the text; 0 where none does.
int year_in(std::u32string_view text) {
  int year = 0;
  for (std::size_t i = 0; i + 4 <= text.size(); ++i) {
    if (text[i] != U'2' || text[i + 1] != U'0') continue;
    if (!is_digit(text[i + 2]) || !is_digit(text[i + 3])) continue;
    // 2026年1月8日 says when it was said, not what it plans for.
    const auto behind = text.substr(i + 4);
    if (behind.size() >= 3 && behind[0] == U'年' && is_digit(behind[1]) &&
        behind.substr(0, 12).find(U'日') != std::u32string_view::npos) {
      continue;
    }
    year = std::max(year, 2000 + static_cast<int>(text[i + 2] - U'0') * 10 +
                              static_cast<int>(text[i + 3] - U'0'));
  }
  return year;
}

// “十四五” in 2026: the plan is over, and no later one is named. The first one ended in 1957.
bool names_past_plan(std::u32string_view text, int year) {
  bool is_past = false;
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] != U'十' || text[i + 2] != U'五') continue;
    const auto plan = read_numeral(text.substr(0, i + 2), i);
    if (!plan || plan->end != i + 2) continue;
    if (1955 + 5 * static_cast<int>(plan->value) >= year) return false;
    is_past = true;
  }
  return is_past;
}

HeadingTime time_of(std::u32string_view text, const StructureWords& words, int year) {
  const bool is_future = holds_any(text, words.future_heading);
  if (names_past_plan(text, year) && year_in(text) < year) {
    return HeadingTime::past;
  }
  if (holds_any(text, words.past_heading)) {
    // "2025年工作总结和2026年工作计划" heads both.
    const auto divide = text.find_last_of(U"和及与暨");
    if (is_future && year_in(text) == 0 && divide != std::u32string_view::npos) {
      const auto second = text.substr(divide + 1);
      const bool plans = holds_any(second, words.future_heading);
      return plans && !holds_any(second, words.past_heading) ? HeadingTime::none
                                                             : HeadingTime::past;
    }
    return is_future && year_in(text) >= year ? HeadingTime::none : HeadingTime::past;
  }
  const int named = year_in(text);
  if (named != 0 && named < year) return HeadingTime::past;
  if (holds_any(text, words.demand_heading)) return HeadingTime::aside;
  if (named >= year || is_future) return HeadingTime::future;
  if (holds_any(text, words.problem_heading)) return HeadingTime::aside;
  return HeadingTime::none;
}

std::u32string_view without_brackets(std::u32string_view text) {
  constexpr std::u32string_view kOpen = U"【[<〖*#";
  constexpr std::u32string_view kClose = U"】]>〗*#:";
  while (!text.empty() && kOpen.find(text.front()) != std::u32string_view::npos) {
    text.remove_prefix(1);
  }
  while (!text.empty() && kClose.find(text.back()) != std::u32string_view::npos) {
    text.remove_suffix(1);
  }
  return text;
}

bool starts_with_any(std::u32string_view text, const std::vector<std::u32string>& words,
                     std::size_t& length) {
  for (const auto& word : words) {
    if (!text.starts_with(word)) continue;
    length = word.size();
    return true;
  }
  return false;
}

// Where the next label begins: 区人社局 责任人:王某某, 区经信局 配合部门:区发改局.
std::size_t label_place(std::u32string_view text, const StructureWords& words) {
  std::size_t place = text.size();
  for (const auto* const list :
       {&words.responsible, &words.supporting, &words.due, &words.person}) {
    for (const auto& word : *list) {
      for (auto at = text.find(word); at < place; at = text.find(word, at + 1)) {
        const std::size_t behind = at + word.size();
        if (at > 0 && behind < text.size() && text[behind] == U':') place = at;
      }
    }
  }
  return place;
}

// "区发改局、区经信局牵头" -> both. The first may be any name, the others must be departments.
std::vector<std::u32string> departments_in(std::u32string_view text, const StructureWords& words) {
  std::vector<std::u32string> names;
  text = text.substr(0, label_place(text, words));
  for (std::size_t at = 0; at < text.size();) {
    constexpr std::u32string_view kSigns = U":(、,/ ";
    if (kSigns.find(text[at]) != std::u32string_view::npos) {
      ++at;
      continue;
    }
    const auto end = std::min(text.find_first_of(U"、,;。()\t /|", at), text.size());
    auto name = text.substr(at, end - at);
    for (const std::u32string_view tail : {U"牵头负责", U"牵头", U"负责", U"等", U"配合"}) {
      if (name.size() > tail.size() && name.ends_with(tail)) name.remove_suffix(tail.size());
    }
    if (const auto each = name.find(U'各'); each != std::u32string_view::npos) {
      name = name.substr(0, each);
    }
    const bool is_name = is_department(name, words) ||
                         (names.empty() && name.size() >= 2 && name.size() <= kLongestName);
    if (!is_name) break;
    names.emplace_back(name);
    at = end;
    if (at < text.size() && (text[at] == U';' || text[at] == U'。' || text[at] == U')')) break;
  }
  return names;
}

}  // namespace

bool is_department(std::u32string_view text, const StructureWords& words) {
  if (text.size() < 3 || text.size() > kLongestName) return false;
  constexpr std::u32string_view kSigns = U",。;:!?“”《》0123456789%+、\t|";
  if (text.find_first_of(kSigns) != std::u32string_view::npos) return false;
  const auto bracket = text.find(U'(');
  if (bracket < 3) return false;
  const auto name = text.substr(0, bracket);
  if (holds_any(name, words.not_in_name)) return false;
  const std::uint64_t end = words.department_ends.classes_at_end(name);
  if ((end & StructureWords::kStrong) != 0) return true;
  constexpr std::size_t kLongestPlace = 8;
  const auto ends_name = [name](const std::u32string& word) { return name.ends_with(word); };
  if (name.size() <= kLongestPlace &&
      std::any_of(words.place.begin(), words.place.end(), ends_name) &&
      std::none_of(words.not_a_place.begin(), words.not_a_place.end(), ends_name)) {
    return true;
  }
  if ((end & StructureWords::kWeak) == 0 || name.size() > 14) return false;
  std::size_t length = 0;
  return starts_with_any(name, words.region, length) && name.size() > length;
}

Heading read_heading(std::u32string_view text, const Rules& rules, int year) {
  Heading heading;
  const StructureWords& words = rules.structure;
  heading.time = time_of(text, words, year);
  if (heading.time == HeadingTime::past || heading.time == HeadingTime::aside) return heading;
  NormalText normal;
  normalise(to_utf8(text), rules.spelling, normal);
  std::vector<Deadline> dates;
  find_deadlines(normal, rules, year, dates);
  for (const Deadline& date : dates) {
    if (date.date > date_of(year, 12, 31)) heading.due = date.date;
  }
  if (heading.due && heading.time == HeadingTime::none) heading.time = HeadingTime::future;
  heading.has_time = heading.due || year_in(text) >= year;
  heading.is_plan = heading.due || year_in(text) >= year || holds_any(text, words.plan_heading);
  return heading;
}

Line read_line(const NormalText& text, const Rules& rules, int year, int last_item) {
  Line line;
  std::u32string_view all = text.chars;
  if (all.find_first_not_of(U"\t-=_*#") == std::u32string_view::npos) return line;
  const StructureWords& words = rules.structure;
  if (all.find(U'\t') != std::u32string_view::npos ||
      std::count(all.begin(), all.end(), U'|') >= 2) {
    line.sort = Line::Sort::table_row;
    return line;
  }
  Numbering numbering = read_numbering(all);
  if (numbering.level == 0 && numbering.end < all.size() && is_digit(all[numbering.end])) {
    const std::size_t begin = numbering.end;
    if (const auto end = glued_item_end(text, begin, last_item, rules, line.may_be_item); end > 0) {
      const int item = static_cast<int>(read_numeral(all.substr(0, end - 1), begin)->value);
      numbering = {3, end, item};
    }
  }
  line.level = numbering.level;
  line.is_part = numbering.is_part;
  line.item = numbering.item;
  line.body = numbering.end;
  const auto body = all.substr(numbering.end);
  const auto bare = without_brackets(body);
  if (is_department(bare, words)) {
    line.sort = Line::Sort::department;
    line.department = bare;
    return line;
  }
  std::size_t length = 0;
  const auto first = without_brackets(body.substr(0, body.find(U':') + 1));
  const bool leads = starts_with_any(body, words.responsible, length) && body.size() > length &&
                     body[length] == U':';
  std::size_t with_length = 0;
  const bool supports = starts_with_any(body, words.supporting, with_length) &&
                        body.size() > with_length && body[with_length] == U':';
  if (leads || supports) {
    line.sort = Line::Sort::responsible;
    const auto named = departments_in(body.substr(leads ? length : with_length), words);
    if (leads && !named.empty()) line.department = named.front();
    return line;
  }
  if (starts_with_any(body, words.due, length) && body.size() > length && body[length] == U':') {
    line.sort = Line::Sort::due;
    line.due_text = {numbering.end + length + 1, all.size()};
    return line;
  }
  line.sort = Line::Sort::paragraph;
  // 【区民政局】新增助餐点25个
  if (const auto close = body.find(U'】');
      body.starts_with(U"【") && close != std::u32string_view::npos && close + 1 < body.size()) {
    const auto names = departments_only(body.substr(1, close - 1), words);
    if (!names.empty()) {
      line.department = names.front();
      line.is_of_item = true;
      line.body = numbering.end + close + 1;
      return line;
    }
  }
  if (const auto colon = body.find(U':'); colon != std::u32string_view::npos &&
                                          colon + 1 < body.size() && is_department(first, words)) {
    line.department = first;
    line.body = numbering.end + colon + 1;
    return line;
  }
  const bool may_speak = starts_with_any(body, words.region, length);
  for (std::size_t n = 3; may_speak && n <= 16 && n < body.size(); ++n) {
    std::size_t spoken = 0;
    if (!starts_with_any(body.substr(n), words.speaking, spoken)) continue;
    if (!is_department(body.substr(0, n), words)) continue;
    line.department = body.substr(0, n);
    line.is_speaker = true;
    break;
  }
  const bool has_stop = body.find_first_of(U"。;!?") != std::u32string_view::npos;
  if (!has_stop && body.size() <= kLongestHeading) {
    Quantities quantities;
    const bool has_digits = std::any_of(body.begin(), body.end(), is_digit);
    if (has_digits) find_quantities(text, rules, quantities);
    const bool has_numbers =
        std::any_of(quantities.list.begin(), quantities.list.end(), [](const Quantity& q) {
          return q.unit_class != UnitClass::time && !q.is_great && !q.is_chinese;
        });
    if (!has_numbers) {
      const Heading heading = read_heading(body, rules, year);
      // "重点抓好以下任务:" leads in; "2026年,重点抓好以下工作:" heads.
      const bool leads_in = line.level == 0 && body.ends_with(U":") && !heading.is_plan;
      if (!leads_in) line.heading = heading;
    }
    // An item of a list that says a number is no heading; neither is a line that says no time and
    // has no number of its own.
    if (!has_numbers && (line.level > 0 || line.heading.time != HeadingTime::none)) {
      line.sort = Line::Sort::heading;
    } else {
      line.heading = {};
    }
  } else if (line.level > 0 && line.level <= 2) {
    // (一)抓项目、扩投资。全年……: the heading runs into its text.
    const auto stop = body.find(U'。');
    if (stop <= 30) {
      const Heading heading = read_heading(body.substr(0, stop), rules, year);
      line.heading = heading;
    }
  }
  return line;
}

Responsibility read_responsibility(std::u32string_view text, const StructureWords& words) {
  Responsibility result;
  const auto is_sign = [&](std::size_t at) {
    return at < text.size() && (text[at] == U':' || text[at] == U'为');
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::size_t length = 0;
    const auto rest = text.substr(i);
    if (starts_with_any(rest, words.supporting, length) && is_sign(i + length)) {
      for (auto& name : departments_in(text.substr(i + length + 1), words)) {
        result.with.push_back(std::move(name));
      }
      i += length;
    } else if (starts_with_any(rest, words.responsible, length) && is_sign(i + length)) {
      for (auto& name : departments_in(text.substr(i + length + 1), words)) {
        result.leads.push_back(std::move(name));
      }
      i += length;
    } else if (result.due.empty() && starts_with_any(rest, words.due, length) &&
               i + length < text.size() && text[i + length] == U':') {
      const auto due = text.substr(i + length + 1);
      result.due = due.substr(0, std::min(due.find_first_of(U",;。)"), due.size()));
      i += length;
    }
  }
  return result;
}

std::vector<std::u32string> departments_only(std::u32string_view text,
                                             const StructureWords& words) {
  std::vector<std::u32string> names;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find_first_of(U"、,;/ ", at), text.size());
    const auto name = text.substr(at, end - at);
    if (!is_department(name, words)) return {};
    names.emplace_back(name);
    at = end + 1;
  }
  return names;
}

}  // namespace districtd::extract
