#include "daemon/store/narrative_rows.h"

#include <string_view>

#include "daemon/store/columns.h"

namespace districtd {
namespace {

// The rows of one day, the last one first.
Narrative newest_parts(sqlite::Statement& rows) {
  Narrative said;
  while (rows.step()) {
    Narrative earlier;
    for (int i = 0; i < static_cast<int>(Narrative::kParts); ++i) {
      earlier.parts[static_cast<std::size_t>(i)] = rows.text(i);
    }
    said.fill_from(earlier);
  }
  rows.reset();
  return said;
}

}  // namespace

NarrativeRows::NarrativeRows(const sqlite::Connection& connection, NewestValues& newest)
    : newest_(newest),
      standing_(connection,
                "SELECT progress, problems, next_steps FROM narrative"
                " WHERE target = ? AND as_of = ? AND counts ORDER BY seq DESC, row DESC"),
      of_series_(connection,
                 "SELECT progress, problems, next_steps FROM narrative said"
                 " WHERE target = ? AND as_of = ?"
                 " AND EXISTS(SELECT 1 FROM delivery WHERE key = ? AND seq = said.seq)"
                 " ORDER BY seq DESC, row DESC"),
      since_(connection,
             "SELECT EXISTS(SELECT 1 FROM narrative WHERE target = ? AND as_of = ? AND seq >= ?"
             " AND counts)"),
      insert_(connection,
              "INSERT INTO narrative(target, as_of, seq, row, progress, problems, next_steps,"
              " counts) VALUES(?, ?, ?, ?, ?, ?, ?, ?)") {}

std::int64_t NarrativeRows::record(const Append& append, std::int64_t seq,
                                   std::optional<std::int64_t> came_first, const Sha256* series) {
  std::int64_t kept = 0;
  for (const ReportedNarrative& row : append.decoded.narratives) {
    const TargetKey key = newest_.key_of(append.catalogue, row.target);
    const std::int32_t as_of = day_number(row.as_of);
    if (came_first && is_said_since(*came_first, key, as_of)) continue;
    const Narrative before = series != nullptr ? said_by(*series, key, as_of) : Narrative{};
    if (series != nullptr && row.said.is_said_by(before)) continue;
    const bool stands = row.said.is_said_by(standing(key, as_of));
    if (!stands) ++kept;
    if (!stands || series != nullptr) insert(key, as_of, seq, row, !stands);
  }
  return kept;
}

Narrative NarrativeRows::standing(TargetKey key, std::int32_t as_of) {
  standing_.bind(1, std::int64_t{key}).bind(2, std::int64_t{as_of});
  return newest_parts(standing_);
}

Narrative NarrativeRows::said_by(const Sha256& series, TargetKey key, std::int32_t as_of) {
  of_series_.bind(1, std::int64_t{key})
      .bind(2, std::int64_t{as_of})
      .bind(3, std::span<const unsigned char>(series));
  return newest_parts(of_series_);
}

bool NarrativeRows::is_said_since(std::int64_t seq, TargetKey key, std::int32_t as_of) {
  since_.bind(1, std::int64_t{key}).bind(2, std::int64_t{as_of}).bind(3, seq);
  const bool is_said = since_.step() && since_.integer(0) != 0;
  since_.reset();
  return is_said;
}

void NarrativeRows::insert(TargetKey key, std::int32_t as_of, std::int64_t seq,
                           const ReportedNarrative& row, bool counts) {
  insert_.bind(1, std::int64_t{key})
      .bind(2, std::int64_t{as_of})
      .bind(3, seq)
      .bind(4, std::int64_t{row.row})
      .bind(5, std::string_view(row.said.progress()))
      .bind(6, std::string_view(row.said.problems()))
      .bind(7, std::string_view(row.said.next_steps()))
      .bind(8, std::int64_t{counts})
      .run();
}

void NarrativeRows::reset() noexcept {
  standing_.reset();
  of_series_.reset();
  since_.reset();
}

}  // namespace districtd
