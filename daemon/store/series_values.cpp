#include "daemon/store/series_values.h"

#include <string_view>

#include "daemon/store/columns.h"

namespace districtd {

SeriesValues::SeriesValues(const sqlite::Connection& connection)
    : last_(connection,
            "SELECT value, note, basis, explanation, seq, is_held FROM ("
            " SELECT seq, row, value, note, basis, explanation, 0 AS is_held FROM observation"
            "  WHERE target = ?1 AND as_of = ?2"
            " UNION ALL SELECT seq, row, value, note, basis, explanation, 1 FROM held"
            "  WHERE target = ?1 AND as_of = ?2"
            " UNION ALL SELECT seq, row, value, note, basis, explanation, 0 FROM said_unchanged"
            "  WHERE target = ?1 AND as_of = ?2) said"
            " WHERE EXISTS(SELECT 1 FROM delivery WHERE key = ?3 AND seq = said.seq)"
            " ORDER BY seq DESC, row DESC LIMIT 1"),
      insert_(connection,
              "INSERT INTO said_unchanged(target, as_of, seq, row, value, note, basis,"
              " explanation) VALUES(?, ?, ?, ?, ?, ?, ?, ?)") {}

std::optional<SeriesValues::Said> SeriesValues::said_last(const Sha256& series, TargetKey key,
                                                          std::int32_t as_of) {
  last_.bind(1, std::int64_t{key})
      .bind(2, std::int64_t{as_of})
      .bind(3, std::span<const unsigned char>(series));
  std::optional<Said> said;
  if (last_.step()) {
    said = Said{{ReportedValue::from_column(last_.real(0)), basis_from(last_.integer(2))},
                std::string(last_.text(1)),
                std::string(last_.text(3)),
                last_.integer(4),
                last_.integer(5) != 0};
  }
  last_.reset();
  return said;
}

void SeriesValues::insert(std::int64_t seq, std::span<const CountedRow> rows) {
  for (const CountedRow& row : rows) {
    insert_.bind(1, std::int64_t{row.key})
        .bind(2, std::int64_t{day_number(row.said->reading.as_of)})
        .bind(3, seq)
        .bind(4, std::int64_t{row.said->row})
        .bind(5, row.said->reading.value.to_column())
        .bind(6, std::string_view(row.said->note))
        .bind(7, basis_number(row.said->reading.basis))
        .bind(8, std::string_view(row.said->explanation))
        .run();
  }
}

}  // namespace districtd
