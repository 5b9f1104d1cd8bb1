#include "daemon/store/text_budget.h"

#include "daemon/store/columns.h"

namespace districtd {

TextBudget::TextBudget(const sqlite::Connection& connection)
    : taken_(connection, "SELECT bytes FROM text_budget WHERE department = ? AND day = ?"),
      replace_(connection,
               "INSERT OR REPLACE INTO text_budget(department, day, bytes)"
               " VALUES(?, ?, ?)") {}

bool TextBudget::take(std::string_view department, Time received_at, std::uint64_t bytes) {
  if (bytes == 0) return true;
  const std::int64_t day = day_number(limits_.date_at(received_at));
  taken_.bind(1, department).bind(2, day);
  const std::uint64_t taken = taken_.step() ? static_cast<std::uint64_t>(taken_.integer(0)) : 0;
  taken_.reset();
  if (taken + bytes > limits_.refusals_per_day) return false;
  replace_.bind(1, department).bind(2, day).bind(3, static_cast<std::int64_t>(taken + bytes)).run();
  return true;
}

}  // namespace districtd
