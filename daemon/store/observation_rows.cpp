#include "daemon/store/observation_rows.h"

#include <cstddef>
#include <string>
#include <string_view>

#include "base/check.h"
#include "daemon/store/columns.h"

namespace districtd {
namespace {

// Rows that one statement inserts: what starting and ending a statement costs is shared.
constexpr std::size_t kRowsAtOnce = 16;
constexpr int kColumnsOfARow = 8;

// OR FAIL: what fails is rolled back as a whole transaction, no statement needs an undo log.
std::string insert_of(std::size_t rows) {
  std::string sql =
      "INSERT OR FAIL INTO observation(target, as_of, seq, row, value, note, basis,"
      " explanation) VALUES";
  for (std::size_t row = 0; row < rows; ++row) {
    sql += row == 0 ? "(?,?,?,?,?,?,?,?)" : ",(?,?,?,?,?,?,?,?)";
  }
  return sql;
}

void bind(sqlite::Statement& statement, int position, std::int64_t seq, const CountedRow& row) {
  DISTRICT_CHECK(row.key != 0 && row.said != nullptr, "a row is of a target");
  statement.bind(position, std::int64_t{row.key})
      .bind(position + 1, std::int64_t{day_number(row.said->reading.as_of)})
      .bind(position + 2, seq)
      .bind(position + 3, std::int64_t{row.said->row})
      .bind(position + 4, row.said->reading.value.to_column())
      .bind(position + 5, std::string_view(row.said->note))
      .bind(position + 6, basis_number(row.said->reading.basis))
      .bind(position + 7, std::string_view(row.said->explanation));
}

}  // namespace

ObservationRows::ObservationRows(const sqlite::Connection& connection)
    : insert_one_(connection, insert_of(1).c_str()),
      insert_several_(connection, insert_of(kRowsAtOnce).c_str()),
      insert_held_(connection,
                   "INSERT OR FAIL INTO held(seq, target, as_of, row, value, note, flags, basis, "
                   "explanation)"
                   " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)") {}

void ObservationRows::insert(std::int64_t seq, std::span<const CountedRow> rows) {
  std::size_t next = 0;
  for (; next + kRowsAtOnce <= rows.size(); next += kRowsAtOnce) {
    int position = 1;
    for (const CountedRow& row : rows.subspan(next, kRowsAtOnce)) {
      bind(insert_several_, position, seq, row);
      position += kColumnsOfARow;
    }
    insert_several_.run();
  }
  for (const CountedRow& row : rows.subspan(next)) {
    bind(insert_one_, 1, seq, row);
    insert_one_.run();
  }
}

void ObservationRows::insert(std::int64_t seq, std::span<const HeldRow> rows) {
  for (const HeldRow& row : rows) {
    DISTRICT_CHECK(row.key != 0 && row.said != nullptr, "a row is of a target");
    insert_held_.bind(1, seq)
        .bind(2, std::int64_t{row.key})
        .bind(3, std::int64_t{day_number(row.said->reading.as_of)})
        .bind(4, std::int64_t{row.said->row})
        .bind(5, row.said->reading.value.to_column())
        .bind(6, std::string_view(row.said->note))
        .bind(7, std::int64_t{row.oddities})
        .bind(8, basis_number(row.said->reading.basis))
        .bind(9, std::string_view(row.said->explanation))
        .run();
  }
}

}  // namespace districtd
