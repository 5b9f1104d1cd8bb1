#include "daemon/store/rows_read.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <string>
#include <utility>

namespace districtd {
namespace {

std::string_view word_of(RowFate fate) {
  switch (fate) {
    case RowFate::accepted:
      return "accepted";
    case RowFate::corrected:
      return "corrected";
    case RowFate::held:
      return "held";
    case RowFate::unchanged:
      break;
  }
  return "unchanged";
}

// "12.6亿元", "预计 12.6亿元", "撤回", "已报送".
std::string shown(const Target& target, const StoredFigure& figure) {
  if (figure.value.is_withdrawn()) return "撤回";
  if (target.kind == Kind::pledge) return figure.value.number() == 0 ? "未报送" : "已报送";
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.15g", target.unit.from_base(figure.value.number()));
  return (figure.basis == Basis::projected ? "预计 " : "") + (text.data() + target.unit.symbol());
}

RowRead row_of(const Catalogue& catalogue, Catalogue::Index index, Date as_of) {
  const Target& target = catalogue[index];
  RowRead row;
  row.target = target.id;
  row.name = target.name;
  row.programme = catalogue.programme_of(target).id;
  row.as_of = to_string(as_of);
  row.unit = target.unit.symbol();
  return row;
}

}  // namespace

std::vector<RowRead> rows_read(const Append& append, const std::vector<ObservationFate>& fates) {
  const Decoded& decoded = append.decoded;
  std::map<std::pair<std::uint16_t, std::int64_t>, std::vector<std::string>> notes;
  for (const RowNote& one : decoded.row_notes) notes[{one.sheet, one.row}].push_back(one.sentence);
  const auto notes_of = [&](std::uint16_t sheet, std::int64_t row) {
    const auto found = notes.find({sheet, row});
    return found == notes.end() ? std::vector<std::string>() : found->second;
  };
  using Placed = std::pair<std::pair<std::uint16_t, std::int64_t>, RowRead>;
  std::vector<Placed> rows;
  for (std::size_t i = 0; i < decoded.observations.size() && rows.size() < Receipt::kMostErrors;
       ++i) {
    const Observation& said = decoded.observations[i];
    const Target& target = (*append.catalogue)[said.target];
    RowRead row = row_of(*append.catalogue, said.target, said.reading.as_of);
    row.row = said.row;
    row.sheet = decoded.sheet_of(said);
    if (!said.reading.value.is_withdrawn() && target.kind != Kind::pledge) {
      row.value = target.unit.from_base(said.reading.value.number());
    }
    row.value_text = shown(target, {said.reading.value, said.reading.basis});
    row.basis = to_string(said.reading.basis);
    row.notes = notes_of(said.sheet, said.row);
    if (i < fates.size()) {
      if (fates[i].stands) row.stands = shown(target, *fates[i].stands);
      row.becomes = word_of(fates[i].fate);
    } else {
      row.becomes = "unchanged";
    }
    rows.emplace_back(std::pair{said.sheet, std::int64_t{said.row}}, std::move(row));
  }
  for (const ReportedNarrative& said : decoded.narratives) {
    if (!said.is_alone || rows.size() >= Receipt::kMostErrors) continue;
    RowRead row = row_of(*append.catalogue, said.target, said.as_of);
    row.row = said.row;
    row.sheet = said.sheet < decoded.sheets.size() ? decoded.sheets[said.sheet] : "";
    row.notes = notes_of(said.sheet, said.row);
    row.becomes = "narrative";
    rows.emplace_back(std::pair{said.sheet, std::int64_t{said.row}}, std::move(row));
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Placed& a, const Placed& b) { return a.first < b.first; });
  std::vector<RowRead> read;
  read.reserve(rows.size());
  for (Placed& one : rows) read.push_back(std::move(one.second));
  return read;
}

}  // namespace districtd
