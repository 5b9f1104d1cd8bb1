#include "daemon/exporter/exposition.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "daemon/domain/month_standing.h"
#include "daemon/domain/on_schedule.h"
#include "daemon/exporter/change_lines.h"
#include "daemon/exporter/target_lines.h"
#include "daemon/exporter/text_format.h"

namespace districtd {
namespace {

// Small enough that one touched target costs well below a millisecond, large enough that a piece's
// bookkeeping and the scatter of a scrape do not count (docs/performance.md).
constexpr Catalogue::Index kTargetsPerChunk = 256;

std::optional<double> as_number(const std::optional<std::uint32_t>& rank) {
  return rank ? std::optional{static_cast<double>(*rank)} : std::nullopt;
}

std::optional<double> of_reports_due(const Standing& s, std::uint32_t reports) {
  if (s.reports_due == 0) return std::nullopt;
  return static_cast<double>(reports) / s.reports_due;
}

// Of a department: absent where it has no value.
struct StandingFamily {
  FamilyText text;
  std::optional<double> (*value)(const Standing&);
};

constexpr FamilyText kDepartmentTargets = {"district_department_targets",
                                           "How many targets of the department have the status."};
constexpr FamilyText kOnSchedule = {
    "district_on_schedule_ratio",
    "The part of the programme's targets that can be judged which is on schedule: green of green, "
    "yellow and red. What it leaves out is in district_department_targets."};
constexpr FamilyText kDepartmentOnSchedule = {"district_department_on_schedule_ratio",
                                              "The same of one department."};
constexpr std::array<StandingFamily, 7> kStandingFamilies = {{
    {{"district_department_score_ratio",
      "The weighted mean of the department's targets' parts, less what is deducted, 0 to 1; "
      "docs/judging.md has the rules."},
     [](const Standing& s) { return s.score; }},
    {{"district_department_rank",
      "The department's place by score, 1 is best; equal scores have equal ranks."},
     [](const Standing& s) { return as_number(s.rank); }},
    {{"district_department_score_before_ratio",
      "The department's score at the end of the period before."},
     [](const Standing& s) { return s.score_before; }},
    {{"district_department_rank_before", "The department's place at the end of the period before."},
     [](const Standing& s) { return as_number(s.rank_before); }},
    {{"district_department_score_deducted_ratio",
      "What is deducted from the department's score for reports that were late or are missing."},
     [](const Standing& s) { return s.score ? std::optional{s.deducted} : std::nullopt; }},
    {{"district_department_reports_on_time_ratio",
      "The part of the department's reports due so far that were there in time."},
     [](const Standing& s) { return of_reports_due(s, s.reports_on_time); }},
    {{"district_department_reports_corrected_ratio",
      "The part of the department's reports due so far with a figure that was corrected after the "
      "due day."},
     [](const Standing& s) { return of_reports_due(s, s.reports_corrected); }},
}};

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

// Where the text is as before the piece stays, so that what did not change stays shared.
void put_lines(const TargetLines& lines, FamilyIndex family, Part& part) {
  const std::string& text = lines.text(family);
  part.series = lines.series(family);
  if (text.empty()) {
    part.text = nullptr;
  } else if (!part.text || *part.text != text) {
    part.text = std::make_shared<const std::string>(text);
  }
}

}  // namespace

class Exposition::Impl {
 public:
  Impl(const Board& board, bool shows_months)
      : board_(board),
        shows_months_(shows_months),
        chunks_((board.catalogue().targets().size() + kTargetsPerChunk - 1) / kTargetsPerChunk),
        change_lines_(board) {
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
    lines_.begin();
    const auto end = std::min((chunk + 1) * kTargetsPerChunk, board_.catalogue().targets().size());
    for (auto i = static_cast<Catalogue::Index>(chunk * kTargetsPerChunk); i < end; ++i) {
      if (!board_[i].in_force) continue;
      const Target& target = board_.catalogue()[i];
      lines_.add(board_.catalogue(), board_.catalogue().departments()[board_.department(i)], target,
                 board_[i],
                 shows_months_
                     ? year_standing(target, board_.catalogue().working_days(), board_.readings(i),
                                     board_.corrections(i), board_.today())
                     : YearStanding{},
                 board_.today());
    }
    for (std::size_t f = 0; f < kFamilies; ++f) {
      put_lines(lines_, static_cast<FamilyIndex>(f), chunks_[chunk].parts[f]);
    }
  }

  void write_departments() {
    std::string text;
    department_series_ = 0;
    write_family(text, kDepartmentTargets, [&](std::uint32_t g, const Group& group) {
      for (const Status status : kAllStatuses) {
        begin_line(text, kDepartmentTargets, group);
        append_label(text, "status", to_string(status));
        end_line(text, static_cast<double>(board_.counts(g).of(status)));
      }
    });
    write_on_schedule(text);
    const auto& standings = board_.standings();
    for (const StandingFamily& family : kStandingFamilies) {
      write_family(text, family.text, [&](std::uint32_t g, const Group& group) {
        const auto value = family.value(standings[g]);
        if (!value) return;
        begin_line(text, family.text, group);
        end_line(text, *value);
      });
    }
    department_series_ += change_lines_.append_to(text);
    if (!departments_ || *departments_ != text) {
      departments_ = std::make_shared<const std::string>(std::move(text));
    }
  }

  // Of each open programme and of each of its departments in which anything can be judged.
  void write_on_schedule(std::string& text) {
    std::vector<OnSchedule> all(board_.catalogue().programmes().size());
    const auto& groups = board_.catalogue().groups();
    for (std::uint32_t g = 0; g < groups.size(); ++g) all[groups[g].programme] += board_.counts(g);
    bool is_first = true;
    for (std::uint32_t p = 0; p < all.size(); ++p) {
      const auto share = all[p].share();
      if (!share || !board_.is_open(p)) continue;
      if (std::exchange(is_first, false)) text += gauge_header(kOnSchedule.name, kOnSchedule.help);
      text.append(kOnSchedule.name).append("{");
      append_label(text, "programme", board_.catalogue().programmes()[p].id);
      end_line(text, *share);
    }
    write_family(text, kDepartmentOnSchedule, [&](std::uint32_t g, const Group& group) {
      const auto share = board_.counts(g).share();
      if (!share) return;
      begin_line(text, kDepartmentOnSchedule, group);
      end_line(text, *share);
    });
  }

  // A family with lines of the groups of open programmes; without one it has no header either.
  template <typename WriteGroup>
  void write_family(std::string& text, const FamilyText& family, WriteGroup write_group) {
    const std::size_t before = text.size();
    text += gauge_header(family.name, family.help);
    const std::size_t header = text.size();
    const auto& groups = board_.catalogue().groups();
    for (std::uint32_t g = 0; g < groups.size(); ++g) {
      if (board_.is_open(groups[g].programme)) write_group(g, groups[g]);
    }
    if (text.size() == header) text.resize(before);
  }

  void begin_line(std::string& text, const FamilyText& family, const Group& group) const {
    text.append(family.name).append("{");
    append_label(text, "department", board_.catalogue().departments()[group.department].id);
    append_label(text, "programme", board_.catalogue().programmes()[group.programme].id);
  }

  void end_line(std::string& text, double value) {
    text.append("} ");
    append_number(text, value);
    text += '\n';
    ++department_series_;
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
  TargetLines lines_;
  const ChangeLines change_lines_;
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
