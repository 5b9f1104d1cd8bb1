// From the cells of a row to an observation or a refusal: where it is decided what is valid.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "daemon/intake/columns.h"
#include "daemon/intake/intake.h"
#include "daemon/intake/layout.h"
#include "daemon/intake/programme_of_row.h"
#include "daemon/intake/refusals.h"
#include "daemon/intake/target_lookup.h"

namespace districtd {

// What the table says of a row's value and day outside its cells.
struct RowContext {
  const WrittenDate* as_of = nullptr;  // of the column or the whole table
  std::string_view as_of_text;
  std::string_view value_name;  // the column's, where it is not that of the header
  const Unit* unit = nullptr;   // of the column or the whole table
  std::string_view unit_text;   // of the row's own unit cell
};

// The cells of one row by column, blank where there is none. Views; not trimmed yet.
struct Row {
  std::int64_t number = 0;  // as RowError::row
  std::array<std::string_view, kColumns> cells;
  const RowContext* context = nullptr;
  std::string_view operator[](Column column) const {
    return cells[static_cast<std::size_t>(column)];
  }
};

// Reads the rows of one submission in order and collects their observations and refusals. The
// submission, the catalogue and the mapping must outlive it.
class Rows {
 public:
  Rows(const Submission& submission, const Catalogue& catalogue, Date today,
       const ColumnMapping& mapping, const KnownFigures* figures = nullptr);

  // The most that RefusedRow keeps of one submission: what does not fit is given back blank.
  static constexpr std::size_t kMostKeptBytes = 64U << 20U;

  // The names by which errors call the columns. Without this call they are the English ones.
  void name_columns(const std::array<std::string, kColumns>& names);
  void set_header(std::span<const std::string_view> cells);
  void set_layout(const Layout& layout);
  void set_encoding(std::string_view encoding) { decoded_.receipt.encoding = encoding; }
  const std::string& encoding() const { return decoded_.receipt.encoding; }
  // The position of the target's cell in a row. A blank one means the target of the row above,
  // whose name is written into it where the row is given back.
  void target_stands_at(std::size_t position) { target_position_ = position; }
  // From now on a value that is not there is an error, as in JSON. Else it is an empty cell.
  void blanks_are_missing() { blanks_are_missing_ = true; }
  void note(std::string sentence);
  void count_remark(std::int64_t row, std::span<const std::string_view> cells);

  // Whether the row is a heading within the table, "一、经济类": nothing stands behind the target's
  // column, and the target's cell is blank or calls no target, not even nearly.
  bool is_heading(std::span<const std::string_view> cells);
  void reserve(std::size_t rows) { decoded_.observations.reserve(rows); }
  std::int64_t count() const { return decoded_.receipt.rows; }
  std::int64_t empty() const { return decoded_.receipt.empty; }

  // Validates the row. `cells` are all of its cells as they came, for RefusedRow.
  void add(const Row& row, std::span<const std::string_view> cells);

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
  enum class Verdict { good, empty, fault };
  // Another column of the row at hand is of the same day: whether it says the same.
  enum class Again { no, same, other };
  Again said_again(const Observation& observation) const;

  // Where something was assumed: how often, and the first case.
  struct Assumed {
    std::int64_t count = 0;
    std::int64_t row = 0;
    std::string text;
    std::string meaning;
  };

  // What only unusual tables need.
  struct Uncommon {
    Assumed year;
    Assumed serial;
    Assumed as_above;
    Assumed alike;
    Assumed remarks;
    Assumed programme;
    std::unordered_map<std::string, std::optional<Unit>> units;  // of the rows' unit cells
  };
  Uncommon& uncommon();

  Verdict check(const Row& row, Observation& observation, Fault& fault);
  const RowTarget* find_target(const Row& row, Fault& fault);
  std::optional<Fault> check_date(const Row& row, const RowTarget& target,
                                  ReportedReading& reading);
  std::optional<Fault> check_day(const RowTarget& target, Date as_of) const;
  std::string_view programme_named(const Row& row) const;
  // The target of the row by its day, into `target` and the observation.
  std::optional<Fault> check_programme(const Row& row, RowTarget& target, Observation& observation);
  // Whether the figure goes with that; notes what was not obvious.
  std::optional<Fault> check_figure(const Row& row, const RowTarget& called,
                                    const Observation& observation);
  Fault fault_of(Homeless homeless);
  RowError explain_homeless(std::string_view column, std::string_view text, std::int64_t row) const;
  std::optional<int> year_by_target(const WrittenDate& written, const RowTarget& target) const;
  std::optional<Date> read_uncommon_date(const Row& row, const RowTarget& target, Refusal& why);
  std::optional<Fault> check_value(const Row& row, const RowTarget& target, ReportedValue& value);
  const Unit* unit_of(std::string_view text);
  RowError explain_fault(const Fault& fault, const Row& row, const Observation& observation);
  std::string_view target_above() const;
  RowError explain_percentage(const Fault& fault, const Row& row) const;
  std::string did_you_mean(std::string_view text);
  void list(std::int64_t row, std::span<const std::string_view> cells, RowError error);
  static void assume(Assumed& assumed, const Row& row, std::string_view text,
                     std::string_view meaning);
  void note_what_was_assumed();

  const Submission& submission_;
  const Catalogue& catalogue_;
  const Date today_;
  const ColumnMapping& mapping_;
  TargetLookup targets_;
  const ProgrammeOfRow programmes_;
  std::array<std::string, kColumns> names_;
  Decoded decoded_;
  std::size_t kept_bytes_ = 0;  // by the refused rows
  bool blanks_are_missing_ = false;
  std::optional<std::size_t> target_position_;
  // The target cell above as it was written, where a target was found by it, or where none was.
  std::optional<std::string_view> last_known_;
  std::string last_unknown_;
  bool is_as_above_ = false;            // the row at hand
  Homeless homeless_;                   // the row at hand, where it belongs nowhere
  std::unique_ptr<Uncommon> uncommon_;  // made when it is needed: most submissions are plain
  // Looking for the nearest name reads the whole catalogue, so it is done for a few texts only.
  std::unordered_map<std::string, std::string> suggestions_;
  std::size_t suggestions_left_;
};

}  // namespace districtd
