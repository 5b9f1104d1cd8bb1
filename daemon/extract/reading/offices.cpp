#include "daemon/extract/reading/offices.h"

#include <algorithm>
#include <array>

#include "daemon/extract/reading/structure.h"

namespace districtd::extract {

namespace {

enum class Part : std::uint8_t { none, lead, with };

struct Named {
  Part part = Part::none;
  std::vector<std::u32string> names;
};

// 由区教育局、区体育局牵头 -> lead; 区财政局配合 -> with.
Named read_clause(std::u32string_view text, const StructureWords& words) {
  constexpr std::array<std::u32string_view, 6> kLeads = {U"牵头负责", U"负责牵头", U"牵头抓总",
                                                         U"牵头",     U"负责",     U"承办"};
  constexpr std::array<std::u32string_view, 4> kWith = {U"协同配合", U"配合", U"协助", U"协办"};
  if (text.starts_with(U"由")) text.remove_prefix(1);
  const auto read = [&](const auto& tails, Part part) -> Named {
    for (const std::u32string_view tail : tails) {
      if (!text.ends_with(tail)) continue;
      auto names = departments_only(text.substr(0, text.size() - tail.size()), words);
      if (!names.empty()) return {part, std::move(names)};
    }
    return {};
  };
  if (auto named = read(kLeads, Part::lead); named.part != Part::none) return named;
  return read(kWith, Part::with);
}

}  // namespace

void find_offices(const Paragraph& p, const Rules& rules, std::vector<NamedOffice>& out) {
  out.clear();
  const bool may_name = p.chars().find(U"牵头") != std::u32string_view::npos ||
                        p.chars().find(U"负责") != std::u32string_view::npos ||
                        p.chars().find(U"承办") != std::u32string_view::npos;
  if (!may_name) return;
  std::size_t sentence_begin = 0;
  std::uint32_t sentence = 0;
  bool has_other = false;  // the sentence said something else before it named anyone
  for (const Clause& clause : p.clauses) {
    if (clause.sentence != sentence) {
      sentence = clause.sentence;
      sentence_begin = clause.span.begin;
      has_other = false;
    }
    Named named = read_clause(p.part(clause.span), rules.structure);
    if (named.part == Part::none) {
      has_other = true;
      continue;
    }
    if (named.part == Part::with) {
      if (!out.empty()) out.back().with = std::move(named.names);
      continue;
    }
    NamedOffice office;
    office.leads = std::move(named.names);
    if (has_other) {
      office.span = {sentence_begin, clause.span.begin};
    } else {
      if (!out.empty() && out.back().span.end == p.text.size()) {
        out.back().span.end = clause.span.begin;
      }
      office.span = {clause.span.begin, p.text.size()};
    }
    out.push_back(std::move(office));
  }
}

std::vector<std::u32string> departments_at_end(std::u32string_view text,
                                               const StructureWords& words) {
  constexpr std::u32string_view kEnds = U"。;,";
  while (!text.empty() && kEnds.find(text.back()) != std::u32string_view::npos) {
    text.remove_suffix(1);
  }
  if (text.empty() || (text.back() != U')' && text.back() != U'】')) return {};
  const auto open = text.find_last_of(text.back() == U')' ? U"(" : U"【");
  if (open == std::u32string_view::npos) return {};
  auto inner = text.substr(open + 1, text.size() - open - 2);
  for (const std::u32string_view tail : {U"牵头负责", U"牵头", U"负责", U"等"}) {
    if (inner.size() > tail.size() && inner.ends_with(tail)) inner.remove_suffix(tail.size());
  }
  return departments_only(inner, words);
}

}  // namespace districtd::extract
