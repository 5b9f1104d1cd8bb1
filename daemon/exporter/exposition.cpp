#include "daemon/exporter/exposition.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "daemon/exporter/text_format.h"

namespace districtd {
namespace {

// Small enough that one touched target costs well below a millisecond, large enough that a piece's
// bookkeeping and the scatter of a scrape do not count (docs/performance.md).
constexpr Catalogue::Index kTargetsPerChunk = 256;

enum FamilyIndex : std::size_t {
  kInfo,
  kGoal,
  kDeadline,
  kActual,
  kExpected,
  kProgress,
  kExpectedShare,
  kDeviation,
  kForecast,
  kAsOf,
  kStatus,
  kReportOverdue,
  kFamilies
};
// The families before this one say what the catalogue says, which never changes under a board.
constexpr std::size_t kFirstJudged = kActual;

struct FamilyText {
  std::string_view name;
  std::string_view help;
};
constexpr std::array<FamilyText, kFamilies> kFamilyTexts = {{
    {"district_target_info",
     "One target of the catalogue: its names, kind, unit, direction and strength of commitment. "
     "Always 1."},
    {"district_target_goal", "The goal of the target, in base units."},
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
     "The progress to be expected at the deadline at the average pace so far."},
    {"district_target_as_of_timestamp_seconds",
     "The day as of which the newest value holds, as midnight UTC at the beginning of that date."},
    {"district_target_status", "1 for the status of the target, 0 for every other status."},
    {"district_target_report_overdue",
     "1 where the department has not sent what the target's cadence requires, else 0."},
}};
constexpr FamilyText kDepartmentTargets = {"district_department_targets",
                                           "How many targets of the department have the status."};

double timestamp(Date date) {
  return static_cast<double>(
      std::chrono::duration_cast<std::chrono::seconds>(date.time_since_epoch()).count());
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

  void add_catalogued(const Catalogue& catalogue, const Target& target);
  void add_judged(const Catalogue& catalogue, const Target& target, const Assessment& assessment);

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

void ChunkWriter::add_catalogued(const Catalogue& catalogue, const Target& target) {
  take_labels(catalogue, target);
  add(kGoal, target.goal);
  add(kDeadline, timestamp(target.deadline));

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

void ChunkWriter::add_judged(const Catalogue& catalogue, const Target& target,
                             const Assessment& assessment) {
  take_labels(catalogue, target);
  add(kActual, assessment.actual);
  add(kExpected, assessment.expected);
  add(kProgress, assessment.progress);
  add(kExpectedShare, assessment.expected_share);
  add(kDeviation, assessment.deviation);
  add(kForecast, assessment.forecast);
  if (assessment.as_of) add(kAsOf, timestamp(*assessment.as_of));
  add(kReportOverdue, assessment.report_overdue ? 1.0 : 0.0);

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
  explicit Impl(const Board& board)
      : board_(board),
        chunks_((board.catalogue().targets().size() + kTargetsPerChunk - 1) / kTargetsPerChunk) {
    for (std::size_t f = 0; f < kFamilies; ++f) {
      headers_[f] = std::make_shared<const std::string>(
          gauge_header(kFamilyTexts[f].name, kFamilyTexts[f].help));
    }
    for (std::size_t c = 0; c < chunks_.size(); ++c) {
      write_chunk(c, 0, kFirstJudged, [this](Catalogue::Index i) {
        writer_.add_catalogued(board_.catalogue(), board_.catalogue()[i]);
      });
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
      write_chunk(c, kFirstJudged, kFamilies, [this](Catalogue::Index i) {
        writer_.add_judged(board_.catalogue(), board_.catalogue()[i], board_[i]);
      });
      chunks_[c].touched = false;
    }
    write_departments();
    collect();
    touched_ = false;
    return pieces_;
  }

  std::size_t series() const { return series_; }

 private:
  template <typename AddTarget>
  void write_chunk(std::size_t chunk, std::size_t first_family, std::size_t end_family,
                   AddTarget add_target) {
    writer_.begin();
    const auto end = std::min((chunk + 1) * kTargetsPerChunk, board_.catalogue().targets().size());
    for (std::size_t i = chunk * kTargetsPerChunk; i < end; ++i) {
      add_target(static_cast<Catalogue::Index>(i));
    }
    for (std::size_t f = first_family; f < end_family; ++f) {
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
    if (departments.empty()) text.clear();
    if (!departments_ || *departments_ != text) {
      departments_ = std::make_shared<const std::string>(std::move(text));
    }
  }

  // A family without a series has no header either.
  void collect() {
    pieces_.clear();
    pieces_.reserve((chunks_.size() + 1) * kFamilies + 1);
    series_ = board_.catalogue().departments().size() * kAllStatuses.size();
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
  std::vector<Chunk> chunks_;
  std::array<Piece, kFamilies> headers_;
  Piece departments_;
  ChunkWriter writer_;
  std::vector<Piece> pieces_;
  std::size_t series_ = 0;
  bool touched_ = true;
};

Exposition::Exposition(const Board& board) : impl_(std::make_unique<Impl>(board)) {}
Exposition::~Exposition() = default;
Exposition::Exposition(Exposition&&) noexcept = default;
Exposition& Exposition::operator=(Exposition&&) noexcept = default;

void Exposition::touch(Catalogue::Index target) { impl_->touch(target); }
void Exposition::touch_all() { impl_->touch_all(); }
std::vector<Exposition::Piece> Exposition::render() { return impl_->render(); }
std::size_t Exposition::series() const { return impl_->series(); }

}  // namespace districtd
