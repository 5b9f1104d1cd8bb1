#include "daemon/extract/reading/offices.h"

#include <algorithm>
#include <array>
#include <span>

#include "daemon/extract/reading/structure.h"

namespace districtd::extract {

namespace {

enum class Part : std::uint8_t { none, lead, with };

struct Named {
  Part part = Part::none;
  std::vector<std::u32string> names;
};

constexpr std::array<std::u32string_view, 10> kLeads = {
    U"具体负责", U"牵头负责", U"负责牵头", U"牵头抓总", U"组织实施",
    U"负责落实", U"牵头落实", U"牵头",     U"负责",     U"承办"};
constexpr std::array<std::u32string_view, 5> kWith = {U"协同配合", U"配合实施", U"配合", U"协助",
                                                      U"协办"};

// The departments before one of the words. 各乡镇、各有关部门 name nobody.
std::vector<std::u32string> names_before(std::u32string_view text,
                                         std::span<const std::u32string_view> tails,
                                         const StructureWords& words, bool& is_said) {
  for (const std::u32string_view tail : tails) {
    if (!text.ends_with(tail)) continue;
    auto rest = text.substr(0, text.size() - tail.size());
    auto names = departments_only(rest, words);
    is_said = !names.empty() || rest.starts_with(U"各") || rest.starts_with(U"有关") ||
              rest.starts_with(U"相关");
    return names;
  }
  return {};
}

// 由区教育局、区体育局牵头 -> lead; 区财政局配合 -> with.
Named read_clause(std::u32string_view text, const StructureWords& words) {
  if (text.starts_with(U"由")) text.remove_prefix(1);
  bool is_said = false;
  if (auto names = names_before(text, kLeads, words, is_said); !names.empty()) {
    return {Part::lead, std::move(names)};
  }
  if (auto names = names_before(text, kWith, words, is_said); is_said) {
    return {Part::with, std::move(names)};
  }
  return {};
}

// Where the clause in brackets ends: at a sign, or at the 、 behind 牵头 and the like.
std::size_t clause_end(std::u32string_view text, std::size_t from) {
  for (std::size_t i = from; i < text.size(); ++i) {
    constexpr std::u32string_view kSigns = U",;。";
    if (kSigns.find(text[i]) != std::u32string_view::npos) return i;
    const auto before = text.substr(from, i - from);
    if (text[i] == U'、' && (before.ends_with(U"牵头") || before.ends_with(U"负责"))) return i;
  }
  return text.size();
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
  bool has_other = false;   // the sentence said something else before it named anyone
  std::size_t unnamed = 0;  // where what nobody was named for begins
  for (std::size_t i = 0; i < p.clauses.size(); ++i) {
    const Clause& clause = p.clauses[i];
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
      if (!out.empty() && !named.names.empty()) out.back().with = std::move(named.names);
      continue;
    }
    NamedOffice office;
    office.leads = std::move(named.names);
    const bool is_last =
        std::all_of(p.clauses.begin() + static_cast<std::ptrdiff_t>(i) + 1, p.clauses.end(),
                    [&](const Clause& other) {
                      return read_clause(p.part(other.span), rules.structure).part == Part::with;
                    });
    if (has_other) {
      office.span = {sentence_begin, clause.span.begin};
      unnamed = clause.span.end;
    } else if (is_last && unnamed < clause.span.begin &&
               (out.empty() || out.back().span.end != p.text.size())) {
      // "……,达到93%。由县水利局负责。": for all that went before it.
      office.span = {unnamed, clause.span.begin};
    } else {
      if (!out.empty() && out.back().span.end == p.text.size()) {
        out.back().span.end = clause.span.begin;
      }
      office.span = {clause.span.begin, p.text.size()};
    }
    out.push_back(std::move(office));
  }
}

bool names_offices_only(const Paragraph& p, const StructureWords& words) {
  return !p.clauses.empty() &&
         std::all_of(p.clauses.begin(), p.clauses.end(), [&](const Clause& clause) {
           return read_clause(p.part(clause.span), words).part != Part::none;
         });
}

Responsibility responsibility_at_end(std::u32string_view text, const StructureWords& words) {
  Responsibility result;
  constexpr std::u32string_view kEnds = U"。;,";
  while (!text.empty() && kEnds.find(text.back()) != std::u32string_view::npos) {
    text.remove_suffix(1);
  }
  if (text.empty() || (text.back() != U')' && text.back() != U'】')) return result;
  const auto open = text.find_last_of(text.back() == U')' ? U"(" : U"【");
  if (open == std::u32string_view::npos) return result;
  auto inner = text.substr(open + 1, text.size() - open - 2);
  if (inner.size() > 1 && inner.ends_with(U"等")) inner.remove_suffix(1);
  result.leads = departments_only(inner, words);
  if (!result.leads.empty()) return result;
  for (std::size_t at = 0; at <= inner.size();) {
    const std::size_t end = clause_end(inner, at);
    Named named = read_clause(inner.substr(at, end - at), words);
    if (named.part == Part::none) return {};
    auto& list = named.part == Part::lead ? result.leads : result.with;
    list.insert(list.end(), named.names.begin(), named.names.end());
    at = end + 1;
  }
  if (result.leads.empty()) return {};
  return result;
}

}  // namespace districtd::extract
