#include "daemon/extract/drafts/comparison.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <set>
#include <tuple>

#include "daemon/extract/text/normal_text.h"

namespace districtd::extract {

namespace {

bool holds(std::string_view a, std::string_view b) { return a.find(b) != std::string_view::npos; }

// The share of the shorter name's pairs of characters that the other has too, 0..1.
double likeness(std::string_view a, std::string_view b) {
  const auto pairs = [](std::string_view text) {
    const std::u32string chars = to_u32(text);
    std::set<std::u32string> result;
    for (std::size_t i = 0; i + 1 < chars.size(); ++i) result.insert(chars.substr(i, 2));
    return result;
  };
  const auto x = pairs(a);
  const auto y = pairs(b);
  if (x.empty() || y.empty()) return a == b ? 1 : 0;
  const auto common = static_cast<double>(
      std::count_if(x.begin(), x.end(), [&y](const auto& pair) { return y.contains(pair); }));
  return common / static_cast<double>(std::min(x.size(), y.size()));
}

bool is_same_goal(const Target& target, const Draft& draft) {
  if (!target.goal || !draft.goal) return !target.goal && !draft.goal;
  const auto unit = Unit::parse(draft.unit);
  if (!unit) return false;
  const auto base = target.unit.base_of(*draft.goal, *unit);
  const double scale = std::max(std::fabs(*target.goal), 1e-9);
  return base && std::fabs(*base - *target.goal) <= 1e-9 * scale;
}

// How much the two have in common; 0: they are not the same promise.
double score(const Catalogue& catalogue, const Target& target, const Draft& draft) {
  const Department& department = catalogue.departments()[target.department];
  if (!draft.department.empty() && !department.is_called(draft.department)) return 0;
  const bool overlaps = holds(target.quote, draft.quote) || holds(draft.quote, target.quote);
  const double name = likeness(target.name, draft.name);
  if (!overlaps && name < 0.8) return 0;
  return (overlaps ? 1 : 0) + name + (target.kind == draft.kind ? 0.5 : 0) +
         (is_same_goal(target, draft) ? 0.5 : 0);
}

std::string number_text(double value, const std::string& unit) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.15g", value);
  return text.data() + unit;
}

void find_differences(const Target& target, Catalogue::Index t, const Draft& draft, std::size_t d,
                      std::vector<Difference>& out) {
  const auto add = [&](std::string field, std::string catalogue, std::string report) {
    out.push_back({t, d, std::move(field), std::move(catalogue), std::move(report)});
  };
  const bool has_numbers = target.kind != Kind::pledge && draft.kind != Kind::pledge;
  if (has_numbers && !is_same_goal(target, draft)) {
    add("goal",
        target.goal ? number_text(target.unit.from_base(*target.goal), target.unit.symbol()) : "",
        draft.goal ? number_text(*draft.goal, draft.unit) : "");
  }
  if (has_numbers && target.direction != draft.direction) {
    add("direction", std::string{to_string(target.direction)},
        std::string{to_string(draft.direction)});
  }
  if (draft.has_own_deadline && target.last_deadline() != draft.deadline) {
    add("deadline", to_string(target.last_deadline()), to_string(draft.deadline));
  }
  if (target.commitment != draft.commitment) {
    add("commitment", std::string{to_string(target.commitment)},
        std::string{to_string(draft.commitment)});
  }
}

}  // namespace

Comparison compare(const Catalogue& catalogue, const std::vector<Draft>& drafts,
                   std::string_view text) {
  std::vector<std::tuple<double, Catalogue::Index, std::size_t>> pairs;
  for (Catalogue::Index t = 0; t < catalogue.targets().size(); ++t) {
    for (std::size_t d = 0; d < drafts.size(); ++d) {
      const double s = score(catalogue, catalogue[t], drafts[d]);
      if (s > 0) pairs.emplace_back(s, t, d);
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const auto& a, const auto& b) { return std::get<0>(a) > std::get<0>(b); });
  std::vector<bool> target_is_used(catalogue.targets().size());
  std::vector<bool> draft_is_used(drafts.size());
  Comparison result;
  for (const auto& [s, t, d] : pairs) {
    if (target_is_used[t] || draft_is_used[d]) continue;
    target_is_used[t] = true;
    draft_is_used[d] = true;
    ++result.matched;
    find_differences(catalogue[t], t, drafts[d], d, result.different);
  }
  std::stable_sort(result.different.begin(), result.different.end(),
                   [](const auto& a, const auto& b) { return a.target < b.target; });
  for (std::size_t d = 0; d < drafts.size(); ++d) {
    if (draft_is_used[d]) continue;
    (drafts[d].kind == Kind::pledge ? result.other_pledges : result.missing).push_back(d);
  }
  for (Catalogue::Index t = 0; t < catalogue.targets().size(); ++t) {
    if (target_is_used[t]) continue;
    (holds(text, catalogue[t].quote) ? result.unrecognised : result.unsaid).push_back(t);
  }
  return result;
}

}  // namespace districtd::extract
