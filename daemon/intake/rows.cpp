#include "daemon/intake/rows.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/intake/value_reader.h"

namespace districtd {

namespace {

constexpr std::size_t kMostRemarksBelow = 10;
constexpr std::size_t kMostSuggestions = 100;
constexpr std::size_t kMostTargetsCompared = 200'000;

}  // namespace

Rows::Rows(const Submission& submission, const Catalogue& catalogue, Date today,
           const ColumnMapping& mapping, const Hindsight& known, const KnownFigures* figures)
    : submission_(submission),
      catalogue_(catalogue),
      today_(today),
      mapping_(mapping),
      known_(known),
      targets_(catalogue, submission.department, today),
      programmes_(catalogue, today, figures),
      suggestions_left_(std::clamp<std::size_t>(
          kMostTargetsCompared / std::max<std::size_t>(catalogue.targets().size(), 1), 1,
          kMostSuggestions)) {
  for (std::size_t i = 0; i < kColumns; ++i) names_[i] = kColumnNames[i].english;
  decoded_.receipt.department = submission.department;
}

void Rows::name_columns(const std::array<std::string, kColumns>& names) {
  names_ = names;
  decoded_.value_column = std::string(name(Column::value));
}

void Rows::set_header(std::span<const std::string_view> cells) {
  decoded_.receipt.header.assign(cells.begin(), cells.end());
}

void Rows::set_layout(const Layout& layout) {
  decoded_.receipt.header = layout.cells;
  decoded_.receipt.preamble = layout.above.rows();
  // What a remark below says has to stand in NAME.errors.csv too, and no row follows there.
  const SaidBelow& said = known_below();
  const auto& below = said.rows;
  decoded_.receipt.preamble.insert(decoded_.receipt.preamble.end(), below.begin(), below.end());
  const auto tell = [&](std::string_view text) {
    note("表下方写明“" + std::string(text) + "”，上面各行按此读取。");
  };
  if (!said.units.empty()) tell("单位" + said.units.text);
  if (said.said.meaning != Meaning::unsaid) tell(said.said.text);
  use(layout);
}

void Rows::change_layout(const Layout& layout, bool has_header) {
  note("第 " + std::to_string(layout.row) + " 行起按新的表头或说明读取。");
  use(layout);
  contexts_.clear();
  for (const std::vector<std::string>& cells : layout.above.rows()) {
    contexts_.push_back({layout.row, cells, "", true});
  }
  if (has_header) contexts_.push_back({layout.row, layout.cells, "", true});
}

void Rows::use(const Layout& layout) {
  for (const std::string& sentence : layout.notes) note(sentence);
  std::array<std::string, kColumns> names = layout.header.names;
  for (std::size_t i = 0; i < kColumns; ++i) {
    if (names[i].empty()) names[i] = kColumnNames[i].chinese;
  }
  name_columns(names);
  target_position_ = layout.header.positions[static_cast<std::size_t>(Column::target)];
  last_known_.reset();
  last_unknown_.clear();
}

void Rows::begin_sheet(const std::string& name) {
  note_what_was_assumed();
  uncommon_.reset();
  decoded_.sheets.push_back(name);
  last_known_.reset();
  last_unknown_.clear();
}

void Rows::forget_cells() {
  Receipt& receipt = decoded_.receipt;
  if (!receipt.refused.empty()) {
    note("各工作表的标题或表头不同；退回的行请在原表中改正，再整本报送。");
  }
  receipt.preamble.clear();
  receipt.header.clear();
  receipt.refused.clear();
}

void Rows::note(std::string sentence) {
  constexpr std::size_t kMostNotes = 20;
  std::vector<std::string>& notes = decoded_.receipt.notes;
  if (std::find(notes.begin(), notes.end(), sentence) != notes.end()) return;
  if (notes.size() < kMostNotes) notes.push_back(std::move(sentence));
}

void Rows::count_remark(std::int64_t row, std::span<const std::string_view> cells) {
  std::string_view first;
  if (target_position_ && *target_position_ < cells.size()) first = trim(cells[*target_position_]);
  for (const std::string_view cell : cells) {
    if (first.empty()) first = trim(cell);
  }
  // What follows without a target is not of the one above this row.
  last_known_.reset();
  last_unknown_.clear();
  assumed().remarks.add(row, first, "");
}

bool Rows::is_heading(std::span<const std::string_view> cells) {
  if (!target_position_ || *target_position_ >= cells.size()) return false;
  if (!is_blank_row(cells.subspan(*target_position_ + 1))) return false;
  const std::string_view name = trim(cells[*target_position_]);
  if (name.empty()) return true;
  if (cell_fault(name) || targets_.find(name) != nullptr || suggestions_left_ == 0) return false;
  return did_you_mean(name).empty();
}

void Rows::read_below(std::span<const std::string_view> cells) {
  SaidBelow more;
  districtd::read_below(cells, catalogue_, more);
  if (more.units.empty() && more.said.meaning == Meaning::unsaid) return;
  SaidBelow& below = below_[sheet()];
  add_units(below.units, more.units);
  if (below.said.meaning == Meaning::unsaid) below.said = more.said;
  if (below.rows.size() < kMostRemarksBelow) below.rows.emplace_back(cells.begin(), cells.end());
}

void Rows::add(const Row& given, std::span<const std::string_view> cells) {
  Row row = given;
  Observation observation;
  Fault fault{};
  is_as_above_ = false;
  rate_ = nullptr;
  switch (check(row, observation, fault)) {
    case Verdict::empty:
      ++decoded_.receipt.empty;
      return;
    case Verdict::beside:
      assumed().beside.add(row.number, meaning_text_, words_of(meaning_));
      return;
    case Verdict::fault:
      refuse(row.number, cells, [&] { return explain_fault(fault, row, observation); });
      return;
    case Verdict::words:
      ++decoded_.receipt.wordy;
      assumed().words_alone.add(row.number, catalogue_[observation.target].name, "");
      if (!trim(row[Column::note]).empty()) {
        assumed().note_alone.add(row.number, trim(row[Column::note]), "");
      }
      decoded_.narratives.push_back({observation.target, observation.reading.as_of, observation.row,
                                     std::move(words_), true, observation.sheet});
      return;
    case Verdict::good:
      break;
  }
  if (observation.reading.basis == Basis::projected) {
    assumed().projected.add(row.number, catalogue_[observation.target].name, "");
  }
  if (!words_.empty() && (row.context == nullptr || row.context->layout->figures.size() == 1)) {
    decoded_.narratives.push_back({observation.target, observation.reading.as_of, observation.row,
                                   std::move(words_), false, observation.sheet});
  }
  if (row.context != nullptr && row.context->is_wide) {
    if (is_said_again(observation)) return;
    auto& columns = decoded_.value_columns;
    const Date as_of = observation.reading.as_of;
    const auto known = std::find_if(columns.begin(), columns.end(),
                                    [&](const auto& column) { return column.first == as_of; });
    if (known == columns.end()) columns.emplace_back(as_of, row.context->value_name());
  }
  if (row.context != nullptr && may_be_total(row.context->label) &&
      row.context->label != Meaning::unsaid) {
    totals_.push_back(decoded_.observations.size());
  }
  if (row.context != nullptr && row.context->figures->date &&
      row.context->figures->meaning == Meaning::unsaid &&
      catalogue_[observation.target].kind == Kind::cumulative) {
    bare_months_.push_back(decoded_.observations.size());
  }
  ++decoded_.receipt.rows;
  decoded_.observations.push_back(std::move(observation));
}

bool Rows::is_said_again(const Observation& observation) const {
  const auto& before = decoded_.observations;
  for (auto one = before.rbegin(); one != before.rend() && one->row == observation.row; ++one) {
    if (one->target != observation.target || one->reading.as_of != observation.reading.as_of) {
      continue;
    }
    return one->reading.value == observation.reading.value;
  }
  return false;
}

Decoded Rows::fail(const RowError& error, Outcome outcome) {
  note_what_was_assumed();
  decoded_.outcome = outcome;
  decoded_.observations.clear();
  decoded_.narratives.clear();
  decoded_.receipt.wordy = 0;
  decoded_.receipt.rows = decoded_.receipt.rejected = 0;
  decoded_.receipt.refused.clear();
  decoded_.receipt.errors.assign(1, error);
  return std::move(decoded_);
}

Decoded Rows::finish() {
  several_ = judge_several(decoded_.observations, totals_);
  falling_ = falling_months(decoded_.observations, bare_months_);
  learned_ = what_was_learned();
  note_what_was_assumed();
  note_words_said_twice();
  const bool is_none = decoded_.observations.empty() && decoded_.narratives.empty();
  decoded_.outcome = is_none ? Outcome::refused : Outcome::taken;
  return std::move(decoded_);
}

std::uint16_t Rows::sheet() const {
  return decoded_.sheets.empty() ? std::uint16_t{0}
                                 : static_cast<std::uint16_t>(decoded_.sheets.size() - 1);
}

const SaidBelow& Rows::known_below() const {
  static const SaidBelow kNothing;
  const auto known = known_.below.find(sheet());
  return known == known_.below.end() ? kNothing : known->second;
}

std::optional<Hindsight> Rows::what_was_learned() const {
  if (!(below_ == known_.below)) return Hindsight{below_, {}, {}, {}};
  Hindsight more = known_;
  more.several.insert(several_.begin(), several_.end());
  more.falling.insert(falling_.begin(), falling_.end());
  if (!otherwise_.empty()) {
    std::set<std::pair<Catalogue::Index, Date>> totals;
    for (const Observation& one : decoded_.observations) {
      const FigureKey key{one.sheet, one.row, one.target, one.reading.as_of};
      if (!several_.contains(key) && !falling_.contains(key)) totals.emplace(key.target, key.as_of);
    }
    for (const FigureKey& key : otherwise_) {
      if (totals.contains({key.target, key.as_of})) more.beside.insert(key);
    }
  }
  const bool is_more = more.several.size() > known_.several.size() ||
                       more.falling.size() > known_.falling.size() ||
                       more.beside.size() > known_.beside.size();
  return is_more ? std::optional(std::move(more)) : std::nullopt;
}

Rows::Uncommon& Rows::uncommon() {
  if (!uncommon_) {
    uncommon_ = std::make_unique<Uncommon>();
    if (submission_.is_dry_run) uncommon_->assumed.keep_each();
  }
  return *uncommon_;
}

void Rows::note_what_was_assumed() {
  if (!uncommon_) return;
  const std::string sheet = decoded_.sheets.empty() ? "" : "工作表“" + decoded_.sheets.back() + "”";
  for (const std::string& sentence : uncommon_->assumed.sentences()) note(sheet + sentence);
  for (auto& [row, sentence] : uncommon_->assumed.sentences_by_row()) {
    decoded_.row_notes.push_back(
        {static_cast<std::int32_t>(row), this->sheet(), std::move(sentence)});
  }
}

const RowTarget* Rows::find_target(const Row& row, Fault& fault) {
  std::string_view name = trim(row[Column::target]);
  if (name.empty()) {
    name = target_above();
    if (name.empty()) {
      fault = {Refusal::missing_target, Column::target};
      return nullptr;
    }
    is_as_above_ = true;
  }
  const RowTarget* const target = targets_.find(name);
  if (target != nullptr) {
    last_known_ = target->text;
    if (target->is_alike) assumed().alike.add(row.number, name, catalogue_[target->index].name);
    return target;
  }
  fault = {cell_fault(name).value_or(Refusal::unknown_target), Column::target};
  if (!is_as_above_) {
    last_known_.reset();
    last_unknown_ = utf8::cut(name, 1000);
  }
  return nullptr;
}

std::string_view Rows::target_above() const { return last_known_ ? *last_known_ : last_unknown_; }

std::string Rows::did_you_mean(std::string_view text) {
  constexpr std::size_t kMostBytes = 1000;  // so that what is remembered stays small
  if (text.size() > kMostBytes) return "";
  const auto known = suggestions_.find(std::string(text));
  if (known != suggestions_.end()) return known->second;
  if (suggestions_left_ == 0) return "";
  --suggestions_left_;
  std::string nearest = catalogue_.nearest(submission_.department, text);
  if (!nearest.empty()) nearest = "，最接近的是“" + nearest + "”";
  return suggestions_.emplace(text, std::move(nearest)).first->second;
}

void Rows::list(std::int64_t row, std::span<const std::string_view> cells, RowError error) {
  if (!decoded_.sheets.empty()) error.sheet = decoded_.sheets.back();
  const std::string sheet = error.sheet;
  decoded_.receipt.errors.push_back(std::move(error));
  std::vector<RefusedRow>& rows = decoded_.receipt.refused;
  // Several cells of one row of a wide table.
  if (!rows.empty() && rows.back().row == row && rows.back().sheet == sheet) return;
  rows.insert(rows.end(), contexts_.begin(), contexts_.end());
  contexts_.clear();
  RefusedRow& refused = rows.emplace_back(RefusedRow{row, {}, sheet, false});
  std::size_t bytes = cells.size() * sizeof(std::string);
  for (const std::string_view cell : cells) bytes += cell.size();
  if (bytes > kMostKeptBytes - kept_bytes_) return;
  kept_bytes_ += bytes;
  refused.cells.assign(cells.begin(), cells.end());
  if (is_as_above_ && target_position_ && *target_position_ < refused.cells.size() &&
      trim(refused.cells[*target_position_]).empty()) {
    refused.cells[*target_position_] = target_above();
  }
}

const std::string& Decoded::value_column_of(Date as_of) const {
  for (const auto& [day, column] : value_columns) {
    if (day == as_of) return column;
  }
  return value_column;
}

}  // namespace districtd
