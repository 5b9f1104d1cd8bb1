#include "daemon/domain/catalogue.h"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "base/edit_distance.h"
#include "base/utf8.h"

namespace districtd {

namespace {

constexpr std::uint32_t kNoGroup = 0xffffffff;

// A longer text is not compared, so that a character of it has a bit in a word.
constexpr std::size_t kMostCharacters = 60;
constexpr std::size_t kMostBytes = 4 * kMostCharacters;
// Of one call of nearest().
constexpr std::size_t kMostCompared = 3'000;

// The bytes of a character as a number; no two well-formed ones share it.
std::uint32_t number_of(std::string_view character) {
  std::uint32_t number = 0;
  for (const char c : character) number = number << 8U | static_cast<unsigned char>(c);
  return number;
}

// Letters and digits of ASCII get bits of their own, as far as 64 go.
std::uint64_t signature_bit(std::uint32_t character) {
  const std::uint32_t mixed = character < 0x80 ? character : character * 0x9E37'79B1U >> 26U;
  return std::uint64_t{1} << (mixed & 63U);
}

// A text to which many others are compared: Levenshtein's table a column at a time, whose steps
// down are the bits of two words (Myers 1999, in Hyyrö's form).
class Compared {
 public:
  // Of 1 to kMostCharacters characters.
  explicit Compared(std::string_view text) {
    utf8::for_each_character(text, [&](std::string_view character) {
      const std::uint32_t number = number_of(character);
      signature_ |= signature_bit(number);
      Slot& slot = slots_[find(number)];
      slot.character = number;
      slot.places |= std::uint64_t{1} << length_++;
    });
  }

  std::size_t length() const { return length_; }

  // No edit distance to a text of that signature and length is less: one edit makes up for one
  // character that only one of the two has.
  std::size_t least_distance(std::uint64_t signature, std::size_t length) const {
    const auto difference = length > length_ ? length - length_ : length_ - length;
    return std::max({difference, static_cast<std::size_t>(std::popcount(signature_ & ~signature)),
                     static_cast<std::size_t>(std::popcount(signature & ~signature_))});
  }

  std::size_t distance(std::string_view other) const {
    const std::uint64_t bottom = std::uint64_t{1} << (length_ - 1);
    std::size_t distance = length_;
    std::uint64_t down = ~std::uint64_t{0};  // where the table grows by one downwards,
    std::uint64_t up = 0;                    // and where it shrinks
    utf8::for_each_character(other, [&](std::string_view character) {
      const std::uint64_t same = slots_[find(number_of(character))].places;
      const std::uint64_t diagonal = (((same & down) + down) ^ down) | same;
      std::uint64_t right = up | ~(diagonal | down);
      std::uint64_t left = down & diagonal;
      if ((right & bottom) != 0) ++distance;
      if ((left & bottom) != 0) --distance;
      right = right << 1U | 1U;
      left <<= 1U;
      const std::uint64_t vertical = same | up;
      down = left | ~(vertical | right);
      up = right & vertical;
    });
    return distance;
  }

 private:
  struct Slot {
    std::uint32_t character = 0;
    std::uint64_t places = 0;  // where in the text; 0 where the slot is free
  };

  std::size_t find(std::uint32_t character) const {
    std::size_t at = (character * 0x9E37'79B1U >> 25U) % slots_.size();
    while (slots_[at].places != 0 && slots_[at].character != character) {
      at = (at + 1) % slots_.size();
    }
    return at;
  }

  std::array<Slot, 128> slots_;
  std::uint64_t signature_ = 0;
  std::size_t length_ = 0;
};

// In the order of the catalogue.
template <typename Iterator>
std::vector<Catalogue::Index> indices_of(Iterator first, Iterator last) {
  std::vector<Catalogue::Index> indices;
  for (; first != last; ++first) indices.push_back(first->second);
  std::sort(indices.begin(), indices.end());
  return indices;
}

template <typename Map>
auto value_of(const Map& map, std::string_view key) {
  const auto found = map.find(key);
  return found == map.end() ? std::optional<typename Map::mapped_type>{} : found->second;
}

}  // namespace

Programme programme_of_all(std::span<const Target> targets) {
  int first = year_of(targets.front().start);
  int last = first;
  for (const Target& target : targets) {
    first = std::min(first, year_of(target.start));
    last = std::max(last, year_of(target.deadline));
  }
  return programme_of_years(first, last);
}

Catalogue::Catalogue(std::vector<Report> reports, std::vector<Department> departments,
                     std::vector<Target> targets, WorkingDays working_days,
                     std::vector<Programme> programmes) {
  fill(std::move(reports), std::move(departments), std::move(targets), std::move(working_days),
       std::move(programmes));
}

void Catalogue::fill(std::vector<Report> reports, std::vector<Department> departments,
                     std::vector<Target> targets, WorkingDays working_days,
                     std::vector<Programme> programmes) {
  reports_ = std::move(reports);
  departments_ = std::move(departments);
  targets_ = std::move(targets);
  working_days_ = std::move(working_days);
  programmes_ = std::move(programmes);
  if (programmes_.empty() && !targets_.empty()) programmes_.push_back(programme_of_all(targets_));
  for (std::uint32_t i = 0; i < departments_.size(); ++i) {
    department_by_id_.emplace(departments_[i].id, i);
  }
  by_key_.reserve(targets_.size());
  by_id_.reserve(targets_.size());
  by_name_.reserve(targets_.size());
  for (Index i = 0; i < targets_.size(); ++i) {
    DISTRICT_CHECK(targets_[i].department < departments_.size(), "a target has a department");
    DISTRICT_CHECK(targets_[i].programme < programmes_.size(), "a target has a programme");
    targets_[i].key = programmes_[targets_[i].programme].id + '/' + targets_[i].id;
    by_key_.emplace(targets_[i].key, i);
    by_id_.emplace(targets_[i].id, i);
    by_name_.emplace(targets_[i].name, i);
  }
  find_groups();
  find_parts();
  find_shapes();
  find_handovers();
  outlines_.resize(2 * targets_.size());
  for (std::size_t i = 0; i < outlines_.size(); ++i) {
    Outline& outline = outlines_[i];
    outline.department = targets_[i / 2].department;
    utf8::for_each_character(spelling(i), [&](std::string_view character) {
      outline.signature |= signature_bit(number_of(character));
      ++outline.length;
    });
  }
}

void Catalogue::close(ClosedProgramme closed) {
  std::sort(closed.called.begin(), closed.called.end());
  const auto place = std::find_if(closed_.begin(), closed_.end(), [&](const ClosedProgramme& one) {
    return one.programme.last < closed.programme.last;
  });
  closed_.insert(place, std::move(closed));
}

const ClosedProgramme* Catalogue::find_closed(std::string_view id_or_name) const {
  const std::size_t called = std::hash<std::string_view>{}(id_or_name);
  for (const ClosedProgramme& one : closed_) {
    if (std::binary_search(one.called.begin(), one.called.end(), called)) return &one;
  }
  return nullptr;
}

Catalogue Catalogue::without_settled(Date on, std::vector<Programme> others) && {
  std::vector<ClosedProgramme> closed = std::move(closed_);
  for (Programme& other : others) closed.push_back({std::move(other)});
  const bool is_any_settled = std::any_of(programmes_.begin(), programmes_.end(),
                                          [&](const Programme& p) { return p.is_settled(on); });
  if (!is_any_settled) {
    closed_.clear();
    for (ClosedProgramme& one : closed) close(std::move(one));
    return std::move(*this);
  }
  constexpr std::uint32_t kClosed = 0xffffffff;
  std::vector<std::uint32_t> number(programmes_.size(), kClosed);  // in the new catalogue
  std::vector<std::size_t> place(programmes_.size());              // in `closed`
  std::vector<Programme> open;
  for (std::size_t p = 0; p < programmes_.size(); ++p) {
    if (programmes_[p].is_settled(on)) {
      place[p] = closed.size();
      closed.push_back({programmes_[p]});
    } else {
      number[p] = static_cast<std::uint32_t>(open.size());
      open.push_back(programmes_[p]);
    }
  }
  std::vector<Target> targets;
  std::vector<bool> has_closed_targets(departments_.size());
  for (Target& target : targets_) {
    if (number[target.programme] == kClosed) {
      auto& called = closed[place[target.programme]].called;
      called.push_back(std::hash<std::string_view>{}(target.id));
      called.push_back(std::hash<std::string_view>{}(target.name));
      has_closed_targets[target.department] = true;
      continue;
    }
    target.programme = number[target.programme];
    targets.push_back(std::move(target));
  }
  for (Report& report : reports_) {
    if (!report.programme) continue;
    const std::uint32_t now = number[*report.programme];
    report.programme = now == kClosed ? std::nullopt : std::optional{now};
  }
  Catalogue rest;
  rest.has_closed_targets_ = std::move(has_closed_targets);
  rest.fill(std::move(reports_), std::move(departments_), std::move(targets),
            std::move(working_days_), std::move(open));
  for (ClosedProgramme& one : closed) rest.close(std::move(one));
  return rest;
}

// Each department that has a target of the programme on some day, and each that never has any at
// all.
void Catalogue::find_groups() {
  const std::size_t departments = departments_.size();
  group_numbers_.assign(programmes_.size() * departments, kNoGroup);
  std::vector<bool> has_targets = has_closed_targets_;
  has_targets.resize(departments);
  const auto has = [&](const Target& target, std::uint32_t department) {
    // What it is merged into has the target too, and what that is merged into.
    for (std::size_t steps = 0; steps <= departments; ++steps) {
      group_numbers_[target.programme * departments + department] = 0;
      has_targets[department] = true;
      const auto& merger = departments_[department].merged_into;
      if (!merger) break;
      department = merger->into;
    }
  };
  for (const Target& target : targets_) {
    has(target, target.department);
    for (const Target& version : target.changes) has(target, version.department);
  }
  for (std::uint32_t p = 0; p < programmes_.size(); ++p) {
    for (std::uint32_t d = 0; d < departments; ++d) {
      std::uint32_t& number = group_numbers_[p * departments + d];
      if (number == kNoGroup && has_targets[d]) continue;
      number = static_cast<std::uint32_t>(groups_.size());
      groups_.push_back({p, d});
    }
  }
}

std::uint32_t Catalogue::group_on(Index i, Date day) const {
  const Target& target = (*this)[i];
  const std::uint32_t number =
      group_numbers_[target.programme * departments_.size() + department_on(target, day)];
  DISTRICT_CHECK(number != kNoGroup, "who has a target has a group");
  return number;
}

void Catalogue::find_shapes() {
  using Period = std::tuple<std::uint32_t, Date, Date>;
  std::map<Period, std::uint32_t> number_of_period;
  std::vector<std::vector<YearShape>> newest;  // each target's, by period
  shapes_of_.reserve(targets_.size());
  for (const Target& target : targets_) {
    const Period period{target.department, target.start, target.deadline};
    const auto number = number_of_period.emplace(period, newest.size()).first->second;
    if (number == newest.size()) newest.emplace_back();
    const auto own = shapes_of_last_years(target);
    shapes_of_.push_back({static_cast<std::uint32_t>(own_shapes_.size()),
                          static_cast<std::uint32_t>(own.size()), number});
    own_shapes_.insert(own_shapes_.end(), own.begin(), own.end());
    if (!own.empty()) newest[number].push_back(own.front());
  }
  common_shapes_.reserve(newest.size());
  for (auto& shapes : newest) common_shapes_.push_back(common_shapes(std::move(shapes)));
}

void Catalogue::find_handovers() {
  std::vector<Date> mergers;
  for (const Department& department : departments_) {
    if (department.merged_into) mergers.push_back(department.merged_into->from);
  }
  has_mergers_ = !mergers.empty();
  for (Index i = 0; i < targets_.size(); ++i) {
    const Target& target = targets_[i];
    if (!has_mergers_ && target.changes.empty()) continue;
    std::vector<Date> days = mergers;
    for (const Target& version : target.changes) {
      days.push_back(std::max(version.decided, version.changed_from));
    }
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());
    std::erase_if(days, [&](Date day) {
      return department_on(target, day) == department_on(target, day - std::chrono::days{1});
    });
    if (days.empty()) continue;
    handovers_.resize(targets_.size());
    handovers_[i] = std::move(days);
  }
}

std::uint32_t Catalogue::merged_on(std::uint32_t department, Date day) const {
  DISTRICT_CHECK(department < departments_.size(), "the department is of this catalogue");
  if (!has_mergers_) return department;
  for (std::size_t steps = 0; steps < departments_.size(); ++steps) {
    const auto& merger = departments_[department].merged_into;
    if (!merger || merger->from > day) break;
    department = merger->into;
  }
  return department;
}

std::uint32_t Catalogue::department_on(const Target& t, Date day) const {
  const std::uint32_t own = t.changes.empty() ? t.department : t.version_on(day, day).department;
  return merged_on(own, day);
}

bool Catalogue::may_report(const Target& t, std::uint32_t department, Date day) const {
  std::uint32_t at = t.changes.empty() ? t.department : t.version_on(day, day).department;
  for (std::size_t steps = 0; at != department && steps < departments_.size(); ++steps) {
    const auto& merger = departments_[at].merged_into;
    if (!merger || merger->from > day) return false;
    at = merger->into;
  }
  return at == department;
}

bool Catalogue::is_ever_of(const Target& t, std::uint32_t department) const {
  const auto comes_to = [&](std::uint32_t own) {
    if (own == department) return true;
    if (!has_mergers_) return false;
    for (std::size_t steps = 0; steps < departments_.size(); ++steps) {
      const auto& merger = departments_[own].merged_into;
      if (!merger) return false;
      own = merger->into;
      if (own == department) return true;
    }
    return false;
  };
  return comes_to(t.department) ||
         std::any_of(t.changes.begin(), t.changes.end(),
                     [&](const Target& version) { return comes_to(version.department); });
}

std::span<const Date> Catalogue::handovers(Index i) const {
  DISTRICT_CHECK(i < targets_.size(), "the target's index is of this catalogue");
  if (handovers_.empty()) return {};
  return handovers_[i];
}

void Catalogue::find_parts() {
  for (Index i = 0; i < targets_.size(); ++i) {
    if (const auto parent = parent_of(i)) parts_[*parent].push_back(i);
  }
}

std::optional<Catalogue::Index> Catalogue::parent_of(Index i) const {
  const Target& target = (*this)[i];
  if (!target.is_part()) return std::nullopt;
  return find_key(programmes_[target.programme].id + '/' + target.parent);
}

std::span<const Catalogue::Index> Catalogue::parts_of(Index i) const {
  const auto found = parts_.find(i);
  return found == parts_.end() ? std::span<const Index>{} : std::span<const Index>{found->second};
}

KnownShapes Catalogue::known_shapes(Index i) const {
  DISTRICT_CHECK(i < shapes_of_.size(), "the target's index is of this catalogue");
  const ShapesOf& of = shapes_of_[i];
  return {std::span(own_shapes_).subspan(of.first_own, of.own), common_shapes_[of.period]};
}

std::string_view Catalogue::spelling(std::size_t outline) const {
  const Target& target = targets_[outline / 2];
  return outline % 2 == 0 ? target.name : target.id;
}

std::optional<std::uint32_t> Catalogue::find_department(std::string_view id) const {
  return value_of(department_by_id_, id);
}

std::optional<std::uint32_t> Catalogue::find_programme(std::string_view id) const {
  const auto found = std::find_if(programmes_.begin(), programmes_.end(),
                                  [&](const Programme& programme) { return programme.id == id; });
  if (found == programmes_.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - programmes_.begin());
}

std::optional<Catalogue::Index> Catalogue::find_key(std::string_view key) const {
  return value_of(by_key_, key);
}

std::optional<Catalogue::Index> Catalogue::find_id(std::string_view id,
                                                   std::optional<Date> on) const {
  const auto [first, last] = by_id_.equal_range(id);
  if (first == last) return std::nullopt;
  if (std::next(first) == last) return first->second;
  return preferred(indices_of(first, last), on);
}

std::optional<Catalogue::Index> Catalogue::find(std::string_view department,
                                                std::string_view id_or_name,
                                                std::optional<Date> on) const {
  if (const auto by_id = find_id(id_or_name, on)) return by_id;
  return preferred(find_all(department, id_or_name), on);
}

std::vector<Catalogue::Index> Catalogue::find_all(std::string_view department,
                                                  std::string_view id_or_name) const {
  const auto [first_id, last_id] = by_id_.equal_range(id_or_name);
  if (first_id != last_id) return indices_of(first_id, last_id);
  const auto own = find_department(department);
  const auto [first, last] = by_name_.equal_range(id_or_name);
  std::vector<Index> all = indices_of(first, last);
  if (all.empty()) return all;
  std::vector<Index> of_own;
  std::copy_if(all.begin(), all.end(), std::back_inserter(of_own),
               [&](Index i) { return own && is_ever_of(targets_[i], *own); });
  if (!of_own.empty()) return of_own;
  const bool is_of_one = std::all_of(all.begin(), all.end(), [&](Index i) {
    return targets_[i].department == targets_[all.front()].department;
  });
  return is_of_one ? all : std::vector<Index>{};
}

std::optional<Catalogue::Index> Catalogue::preferred(std::span<const Index> same,
                                                     std::optional<Date> on) const {
  if (same.empty()) return std::nullopt;
  const auto is_better = [&](const Programme& a, const Programme& b) {
    if (!on) return a.last > b.last;
    const auto holds = [&](const Programme& p) { return p.first <= *on && *on <= p.last; };
    if (holds(a) != holds(b)) return holds(a);
    if (holds(a)) return a.last - a.first < b.last - b.first;
    if (a.has_begun(*on) != b.has_begun(*on)) return a.has_begun(*on);
    return a.has_begun(*on) ? a.last > b.last : a.first < b.first;
  };
  Index best = same.front();
  for (const Index i : same) {
    if (is_better(programme_of(targets_[i]), programme_of(targets_[best]))) best = i;
  }
  return best;
}

std::string Catalogue::nearest(std::string_view department, std::string_view text) const {
  if (text.empty() || text.size() > kMostBytes || utf8::characters(text).size() > kMostCharacters) {
    return {};
  }
  const Compared compared(text);
  const auto own = find_department(department);
  std::size_t best = (compared.length() - 1) / 2;  // fewer than half

  // By what they differ at least, so that the likely ones come first.
  std::array<std::vector<std::uint32_t>, kMostCharacters / 2> likely;
  for (std::uint32_t i = 0; i < outlines_.size(); ++i) {
    const Outline& outline = outlines_[i];
    if (own && outline.department != *own) continue;
    const std::size_t least = compared.least_distance(outline.signature, outline.length);
    if (least <= best && likely[least].size() < kMostCompared) likely[least].push_back(i);
  }

  std::optional<std::uint32_t> result;
  std::size_t left = kMostCompared;
  for (std::size_t least = 0; least <= best; ++least) {
    for (const std::uint32_t i : likely[least]) {
      if (left-- == 0) return std::string{result ? spelling(*result) : std::string_view{}};
      const std::size_t distance = compared.distance(spelling(i));
      if (distance > best || (distance == best && result && *result < i)) continue;
      best = distance;
      result = i;
    }
  }
  return std::string{result ? spelling(*result) : holding_or_held_by(own, text)};
}

std::string_view Catalogue::holding_or_held_by(std::optional<std::uint32_t> department,
                                               std::string_view text) const {
  if (utf8::characters(text).size() < 2) return {};
  std::string_view held;
  std::string_view holding;
  for (std::size_t i = 0; i < outlines_.size(); ++i) {
    if (outlines_[i].length < 2 || (department && outlines_[i].department != *department)) continue;
    const std::string_view candidate = spelling(i);
    if (candidate.size() > held.size() && text.find(candidate) != std::string_view::npos) {
      held = candidate;
    }
    if ((holding.empty() || candidate.size() < holding.size()) &&
        candidate.find(text) != std::string_view::npos) {
      holding = candidate;
    }
  }
  return held.empty() ? holding : held;
}

}  // namespace districtd
