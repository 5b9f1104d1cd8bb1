#include "daemon/intake/target_lookup.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace districtd {

namespace {

constexpr std::size_t kFewestSlots = 16;
constexpr std::size_t kMostSharedUnits = 32;  // they are searched one by one

std::uint32_t tag_of(std::size_t hash) { return static_cast<std::uint32_t>(hash >> 32U); }

}  // namespace

TargetLookup::TargetLookup(const Catalogue& catalogue, std::string_view department)
    : catalogue_(catalogue),
      department_id_(department),
      department_(catalogue.find_department(department)),
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
  const auto index = catalogue_.find(department_id_, id_or_name);
  return index ? add(hash, id_or_name, *index) : nullptr;
}

const RowTarget* TargetLookup::add(std::size_t hash, std::string_view text,
                                   Catalogue::Index index) {
  if (2 * (seen_.size() + 1) > slots_.size()) grow();
  const Target& target = catalogue_[index];
  last_ = seen_.size();
  slot_of(hash, text) = {tag_of(hash), static_cast<std::uint32_t>(last_ + 1)};
  return &seen_.emplace_back(RowTarget{copy_of(text), shared_unit(target.unit), target.start,
                                       target.last_deadline(),
                                       target.withdrawn.value_or(Date::max()), index, target.kind,
                                       target.department == department_});
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
