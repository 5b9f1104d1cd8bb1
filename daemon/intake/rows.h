// From the cells of a row to an observation or a refusal: where it is decided what is valid.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daemon/intake/assumptions.h"
#include "daemon/intake/columns.h"
#include "daemon/intake/intake.h"
#include "daemon/intake/layout.h"
#include "daemon/intake/programme_of_row.h"
#include "daemon/intake/refusals.h"
#include "daemon/intake/several_rows.h"
#include "daemon/intake/target_lookup.h"

namespace districtd {

// What the table says of a row's value and day outside its cells. All of it outlives the row.
struct RowContext {
  const Layout* layout = nullptr;
  const FigureColumn* figures = nullptr;  // the column at hand
  bool is_wide = false;                   // of several columns of figures in one row
  std::span<const std::string_view> cells;
  // What a cell beside the figure says that the row is: "计划", "其中：民间投资", "2025年".
  Meaning label = Meaning::unsaid;
  std::string_view label_text;
  std::optional<int> label_year;

  const WrittenDate* as_of() const {
    if (layout == nullptr || !layout->has_day) return nullptr;
    return figures->date ? &*figures->date : &layout->as_of->date;
  }
  std::string_view as_of_text() const {
    return figures->date ? std::string_view(figures->name) : layout->as_of->text;
  }
  // The column's, where it is not that of the header.
  std::string_view value_name() const { return is_wide ? std::string_view(figures->name) : ""; }
};

// The cells of one row by column, blank where there is none. Views; not trimmed yet.
struct Row {
  std::int64_t number = 0;  // as RowError::row
  std::array<std::string_view, kColumns> cells;
  std::string_view unit;  // of the row's own unit cell
  const RowContext* context = nullptr;
  std::string_view operator[](Column column) const {
    return cells[static_cast<std::size_t>(column)];
  }
};

// Reads the rows of one submission in order and collects their observations and refusals. The
// submission, the catalogue, the mapping and what is known from an earlier reading must outlive it.
class Rows {
 public:
  Rows(const Submission& submission, const Catalogue& catalogue, Date today,
       const ColumnMapping& mapping, const Hindsight& known, const KnownFigures* figures = nullptr);

  // The most that RefusedRow keeps of one submission: what does not fit is given back blank.
  static constexpr std::size_t kMostKeptBytes = 64U << 20U;

  // The names by which errors call the columns. Without this call they are the English ones.
  void name_columns(const std::array<std::string, kColumns>& names);
  void set_header(std::span<const std::string_view> cells);
  void set_layout(const Layout& layout);  // of the first table
  // Of a further one, by a header of its own or by what is said between its rows.
  void change_layout(const Layout& layout, bool has_header);
  // The rows that follow stand on this sheet, one of several.
  void begin_sheet(const std::string& name);
  // Refused rows are not given back: they stood below several headers.
  void forget_cells();
  void set_encoding(std::string_view encoding) { decoded_.receipt.encoding = encoding; }
  const std::string& encoding() const { return decoded_.receipt.encoding; }
  // The position of the target's cell in a row. A blank one means the target of the row above,
  // whose name is written into it where the row is given back.
  void target_stands_at(std::size_t position) { target_position_ = position; }
  // From now on a value that is not there is an error, as in JSON. Else it is an empty cell.
  void blanks_are_missing() { blanks_are_missing_ = true; }
  void note(std::string sentence);  // the same one once
  const Catalogue& catalogue() const { return catalogue_; }
  TargetLookup& targets() { return targets_; }
  // Whether the text calls a target, be it another department's.
  bool knows(std::string_view target) { return targets_.find(target) != nullptr; }
  // What a remark below figures says of them; it holds when they are read again.
  void read_below(std::span<const std::string_view> cells);
  void count_remark(std::int64_t row, std::span<const std::string_view> cells);

  // Whether the row is a heading within the table, "一、经济类": nothing stands behind the target's
  // column, and the target's cell is blank or calls no target, not even nearly.
  bool is_heading(std::span<const std::string_view> cells);
  void reserve(std::size_t rows) { decoded_.observations.reserve(rows); }
  std::int64_t count() const { return decoded_.receipt.rows; }
  std::int64_t empty() const { return decoded_.receipt.empty; }
  bool says_words() const { return !decoded_.narratives.empty(); }

  // Validates the row. `cells` are all of its cells as they came, for RefusedRow.
  void add(const Row& given, std::span<const std::string_view> cells);

  // What a row of several columns of figures, all of which were added, says in words: of the latest
  // of its days. Refused where that is not one day of one target.
  void add_words_beside_figures(const Row& row, std::span<const std::string_view> cells);

  // Refuses a row for its shape; `error` is asked for only where the receipt still lists errors.
  template <typename Error>
  void refuse(std::int64_t row, std::span<const std::string_view> cells, Error error) {
    ++decoded_.receipt.rows;
    ++decoded_.receipt.rejected;
    if (decoded_.receipt.errors.size() < Receipt::kMostErrors) list(row, cells, error());
  }
  std::string_view name(Column column) const { return names_[static_cast<std::size_t>(column)]; }

  // The submission as a whole is at fault: nothing of it is taken.
  Decoded fail(const RowError& error, Outcome outcome);

  Decoded finish();

  // Called after finish() or fail(): what has to be known to read the submission rightly, where it
  // is more than what was known; nullopt where all is said.
  std::optional<Hindsight> learned() { return std::move(learned_); }

 private:
  struct Fault {
    Refusal refusal;
    Column column;
  };
  enum class Verdict { good, words, empty, beside, fault };
  // Another column of the row at hand is of the same target and day and says the same.
  bool is_said_again(const Observation& observation) const;

  // What only unusual tables need.
  struct Uncommon {
    Assumptions assumed;
    std::unordered_map<std::string, std::optional<Unit>> units;  // of the rows' unit cells
  };
  void use(const Layout& layout);
  std::optional<Hindsight> what_was_learned() const;
  Uncommon& uncommon();
  std::uint16_t sheet() const;  // as Observation::sheet, of the row at hand
  const SaidBelow& known_below() const;
  Assumptions& assumed() { return uncommon().assumed; }

  Verdict check(Row& row, Observation& observation, Fault& fault);
  const RowTarget* find_target(const Row& row, Fault& fault);
  std::optional<Fault> check_rate_column(Row& row, const RowTarget& target);
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
  std::optional<int> year_said(const Row& row, bool& in_doubt) const;
  std::optional<Fault> check_meaning(const Row& row, const RowTarget& target, Date as_of);
  static std::optional<Fault> check_basis(const Row& row, ReportedReading& reading);
  std::optional<Fault> check_value(const Row& row, const RowTarget& target, ReportedValue& value);
  std::optional<Fault> choose_context(const Row& row, const RowTarget& target,
                                      ValueContext& context);
  const Unit* unit_of(std::string_view text);
  RowError explain_fault(const Fault& fault, const Row& row, const Observation& observation);
  RowError explain_doubt(const Fault& fault, const Row& row, const Observation& observation,
                         std::string_view column);
  std::string names_of_parts(Catalogue::Index sum) const;
  RowError explain_words(const Fault& fault, const Row& row) const;
  RowError explain_several(const Row& row, const Observation& observation);
  std::string_view target_above() const;
  std::string_view own_department_name() const;
  static std::string expected_value(const Target& target);
  static std::string expected_instead(Refusal refusal, const Target& target);
  RowError explain_percentage(const Fault& fault, const Row& row, std::string_view column) const;
  std::string did_you_mean(std::string_view text);
  std::string settled_or_near(std::string_view text);
  std::optional<Fault> check_others(const FigureKey& key) const;
  static std::optional<Fault> check_notes(const Row& row);
  // What the row says in words; a fault where it cannot be kept.
  std::optional<Fault> check_words(const Row& row, Narrative& said) const;
  static bool has_words(const Row& row);
  bool is_words_alone(const Row& row, const RowTarget& called, bool is_empty) const;
  void note_words_said_twice();
  void list(std::int64_t row, std::span<const std::string_view> cells, RowError error);
  void note_handover(std::int64_t row, const RowTarget& called);
  void note_what_was_assumed();

  const Submission& submission_;
  const Catalogue& catalogue_;
  const Date today_;
  const ColumnMapping& mapping_;
  const Hindsight& known_;
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
  bool is_as_above_ = false;           // the row at hand
  Homeless homeless_;                  // the row at hand, where it belongs nowhere
  Narrative words_;                    // the row at hand
  std::string meaning_text_;           // what says that the row at hand is no total
  Meaning meaning_ = Meaning::unsaid;  // and what it is
  const RateColumn* rate_ = nullptr;   // whose cell is read instead of the figure's
  std::string doubt_text_;             // the units between which nothing decides
  Unit around_unit_;                   // what the table says, chosen for the row at hand
  std::string said_unit_;              // the unit by which a bare figure was read
  std::optional<Hindsight> learned_;
  std::vector<RefusedRow> contexts_;      // before the next refused row
  std::vector<std::size_t> totals_;       // observations whose row says that it is the total
  std::vector<std::size_t> bare_months_;  // observations of a month whose column says no more
  std::set<FigureKey> otherwise_;         // refused as no totals
  std::map<std::uint16_t, SaidBelow> below_;
  std::map<FigureKey, std::string> several_;
  std::set<FigureKey> falling_;
  std::unique_ptr<Uncommon> uncommon_;  // made when it is needed: most submissions are plain
  // Looking for the nearest name reads the whole catalogue, so it is done for a few texts only.
  std::unordered_map<std::string, std::string> suggestions_;
  std::size_t suggestions_left_;
};

}  // namespace districtd
