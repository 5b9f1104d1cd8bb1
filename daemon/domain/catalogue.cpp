#include "daemon/domain/catalogue.h"

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "base/edit_distance.h"
#include "base/utf8.h"

namespace districtd {

namespace {

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
                     std::vector<Programme> programmes)
    : reports_(std::move(reports)),
      departments_(std::move(departments)),
      targets_(std::move(targets)),
      working_days_(std::move(working_days)),
      programmes_(std::move(programmes)) {
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
  find_parts();
  find_shapes();
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
               [&](Index i) { return targets_[i].department == own; });
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
