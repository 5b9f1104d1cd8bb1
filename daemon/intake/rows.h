// From the cells of a row to an observation or a refusal: where it is decided what is valid.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "daemon/intake/columns.h"
#include "daemon/intake/intake.h"
#include "daemon/intake/refusals.h"
#include "daemon/intake/target_lookup.h"

namespace districtd {

// The cells of one row by column, blank where there is none. Views; not trimmed yet.
struct Row {
  std::int64_t number = 0;  // as RowError::row
  std::array<std::string_view, kColumns> cells;
  std::string_view operator[](Column column) const {
    return cells[static_cast<std::size_t>(column)];
  }
};

// Collects what becomes of the rows of one submission, in order. The submission and the catalogue
// must outlive it.
class Rows {
 public:
  Rows(const Submission& submission, const Catalogue& catalogue, Date today);

  // The most that RefusedRow keeps of one submission: what does not fit is given back blank.
  static constexpr std::size_t kMostKeptBytes = 64U << 20U;

  // What errors call the columns; the English names where nothing is said.
  void name_columns(const std::array<std::string, kColumns>& names) { names_ = names; }
  void set_header(std::span<const std::string_view> cells);
  void reserve(std::size_t rows) { decoded_.observations.reserve(rows); }
  std::int64_t count() const { return decoded_.receipt.rows; }

  // Validates the row. `cells` are all of its cells as they came, for RefusedRow.
  void take(const Row& row, std::span<const std::string_view> cells);

  // Refuses a row for its shape; `error` is asked for only where the receipt still lists errors.
  template <typename Error>
  void refuse(std::int64_t row, std::span<const std::string_view> cells, Error error) {
    ++decoded_.receipt.rows;
    ++decoded_.receipt.rejected;
    if (decoded_.receipt.errors.size() < Receipt::kMostErrors) list(row, cells, error());
  }
  std::string_view name(Column column) const { return names_[static_cast<std::size_t>(column)]; }

  // The submission as a whole is at fault: nothing of it is taken.
  Decoded fail(const RowError& error, Outcome outcome) &&;

  Decoded finish() &&;

 private:
  struct Fault {
    Refusal refusal;
    Column column;
  };

  std::optional<Fault> check(const Row& row, Observation& observation);
  std::optional<Fault> check_date(std::string_view text, const RowTarget& target,
                                  Reading& reading) const;
  RowError explain_fault(const Fault& fault, const Row& row, const Observation& observation);
  std::string did_you_mean(std::string_view text);
  void list(std::int64_t row, std::span<const std::string_view> cells, RowError error);

  const Submission& submission_;
  const Catalogue& catalogue_;
  const Date today_;
  TargetLookup targets_;
  std::array<std::string, kColumns> names_;
  Decoded decoded_;
  std::size_t kept_bytes_ = 0;  // by the refused rows
  // Looking for the nearest name reads the whole catalogue, so it is done for a few texts only.
  std::unordered_map<std::string, std::string> suggestions_;
  std::size_t suggestions_left_;
};

}  // namespace districtd
