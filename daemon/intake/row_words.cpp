// What a row says in words: 进展情况, 存在问题, 下一步打算.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/text.h"
#include "daemon/intake/rows.h"
#include "daemon/intake/value_reader.h"
#include "daemon/intake/words_limit.h"

namespace districtd {

bool Rows::has_words(const Row& row) {
  return std::any_of(kNarrativeColumns.begin(), kNarrativeColumns.end(),
                     [&](Column column) { return !is_empty_mark(trim(row[column])); });
}

// Whether a row has words where its figure would stand. A pledge has no figure: what it says in
// words alone is no report either; with a remark it is what it was before there were columns for
// words.
bool Rows::is_words_alone(const Row& row, const RowTarget& called, bool is_empty) const {
  if (!has_words(row)) return false;
  const bool is_one_of_several = row.context != nullptr && row.context->layout->figures.size() > 1;
  if (is_one_of_several) return false;  // add_words_beside_figures() says of which day they are
  const std::string_view value = trim(row[Column::value]);
  if (called.kind == Kind::pledge) return value.empty() && trim(row[Column::note]).empty();
  return is_empty || value.empty();
}

std::optional<Rows::Fault> Rows::check_words(const Row& row, Narrative& said) const {
  said = {};
  for (std::size_t i = 0; i < Narrative::kParts; ++i) {
    const Column column = kNarrativeColumns[i];
    const std::string_view text = trim(row[column]);
    if (is_empty_mark(text)) continue;
    if (const auto formula = cell_fault(text)) return Fault{*formula, column};
    if (text.size() > kMostWordsBytes) return Fault{Refusal::words_too_long, column};
    said.parts[i] = text;
  }
  return std::nullopt;
}

void Rows::add_words_beside_figures(const Row& row, std::span<const std::string_view> cells) {
  if (!has_words(row)) return;
  const auto& before = decoded_.observations;
  const Observation* latest = nullptr;
  bool is_of_one = true;
  for (auto one = before.rbegin();
       one != before.rend() && one->row == row.number && one->sheet == sheet(); ++one) {
    is_of_one = is_of_one && (latest == nullptr || latest->target == one->target);
    if (latest == nullptr || one->reading.as_of > latest->reading.as_of) latest = &*one;
  }
  const auto& errors = decoded_.receipt.errors;
  const bool is_refused = !errors.empty() && errors.back().row == row.number;
  if (latest == nullptr && is_refused) return;  // the whole row is sent again
  Fault fault{Refusal::words_without_day, Column::progress};
  for (const Column column : kNarrativeColumns) {
    if (!is_empty_mark(trim(row[column]))) {
      fault.column = column;
      break;
    }
  }
  Narrative said;
  std::optional<Fault> found = check_words(row, said);
  if (!found && (latest == nullptr || !is_of_one)) found = fault;
  if (found) {
    refuse(row.number, cells, [&] {
      Row plain = row;
      plain.context = nullptr;
      return explain_fault(*found, plain, Observation{});
    });
    return;
  }
  assumed().words_of_latest.add(row.number, to_string(latest->reading.as_of), "");
  decoded_.narratives.push_back({latest->target, latest->reading.as_of,
                                 static_cast<std::int32_t>(row.number), said, false, sheet()});
}

// Several rows of one target and day: the last one is kept as what is said, the others in the
// record.
void Rows::note_words_said_twice() {
  if (decoded_.narratives.size() < 2) return;
  std::map<std::pair<Catalogue::Index, Date>, const Narrative*> said;
  for (const ReportedNarrative& one : decoded_.narratives) {
    const Narrative*& known = said[{one.target, one.as_of}];
    if (known != nullptr && !one.said.is_said_by(*known)) {
      note("“" + catalogue_[one.target].name + "”截至 " + to_string(one.as_of) +
           " 的文字（进展情况等）有几行，以最后一行为准，前面的保留在记录中。");
    }
    known = &one.said;
  }
}

}  // namespace districtd
