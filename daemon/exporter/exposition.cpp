#include "daemon/exporter/exposition.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "daemon/domain/month_standing.h"
#include "daemon/exporter/text_format.h"

namespace districtd {
namespace {

// Small enough that one touched target costs well below a millisecond, large enough that a piece's
// bookkeeping and the scatter of a scrape do not count (docs/performance.md).
constexpr Catalogue::Index kTargetsPerChunk = 256;

enum FamilyIndex : std::size_t {
  kInfo,
  kUnitScale,
  kGoal,
  kDeadline,
  kActual,
  kExpected,
  kProgress,
  kExpectedShare,
  kDeviation,
  kForecast,
  kForecastLower,
  kForecastUpper,
  kGoalProbability,
  kGoalOutOfReach,
  kRequiredPace,
  kAsOf,
  kStatus,
  kStatusSince,
  kPeriodsBehind,
  kReportOverdue,
  kReportOverdueSince,
  kReportsMissing,
  kBaseline,
  kQuoteInfo,
  kMonthActual,
  kMonthExpected,
  kMonthDeviation,
  kMonthStatus,
  kMonthCorrections,
  kFamilies
};

struct FamilyText {
  std::string_view name;
  std::string_view help;
};
constexpr std::array<FamilyText, kFamilies> kFamilyTexts = {{
    {"district_target_info",
     "One target of the catalogue: its names, kind, unit, direction and strength of commitment. "
     "Always 1."},
    {"district_target_unit_scale",
     "How many base units make one unit of the catalogue, in which people read the target."},
    {"district_target_goal",
     "The goal of the target on the day of the newest value, or today where there is none; in base "
     "units."},
    {"district_target_deadline_timestamp_seconds",
     "The day of the target's deadline, as midnight UTC at the beginning of that date."},
    {"district_target_actual", "The newest reported value of the target, in base units."},
    {"district_target_expected",
     "The value that the schedule asks for on the day of the newest value, or today where there "
     "is none; in base units."},
    {"district_target_progress_ratio",
     "The part of the way from the baseline to the goal that is done."},
    {"district_target_expected_ratio",
     "The part of the goal that the schedule asks for on the day of the newest value, or today "
     "where there is none."},
    {"district_target_deviation_ratio",
     "How far the target is ahead of its schedule; negative is unfavourable."},
    {"district_target_forecast_ratio",
     "The progress to be expected at the deadline, from three values on."},
    {"district_target_forecast_lower_ratio",
     "The lower end of the interval that holds the progress at the deadline with 80 % "
     "probability."},
    {"district_target_forecast_upper_ratio",
     "The upper end of the interval that holds the progress at the deadline with 80 % "
     "probability."},
    {"district_target_goal_probability_ratio",
     "The probability that the goal is reached, or kept to, at the deadline."},
    {"district_target_goal_out_of_reach",
     "1 where the forecast gives the goal less than the probability that the catalogue names, else "
     "0."},
    {"district_target_required_pace_ratio",
     "The progress a month that is needed from the newest value on to reach the goal in time."},
    {"district_target_as_of_timestamp_seconds",
     "The day as of which the newest value holds, as midnight UTC at the beginning of that date."},
    {"district_target_status", "1 for the status of the target, 0 for every other status."},
    {"district_target_status_since_timestamp_seconds",
     "The day since which the target has had its status, as midnight UTC at the beginning of that "
     "date."},
    {"district_target_periods_behind",
     "For how many reporting periods in a row the light has been red, the newest included."},
    {"district_target_report_overdue",
     "1 where the department has not sent what the target's cadence requires, else 0."},
    {"district_target_report_overdue_since_timestamp_seconds",
     "The day after the first missing report was due, as midnight UTC at the beginning of that "
     "date."},
    {"district_target_reports_missing",
     "For how many reporting periods in a row the report is overdue."},
    {"district_target_baseline",
     "The value at the start, from which progress is counted, on the day of the newest value, or "
     "today where there is none; in base units."},
    {"district_target_quote_info",
     "The words of the report that the target comes from, and the section they stand in. Always "
     "1."},
    {"district_target_month_actual",
     "The newest value as of a day of the month, in base units; the months of the year at hand."},
    {"district_target_month_expected",
     "The value that the schedule asks for on the day of the month's value, or at the month's end "
     "where there is none; in base units."},
    {"district_target_month_deviation_ratio",
     "How far the month's value is ahead of its schedule; negative is unfavourable."},
    {"district_target_month_status",
     "The status of the month's value, as it was judged in its row. Always 1."},
    {"district_target_month_corrections",
     "How often a later submission replaced a value as of a day of the month."},
}};

std::optional<double> as_number(const std::optional<std::uint32_t>& rank) {
  return rank ? std::optional{static_cast<double>(*rank)} : std::nullopt;
}

// Of a department: absent where it has no value.
struct StandingFamily {
  FamilyText text;
  std::optional<double> (*value)(const Standing&);
};

constexpr FamilyText kDepartmentTargets = {"district_department_targets",
                                           "How many targets of the department have the status."};
constexpr std::array<StandingFamily, 5> kStandingFamilies = {{
    {{"district_department_score_ratio",
      "The weighted mean of the department's targets' scores, 0 to 1; docs/judging.md has the "
      "formula."},
     [](const Standing& s) { return s.score; }},
    {{"district_department_rank",
      "The department's place by score, 1 is best; equal scores have equal ranks."},
     [](const Standing& s) { return as_number(s.rank); }},
    {{"district_department_score_before_ratio",
      "The department's score at the end of the period before."},
     [](const Standing& s) { return s.score_before; }},
    {{"district_department_rank_before", "The department's place at the end of the period before."},
     [](const Standing& s) { return as_number(s.rank_before); }},
    {{"district_department_reports_on_time_ratio",
      "The part of the department's reports due so far this year that were there in time."},
     [](const Standing& s) {
       return s.reports_due == 0
                  ? std::nullopt
                  : std::optional{static_cast<double>(s.reports_on_time) / s.reports_due};
     }},
}};

double timestamp(Date date) {
  return static_cast<double>(
      std::chrono::duration_cast<std::chrono::seconds>(date.time_since_epoch()).count());
}

// "2026-06"
std::string month_text(int year, unsigned month) {
  return to_string(date_of(year, month, 1)).substr(0, 7);
}

void append_label(std::string& out, std::string_view name, std::string_view value) {
  if (out.back() != '{') out += ',';
  out.append(name).append("=\"");
  append_label_value(out, value);
  out += '"';
}

using Piece = Exposition::Piece;

// One family's part in one chunk.
struct Part {
  Piece text;  // null where no target of the chunk has a value
  std::size_t series = 0;
};
struct Chunk {
  std::array<Part, kFamilies> parts;
  bool touched = true;
};

// Writes the lines of one chunk, target by target, into one buffer a family. Kept between chunks
// for its buffers.
class ChunkWriter {
 public:
  void begin() {
    for (auto& text : texts_) text.clear();
    series_.fill(0);
  }

  void add(const Catalogue& catalogue, const Target& target, const Assessment& assessment,
           const YearStanding& year, Date today);

  // Where the text is as before the piece stays, so that what did not change stays shared.
  void finish(FamilyIndex family, Part& part) const {
    const std::string& text = texts_[family];
    part.series = series_[family];
    if (text.empty()) {
      part.text = nullptr;
    } else if (!part.text || *part.text != text) {
      part.text = std::make_shared<const std::string>(text);
    }
  }

 private:
  void take_labels(const Catalogue& catalogue, const Target& target);
  void add(FamilyIndex family, double value);
  void add(FamilyIndex family, std::optional<double> value) {
    if (value && std::isfinite(*value)) add(family, *value);
  }
  void add(FamilyIndex family, std::optional<Date> day) {
    if (day) add(family, timestamp(*day));
  }
  void add(FamilyIndex family, int value) { add(family, static_cast<double>(value)); }
  void add_info(const Catalogue& catalogue, const Target& target);
  void add_quote(const Target& target);
  void add_year(const YearStanding& year);

  std::array<std::string, kFamilies> texts_;
  std::array<std::size_t, kFamilies> series_{};
  std::string labels_;  // {target="..",department=".."
};

void ChunkWriter::take_labels(const Catalogue& catalogue, const Target& target) {
  labels_.assign(1, '{');
  append_label(labels_, "target", target.id);
  append_label(labels_, "department", catalogue.department_of(target).id);
}

void ChunkWriter::add(FamilyIndex family, double value) {
  std::string& out = texts_[family];
  out.append(kFamilyTexts[family].name).append(labels_).append("} ");
  append_number(out, value);
  out += '\n';
  ++series_[family];
}

void ChunkWriter::add_info(const Catalogue& catalogue, const Target& target) {
  std::string& info = texts_[kInfo];
  info.append(kFamilyTexts[kInfo].name).append(labels_);
  append_label(info, "name", target.name);
  append_label(info, "department_name", catalogue.department_of(target).name);
  append_label(info, "kind", to_string(target.kind));
  append_label(info, "unit", target.unit.symbol());
  append_label(info, "direction", to_string(target.direction));
  append_label(info, "commitment", to_string(target.commitment));
  info.append("} 1\n");
  ++series_[kInfo];
}

void ChunkWriter::add_quote(const Target& target) {
  std::string& quote = texts_[kQuoteInfo];
  quote.append(kFamilyTexts[kQuoteInfo].name).append(labels_);
  append_label(quote, "quote", target.quote);
  append_label(quote, "section", target.section);
  quote.append("} 1\n");
  ++series_[kQuoteInfo];
}

// The labels grow by one for each month and shrink back.
void ChunkWriter::add_year(const YearStanding& year) {
  const std::size_t length = labels_.size();
  for (const MonthStanding& month : year.months) {
    append_label(labels_, "month", month_text(year.year, month.month));
    add(kMonthActual, month.actual);
    add(kMonthExpected, month.expected);
    add(kMonthDeviation, month.deviation);
    if (month.corrections > 0) add(kMonthCorrections, static_cast<double>(month.corrections));
    if (month.status) {
      append_label(labels_, "status", to_string(*month.status));
      add(kMonthStatus, 1.0);
    }
    labels_.resize(length);
  }
}

void ChunkWriter::add(const Catalogue& catalogue, const Target& target,
                      const Assessment& assessment, const YearStanding& year, Date today) {
  if (!assessment.in_force) return;
  take_labels(catalogue, target);
  add_info(catalogue, target);
  add(kGoal, assessment.goal);
  add(kDeadline, timestamp(assessment.deadline));
  add(kActual, assessment.actual);
  add(kExpected, assessment.expected);
  add(kProgress, assessment.progress);
  add(kExpectedShare, assessment.expected_share);
  add(kDeviation, assessment.deviation);
  if (assessment.forecast) {
    add(kForecast, assessment.forecast->progress);
    add(kForecastLower, assessment.forecast->lower);
    add(kForecastUpper, assessment.forecast->upper);
    add(kGoalProbability, assessment.forecast->goal_probability);
    add(kGoalOutOfReach, assessment.goal_out_of_reach ? 1.0 : 0.0);
  }
  add(kRequiredPace, assessment.required_pace);
  add(kAsOf, assessment.as_of);
  add(kStatusSince, assessment.status_since);
  add(kPeriodsBehind, assessment.periods_behind);
  add(kReportOverdue, assessment.report_overdue ? 1.0 : 0.0);
  add(kReportOverdueSince, assessment.report_overdue_since);
  add(kReportsMissing, assessment.reports_missing);

  add(kBaseline, target.version_on(assessment.as_of.value_or(today)).baseline);
  if (target.kind != Kind::pledge) add(kUnitScale, target.unit.base_units());
  add_quote(target);
  add_year(year);

  std::string& out = texts_[kStatus];
  for (const Status status : kAllStatuses) {
    out.append(kFamilyTexts[kStatus].name).append(labels_).append(",status=\"");
    out.append(to_string(status)).append(status == assessment.status ? "\"} 1\n" : "\"} 0\n");
  }
  series_[kStatus] += kAllStatuses.size();
}

}  // namespace

class Exposition::Impl {
 public:
  Impl(const Board& board, bool shows_months)
      : board_(board),
        shows_months_(shows_months),
        chunks_((board.catalogue().targets().size() + kTargetsPerChunk - 1) / kTargetsPerChunk) {
    for (std::size_t f = 0; f < kFamilies; ++f) {
      headers_[f] = std::make_shared<const std::string>(
          gauge_header(kFamilyTexts[f].name, kFamilyTexts[f].help));
    }
  }

  void touch(Catalogue::Index target) {
    chunks_[target / kTargetsPerChunk].touched = true;
    touched_ = true;
  }

  void touch_all() {
    for (Chunk& chunk : chunks_) chunk.touched = true;
    touched_ = true;
  }

  const std::vector<Piece>& render() {
    if (!touched_) return pieces_;
    for (std::size_t c = 0; c < chunks_.size(); ++c) {
      if (!chunks_[c].touched) continue;
      write_chunk(c);
      chunks_[c].touched = false;
    }
    write_departments();
    collect();
    touched_ = false;
    return pieces_;
  }

  std::size_t series() const { return series_; }

 private:
  void write_chunk(std::size_t chunk) {
    writer_.begin();
    const auto end = std::min((chunk + 1) * kTargetsPerChunk, board_.catalogue().targets().size());
    for (auto i = static_cast<Catalogue::Index>(chunk * kTargetsPerChunk); i < end; ++i) {
      const Target& target = board_.catalogue()[i];
      writer_.add(board_.catalogue(), target, board_[i],
                  shows_months_ ? year_standing(target, board_.readings(i), board_.corrections(i),
                                                board_.today())
                                : YearStanding{},
                  board_.today());
    }
    for (std::size_t f = 0; f < kFamilies; ++f) {
      writer_.finish(static_cast<FamilyIndex>(f), chunks_[chunk].parts[f]);
    }
  }

  void write_departments() {
    std::string text = gauge_header(kDepartmentTargets.name, kDepartmentTargets.help);
    const auto& departments = board_.catalogue().departments();
    for (std::uint32_t d = 0; d < departments.size(); ++d) {
      for (const Status status : kAllStatuses) {
        text.append(kDepartmentTargets.name).append("{");
        append_label(text, "department", departments[d].id);
        append_label(text, "status", to_string(status));
        text.append("} ");
        append_number(text, static_cast<double>(board_.count(d, status)));
        text += '\n';
      }
    }
    department_series_ = departments.size() * kAllStatuses.size();
    if (departments.empty()) text.clear();
    write_standings(text);
    if (!departments_ || *departments_ != text) {
      departments_ = std::make_shared<const std::string>(std::move(text));
    }
  }

  void write_standings(std::string& text) {
    const auto& departments = board_.catalogue().departments();
    const auto& standings = board_.standings();
    for (const StandingFamily& family : kStandingFamilies) {
      bool is_first = true;
      for (std::size_t d = 0; d < departments.size(); ++d) {
        const auto value = family.value(standings[d]);
        if (!value) continue;
        if (std::exchange(is_first, false))
          text += gauge_header(family.text.name, family.text.help);
        text.append(family.text.name).append("{");
        append_label(text, "department", departments[d].id);
        text.append("} ");
        append_number(text, *value);
        text += '\n';
        ++department_series_;
      }
    }
  }

  // A family without a series has no header either.
  void collect() {
    pieces_.clear();
    pieces_.reserve((chunks_.size() + 1) * kFamilies + 1);
    series_ = department_series_;
    for (std::size_t f = 0; f < kFamilies; ++f) {
      const std::size_t header = pieces_.size();
      pieces_.push_back(headers_[f]);
      for (const Chunk& chunk : chunks_) {
        if (!chunk.parts[f].text) continue;
        pieces_.push_back(chunk.parts[f].text);
        series_ += chunk.parts[f].series;
      }
      if (pieces_.size() == header + 1) pieces_.pop_back();
    }
    if (!departments_->empty()) pieces_.push_back(departments_);
  }

  const Board& board_;
  const bool shows_months_;
  std::vector<Chunk> chunks_;
  std::array<Piece, kFamilies> headers_;
  Piece departments_;
  ChunkWriter writer_;
  std::vector<Piece> pieces_;
  std::size_t department_series_ = 0;
  std::size_t series_ = 0;
  bool touched_ = true;
};

Exposition::Exposition(const Board& board, bool shows_months)
    : impl_(std::make_unique<Impl>(board, shows_months)) {}
Exposition::~Exposition() = default;
Exposition::Exposition(Exposition&&) noexcept = default;
Exposition& Exposition::operator=(Exposition&&) noexcept = default;

void Exposition::touch(Catalogue::Index target) { impl_->touch(target); }
void Exposition::touch_all() { impl_->touch_all(); }
std::vector<Exposition::Piece> Exposition::render() { return impl_->render(); }
std::size_t Exposition::series() const { return impl_->series(); }

}  // namespace districtd
