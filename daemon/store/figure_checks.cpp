#include "daemon/store/figure_checks.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <utility>

#include "daemon/store/columns.h"

namespace districtd {
namespace {

std::string sum_text(const Target& target, double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.12g", target.unit.from_base(value));
  return text.data() + target.unit.symbol();
}

std::string_view words_of(CheckOp op) {
  switch (op) {
    case CheckOp::less:
      return "小于";
    case CheckOp::at_most:
      return "不大于";
    case CheckOp::equal:
      return "等于";
    case CheckOp::at_least:
      return "不小于";
    case CheckOp::more:
      break;
  }
  return "大于";
}

std::optional<Catalogue::Index> find(const Catalogue& catalogue, const Programme& programme,
                                     const std::string& id) {
  return catalogue.find_key(programme.id + "/" + id);
}

// Takes out the rows and says why in the receipt.
void take_out(Decoded& decoded, const std::map<std::size_t, std::string>& refused,
              const Catalogue& catalogue) {
  std::set<std::pair<std::uint16_t, std::int32_t>> rows;
  for (const auto& [index, sentence] : refused) {
    const Observation& said = decoded.observations[index];
    rows.emplace(said.sheet, said.row);
    ++decoded.receipt.rejected;
    if (decoded.receipt.errors.size() >= Receipt::kMostErrors) continue;
    decoded.receipt.errors.push_back({said.row, decoded.value_column_of(said.reading.as_of),
                                      sum_text(catalogue[said.target], said.reading.value.number()),
                                      "check_failed", sentence, decoded.sheet_of(said)});
  }
  std::vector<Observation> left;
  for (std::size_t i = 0; i < decoded.observations.size(); ++i) {
    if (!refused.contains(i)) left.push_back(std::move(decoded.observations[i]));
  }
  decoded.observations = std::move(left);
  std::erase_if(decoded.narratives, [&](const ReportedNarrative& one) {
    return rows.contains({one.sheet, one.row});
  });
  const auto sheet_at = [&](const std::string& sheet) {
    return std::find(decoded.sheets.begin(), decoded.sheets.end(), sheet);
  };
  std::stable_sort(decoded.receipt.errors.begin(), decoded.receipt.errors.end(),
                   [&](const RowError& a, const RowError& b) {
                     const auto first = sheet_at(a.sheet);
                     const auto second = sheet_at(b.sheet);
                     return first != second ? first < second : a.row < b.row;
                   });
  if (decoded.observations.empty() && decoded.narratives.empty()) {
    decoded.outcome = Outcome::refused;
  }
}

}  // namespace

struct FigureChecks::Compared {
  std::vector<std::size_t> rows;  // of the submission, that take part
  std::string sentence;           // why it does not hold
};

FigureChecks::FigureChecks(const sqlite::Connection& connection, NewestValues& newest,
                           KnownValues& known)
    : newest_(newest),
      known_(known),
      insert_(connection,
              "INSERT OR IGNORE INTO check_fired(seq, programme, name, target, as_of, value)"
              " VALUES(?, ?, ?, ?, ?, ?)") {}

std::optional<double> FigureChecks::standing(const Append& append, Catalogue::Index target,
                                             Date day) {
  const TargetKey key = newest_.key_of(append.catalogue, target);
  known_.turn_to(key, newest_.newest(key));
  const auto figure = known_.figure_of(day_number(day));
  if (!figure || figure->value.is_withdrawn()) return std::nullopt;
  return figure->value.number();
}

// nullopt where it holds, where a side is missing, and where the submission says nothing new of it.
std::optional<FigureChecks::Compared> FigureChecks::compare(const Append& append,
                                                            const Decoded& decoded,
                                                            const Rows& rows,
                                                            const Programme& programme,
                                                            const FigureCheck& check, Date day) {
  const Catalogue& catalogue = *append.catalogue;
  Compared compared;
  bool is_news = false;
  std::array<double, 2> sums{};
  std::array<std::string, 2> names;
  const Target* unit = nullptr;
  for (std::size_t side = 0; side < 2; ++side) {
    for (const std::string& id : side == 0 ? check.left : check.right) {
      const auto target = find(catalogue, programme, id);
      if (!target) return std::nullopt;
      if (unit == nullptr) unit = &catalogue[*target];
      names[side] += (names[side].empty() ? "" : "、") + catalogue[*target].name;
      const auto before = standing(append, *target, day);
      const auto own = rows.find({*target, day});
      if (own == rows.end()) {
        if (!before) return std::nullopt;
        sums[side] += *before;
        continue;
      }
      const ReportedValue value = decoded.observations[own->second.back()].reading.value;
      if (value.is_withdrawn()) return std::nullopt;
      sums[side] += value.number();
      is_news = is_news || before != value.number();
      compared.rows.insert(compared.rows.end(), own->second.begin(), own->second.end());
    }
  }
  if (!is_news || holds(check.op, sums[0], sums[1])) return std::nullopt;
  compared.sentence = "核对“" + check.name + "”不成立：截至 " + to_string(day) + "，" + names[0] +
                      (check.left.size() > 1 ? "合计 " : " ") + sum_text(*unit, sums[0]) + "，应" +
                      std::string(words_of(check.op)) + names[1] +
                      (check.right.size() > 1 ? "合计的 " : "的 ") + sum_text(*unit, sums[1]) +
                      (check.message.empty() ? "" : "（" + check.message + "）");
  return compared;
}

Checked FigureChecks::check(const Append& append) {
  Checked checked;
  if (!append.catalogue) return checked;
  const Catalogue& catalogue = *append.catalogue;
  std::vector<bool> takes_part;
  for (const Programme& programme : catalogue.programmes()) {
    for (const FigureCheck& check : programme.checks) {
      takes_part.resize(catalogue.targets().size());
      for (const auto* const side : {&check.left, &check.right}) {
        for (const std::string& id : *side) {
          if (const auto target = find(catalogue, programme, id)) takes_part[*target] = true;
        }
      }
    }
  }
  if (takes_part.empty()) return checked;
  // What is left after rows were refused is another set of figures, and is checked again.
  for (;;) {
    const Decoded& decoded = checked.left ? *checked.left : append.decoded;
    Rows rows;
    std::set<Date> days;
    for (std::size_t i = 0; i < decoded.observations.size(); ++i) {
      const Observation& said = decoded.observations[i];
      if (!takes_part[said.target]) continue;
      rows[{said.target, said.reading.as_of}].push_back(i);
      days.insert(said.reading.as_of);
    }
    checked.flags.clear();
    std::map<std::size_t, std::string> refused;
    std::vector<FiredFigure> asked;
    for (const Programme& programme : catalogue.programmes()) {
      for (const FigureCheck& check : programme.checks) {
        for (const Date day : days) {
          const auto compared = compare(append, decoded, rows, programme, check, day);
          if (!compared) continue;
          const bool refuses = check.severity == CheckSeverity::refuse;
          for (const std::size_t row : compared->rows) {
            const Observation& said = decoded.observations[row];
            const double value = said.reading.value.number();
            (refuses ? checked.fired : asked)
                .push_back({programme.id, check.name, newest_.key_of(append.catalogue, said.target),
                            day, value});
            if (refuses) {
              refused.emplace(row,
                              compared->sentence +
                                  "；这一行没有收下，请核对后，把参加核对的各行一起重新报送。");
            } else if (checked.flags.size() < Receipt::kMostErrors) {
              checked.flags.push_back({said.row, decoded.value_column_of(day),
                                       sum_text(catalogue[said.target], value), "check",
                                       compared->sentence + "；已收下，请核实，有误请更正。",
                                       decoded.sheet_of(said), said.explanation});
            }
          }
        }
      }
    }
    if (refused.empty()) {
      checked.fired.insert(checked.fired.end(), asked.begin(), asked.end());
      return checked;
    }
    if (!checked.left) checked.left = append.decoded;
    take_out(*checked.left, refused, catalogue);
  }
}

void FigureChecks::insert(std::int64_t seq, std::span<const FiredFigure> fired) {
  for (const FiredFigure& one : fired) {
    insert_.bind(1, seq)
        .bind(2, std::string_view(one.programme))
        .bind(3, std::string_view(one.check))
        .bind(4, std::int64_t{one.target})
        .bind(5, std::int64_t{day_number(one.as_of)})
        .bind(6, one.value)
        .run();
  }
}

std::vector<CheckCount> read_check_counts(const sqlite::Connection& connection) {
  sqlite::Statement each(
      connection,
      "SELECT programme, name, count(*), sum(was_corrected) FROM ("
      " SELECT programme, name, max(EXISTS(SELECT 1 FROM observation o WHERE o.target = f.target"
      "  AND o.as_of = f.as_of AND o.seq > f.seq AND o.value <> f.value)) AS was_corrected"
      " FROM check_fired f GROUP BY programme, name, seq, as_of)"
      " GROUP BY programme, name ORDER BY programme, name");
  std::vector<CheckCount> counts;
  while (each.step()) {
    counts.push_back(
        {std::string(each.text(0)), std::string(each.text(1)), each.integer(2), each.integer(3)});
  }
  return counts;
}

}  // namespace districtd
