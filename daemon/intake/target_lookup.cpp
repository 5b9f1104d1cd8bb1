#include "daemon/intake/target_lookup.h"

#include <algorithm>
#include <array>
#include <functional>
#include <span>
#include <utility>

#include "base/text.h"
#include "daemon/intake/unit_words.h"

namespace districtd {

namespace {

constexpr std::size_t kFewestSlots = 16;
constexpr std::size_t kMostSharedUnits = 32;  // they are searched one by one

constexpr std::size_t kMostFoldedBytes = 1000;

// Without blanks and in one case, width, kind of quote and of dash.
std::string folded(std::string_view text) {
  constexpr std::array<std::string_view, 4> kDouble = {"“", "”", "„", "‟"};
  constexpr std::array<std::string_view, 3> kSingle = {"‘", "’", "‛"};
  constexpr std::array<std::string_view, 4> kDashes = {"—", "–", "―", "‐"};
  const std::string narrowed = lower_ascii(narrow(text));
  std::string result;
  for (std::string_view rest = trim(narrowed); !rest.empty(); rest = trim(rest)) {
    if (take_any(rest, kDouble)) {
      result += '"';
    } else if (take_any(rest, kSingle)) {
      result += '\'';
    } else if (take_any(rest, kDashes)) {
      result += '-';
    } else {
      result += rest.front();
      rest.remove_prefix(1);
    }
  }
  return result;
}

// "3.", "三、", "(三)", "③" at the beginning of folded text, taken off.
std::string_view without_number(std::string_view text) {
  constexpr std::array<std::string_view, 23> kNumerals = {
      "0",  "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",  "9",  "一", "二",
      "三", "四", "五", "六", "七", "八", "九", "十", "百", "零", "〇"};
  constexpr std::array<std::string_view, 3> kEnds = {".", "、", ")"};
  constexpr std::array<std::string_view, 20> kCircled = {"①", "②", "③", "④", "⑤", "⑥", "⑦",
                                                         "⑧", "⑨", "⑩", "⑪", "⑫", "⑬", "⑭",
                                                         "⑮", "⑯", "⑰", "⑱", "⑲", "⑳"};
  std::string_view rest = text;
  if (take_any(rest, kCircled)) return rest;
  const bool is_open = rest.starts_with('(');
  if (is_open) rest.remove_prefix(1);
  const std::size_t before = rest.size();
  while (take_any(rest, kNumerals)) {
  }
  if (rest.size() == before) return text;
  const bool is_closed = !is_open || rest.starts_with(')');
  return is_closed && take_any(rest, kEnds) ? rest : text;
}

// Without what draws the eye to it, and the quotes around all of it.
std::string_view without_marks(std::string_view text) {
  constexpr std::array<std::string_view, 13> kMarks = {"★", "☆", "*", "※", "▲", "△", "■",
                                                       "□", "●", "○", "◆", "◇", "#"};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kAround = {
      {{"\"", "\""}, {"'", "'"}, {"《", "》"}, {"【", "】"}, {"「", "」"}}};
  while (take_any(text, kMarks)) {
  }
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view mark : kMarks) {
      if (!text.ends_with(mark)) continue;
      text.remove_suffix(mark.size());
      again = true;
    }
  }
  for (const auto& [open, close] : kAround) {
    const std::size_t both = open.size() + close.size();
    if (text.size() <= both || !text.starts_with(open) || !text.ends_with(close)) continue;
    return text.substr(open.size(), text.size() - both);
  }
  return text;
}

// "其中:民间投资" in the row of a target of that name.
std::string_view without_part_mark(std::string_view text) {
  constexpr std::array<std::string_view, 3> kMarks = {"其中:", "其中、", "其中"};
  std::string_view rest = text;
  return take_any(rest, kMarks) && !rest.empty() ? rest : text;
}

bool says_any(const Target& target, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return target.name.find(word) != std::string::npos ||
           target.quote.find(word) != std::string::npos;
  });
}

bool is_rate(const Target& target) {
  return target.kind == Kind::level && target.unit.is_percentage();
}

bool is_growth(const Target& target) {
  constexpr std::array<std::string_view, 3> kWords = {"增长", "增速", "增幅"};
  return is_rate(target) && says_any(target, kWords);
}

bool is_share_of(const Target& target) {
  constexpr std::array<std::string_view, 2> kWords = {"占比", "比重"};
  return is_rate(target) && says_any(target, kWords);
}

std::uint32_t tag_of(std::size_t hash) { return static_cast<std::uint32_t>(hash >> 32U); }

}  // namespace

TargetLookup::TargetLookup(const Catalogue& catalogue, std::string_view department, Date today)
    : catalogue_(catalogue),
      department_id_(department),
      department_(catalogue.find_department(department)),
      today_(today),
      texts_(std::make_unique<std::pmr::monotonic_buffer_resource>()),
      slots_(kFewestSlots) {}

const RowTarget* TargetLookup::find(std::string_view id_or_name) {
  if (!seen_.empty()) {
    if (seen_[last_].text == id_or_name) return &seen_[last_];
    const std::size_t next = last_ + 1 < seen_.size() ? last_ + 1 : 0;
    if (seen_[next].text == id_or_name) return &seen_[last_ = next];
  }
  const std::size_t hash = std::hash<std::string_view>{}(id_or_name);
  if (const Slot& slot = slot_of(hash, id_or_name); slot.seen != 0) {
    last_ = slot.seen - 1;
    return &seen_[last_];
  }
  if (auto same = find_exactly(id_or_name); !same.empty()) {
    return add(hash, id_or_name, {std::move(same)});
  }
  auto found = find_alike(id_or_name);
  return found ? add(hash, id_or_name, *std::move(found)) : nullptr;
}

TargetLookup::Indices TargetLookup::find_exactly(std::string_view text) const {
  if (catalogue_.programmes().size() > 1) return catalogue_.find_all(department_id_, text);
  const auto index = catalogue_.find(department_id_, text);
  return index ? Indices{*index} : Indices{};
}

void TargetLookup::fold() {
  by_folded_.emplace();
  for (Catalogue::Index i = 0; i < catalogue_.targets().size(); ++i) {
    const Target& target = catalogue_[i];
    if (!catalogue_.is_ever_of(target, *department_)) continue;
    for (const std::string* called : {&target.id, &target.name}) {
      auto [known, is_new] = by_folded_->try_emplace(folded(*called), Indices{i});
      Indices& same = known->second;
      if (is_new || same.empty() || same.back() == i) continue;
      const bool is_twice = std::any_of(same.begin(), same.end(), [&](Catalogue::Index other) {
        return catalogue_[other].programme == target.programme;
      });
      if (is_twice) {
        same.clear();
      } else {
        same.push_back(i);
      }
    }
  }
}

std::optional<TargetLookup::Found> TargetLookup::find_alike(std::string_view text) {
  if (!department_ || text.size() > kMostFoldedBytes) return std::nullopt;
  if (!by_folded_) fold();
  const std::string whole = folded(text);
  const std::string_view bare =
      without_part_mark(without_marks(without_number(without_marks(whole))));
  for (const std::string_view called : {std::string_view(whole), bare}) {
    if (const auto* const same = find_folded(called)) return Found{*same, true};
  }
  const std::size_t open = bare.rfind('(');
  if (!bare.ends_with(')') || open == std::string_view::npos) return std::nullopt;
  const auto* const same = find_folded(bare.substr(0, open));
  UnitsSaid said = units_in_brackets(bare.substr(open + 1, bare.size() - open - 2));
  if (same == nullptr || said.is_unknown || said.units.size() != 1) return std::nullopt;
  Unit& unit = said.units.front();
  const bool is_of_its_kind =
      unit.is_known() && std::all_of(same->begin(), same->end(), [&](Catalogue::Index i) {
        return catalogue_[i].unit.base_of(1, unit).has_value();
      });
  if (!is_of_its_kind) return std::nullopt;
  return Found{*same, true, &written_units_.emplace_back(std::move(unit))};
}

const TargetLookup::Indices* TargetLookup::find_folded(std::string_view text) const {
  const auto found = by_folded_->find(std::string(text));
  return found != by_folded_->end() && !found->second.empty() ? &found->second : nullptr;
}

const RowTarget* TargetLookup::add(std::size_t hash, std::string_view text, Found found) {
  if (2 * (seen_.size() + 1) > slots_.size()) grow();
  last_ = seen_.size();
  slot_of(hash, text) = {tag_of(hash), static_cast<std::uint32_t>(last_ + 1)};
  RowTarget called;
  called.text = copy_of(text);
  called.written_unit = found.written_unit;
  called.is_alike = found.is_alike;
  const Catalogue::Index index = found.same.back();
  if (found.same.size() > 1) called.same = several_.emplace_back(std::move(found.same));
  return &seen_.emplace_back(in_programme(called, index));
}

RowTarget TargetLookup::in_programme(const RowTarget& called, Catalogue::Index index) {
  const Target& target = catalogue_[index];
  RowTarget result = called;
  result.unit = shared_unit(target.unit);
  result.start = target.start;
  result.deadline = target.last_deadline();
  result.withdrawn = target.withdrawn.value_or(Date::max());
  result.settles = catalogue_.programme_of(target).settles;
  result.index = index;
  result.kind = target.kind;
  result.is_own = department_ && catalogue_.may_report(target, *department_, today_);
  result.is_handed_over = catalogue_.department_on(target, today_) != target.department;
  result.is_sum = target.sum_of_parts;
  result.is_growth = is_growth(target);
  result.is_share = is_share_of(target);
  return result;
}

TargetLookup::Slot& TargetLookup::slot_of(std::size_t hash, std::string_view text) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].seen != 0 &&
         (slots_[at].tag != tag_of(hash) || seen_[slots_[at].seen - 1].text != text)) {
    at = (at + 1) & mask;
  }
  return slots_[at];
}

void TargetLookup::grow() {
  slots_.assign(4 * slots_.size(), Slot{});
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    const std::size_t hash = std::hash<std::string_view>{}(seen_[i].text);
    slot_of(hash, seen_[i].text) = {tag_of(hash), static_cast<std::uint32_t>(i + 1)};
  }
}

std::string_view TargetLookup::copy_of(std::string_view text) {
  if (text.empty()) return {};
  char* const copy = static_cast<char*>(texts_->allocate(text.size(), 1));
  std::copy(text.begin(), text.end(), copy);
  return {copy, text.size()};
}

const Unit* TargetLookup::shared_unit(const Unit& unit) {
  for (const Unit* shared : units_) {
    if (*shared == unit) return shared;
  }
  if (units_.size() < kMostSharedUnits) units_.push_back(&unit);
  return &unit;
}

}  // namespace districtd
