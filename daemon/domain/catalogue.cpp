#include "daemon/domain/catalogue.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace districtd {

namespace {

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> result;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t next = i + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80U) ++next;
    result.push_back(text.substr(i, next - i));
    i = next;
  }
  return result;
}

template <typename Map>
auto value_of(const Map& map, std::string_view key) {
  const auto found = map.find(key);
  return found == map.end() ? std::optional<typename Map::mapped_type>{} : found->second;
}

}  // namespace

Catalogue::Catalogue(std::vector<Report> reports, std::vector<Department> departments,
                     std::vector<Target> targets)
    : reports_(std::move(reports)),
      departments_(std::move(departments)),
      targets_(std::move(targets)) {
  for (std::uint32_t i = 0; i < departments_.size(); ++i) {
    department_by_id_.emplace(departments_[i].id, i);
  }
  by_id_.reserve(targets_.size());
  by_name_.reserve(targets_.size());
  for (Index i = 0; i < targets_.size(); ++i) {
    by_id_.emplace(targets_[i].id, i);
    by_name_.emplace(targets_[i].name, i);
  }
}

std::optional<std::uint32_t> Catalogue::find_department(std::string_view id) const {
  return value_of(department_by_id_, id);
}

std::optional<Catalogue::Index> Catalogue::find_id(std::string_view id) const {
  return value_of(by_id_, id);
}

std::optional<Catalogue::Index> Catalogue::find(std::string_view department,
                                                std::string_view id_or_name) const {
  if (const auto by_id = find_id(id_or_name)) return by_id;
  const auto own = find_department(department);
  const auto [first, last] = by_name_.equal_range(id_or_name);
  for (auto it = first; it != last; ++it) {
    if (targets_[it->second].department == own) return it->second;
  }
  if (first != last && std::next(first) == last) return first->second;
  return std::nullopt;
}

std::string Catalogue::nearest(std::string_view department, std::string_view text) const {
  const auto own = find_department(department);
  const std::size_t length = characters(text).size();
  // Half of the characters wrong is no longer a typing error.
  std::size_t best = std::max<std::size_t>(length / 2, 1) + 1;
  std::string_view result;
  if (length > 60) return {};
  for (const Target& target : targets_) {
    if (own && target.department != *own) continue;
    for (const std::string_view candidate :
         {std::string_view{target.name}, std::string_view{target.id}}) {
      const std::size_t distance = edit_distance(text, candidate);
      if (distance < best) {
        best = distance;
        result = candidate;
      }
    }
  }
  return std::string{result};
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  const auto left = characters(a);
  const auto right = characters(b);
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t substituted = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace districtd
