#include "daemon/domain/standing.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "daemon/domain/programme.h"

namespace districtd {

namespace {

// Sums of products of doubles; scores nearer than this are the same.
constexpr double kSlack = 1e-9;

// What the score of a group is made of.
class Sum {
 public:
  void add(double weight, double part) {
    points_ += weight * part;
    weight_ += weight;
  }
  // A period counts once, whichever targets' reports were late; as missing where one is.
  void add(const ReportFault& fault) {
    is_missing_[{fault.cadence, fault.period_start}] |= fault.is_missing;
  }

  std::optional<double> mean() const {
    return weight_ > 0 ? std::optional{points_ / weight_} : std::nullopt;
  }
  std::uint32_t periods(bool is_missing) const {
    return static_cast<std::uint32_t>(
        std::count_if(is_missing_.begin(), is_missing_.end(),
                      [&](const auto& period) { return period.second == is_missing; }));
  }
  double deducted(const Scoring& scoring) const {
    const double points =
        periods(true) * scoring.missing_report + periods(false) * scoring.late_report;
    return std::min(points, scoring.most) / 100;
  }
  std::optional<double> score(const Scoring& scoring) const {
    const auto all = mean();
    return all ? std::optional{std::max(*all - deducted(scoring), 0.0)} : std::nullopt;
  }

 private:
  double points_ = 0;
  double weight_ = 0;
  std::map<std::pair<Cadence, Date>, bool> is_missing_;  // by cadence and the period's start
};

// 1, 1, 3: a department's rank is one more than how many are better.
void rank(std::span<Standing> standings, std::optional<double> Standing::*score,
          std::optional<std::uint32_t> Standing::*rank) {
  std::vector<std::uint32_t> order(standings.size());
  std::iota(order.begin(), order.end(), 0U);
  std::erase_if(order, [&](std::uint32_t i) { return !(standings[i].*score); });
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return *(standings[a].*score) > *(standings[b].*score);
  });
  for (std::uint32_t place = 0; place < order.size(); ++place) {
    Standing& standing = standings[order[place]];
    const bool is_tie =
        place > 0 && *(standings[order[place - 1]].*score) - *(standing.*score) < kSlack;
    standing.*rank = is_tie ? standings[order[place - 1]].*rank : std::optional{place + 1};
  }
}

// With a final value that does not reach the goal.
double part_of_overdue(const Target& version, const Assessment& assessment) {
  double part = 1 - excess(version, *assessment.actual);
  if (version.kind != Kind::level && !is_ceiling(version)) part = 1;
  if (!is_ceiling(version)) part = std::min(part, assessment.progress.value_or(part));
  return std::clamp(part, 0.0, 1.0);
}

}  // namespace

std::optional<double> score_of(const Target& target, const Assessment& assessment,
                               double late_completion) {
  if (!assessment.in_force || target.kind == Kind::pledge) return std::nullopt;
  const auto nothing_if_due = [&] {
    return assessment.report_overdue ? std::optional{0.0} : std::nullopt;
  };
  if (!assessment.actual) return nothing_if_due();
  const Target& version = target.version(assessment.version);
  switch (assessment.status) {
    case Status::achieved:
      return 1.0;
    case Status::achieved_late:
      return late_completion > 0 ? late_completion : 1.0;
    case Status::overdue:
      if (!assessment.has_final_value) return nothing_if_due();
      return part_of_overdue(version, assessment);
    case Status::stale:
      if (target.cadence != Cadence::none) return 0.0;
      break;
    default:
      break;
  }
  if (!assessment.expected) return std::nullopt;
  return std::clamp(1 + light_deviation(version, *assessment.actual, *assessment.expected), 0.0,
                    1.0);
}

namespace {

// Each fault to the department that was responsible when the report was due.
void add_faults(std::vector<Sum>& sums, const Catalogue& catalogue, Catalogue::Index target,
                const std::vector<ReportFault>& faults) {
  for (const ReportFault& fault : faults) sums[catalogue.group_on(target, fault.due)].add(fault);
}

void add_reports(std::vector<Standing>& standings, const Catalogue& catalogue,
                 Catalogue::Index target, const Assessment& assessment, std::uint32_t group) {
  ReportCounts own{assessment.reports_due, assessment.reports_on_time,
                   assessment.reports_corrected};
  const auto add = [&](std::uint32_t g, const ReportCounts& counts) {
    standings[g].reports_due += static_cast<std::uint32_t>(counts.due);
    standings[g].reports_on_time += static_cast<std::uint32_t>(counts.on_time);
    standings[g].reports_corrected += static_cast<std::uint32_t>(counts.corrected);
  };
  for (const HandedOver& before : assessment.handed_over) {
    add(catalogue.group_on(target, before.handover - std::chrono::days{1}), before.reports);
    own.due -= before.reports.due;
    own.on_time -= before.reports.on_time;
    own.corrected -= before.reports.corrected;
  }
  add(group, own);
}

}  // namespace

std::vector<Standing> standings(const Catalogue& catalogue, std::span<const Assessment> assessments,
                                Date on) {
  const Date earlier = period_before(on);
  const std::vector<Group>& groups = catalogue.groups();
  std::vector<Standing> result(groups.size());
  std::vector<Sum> now(result.size());
  std::vector<Sum> before(result.size());
  for (Catalogue::Index i = 0; i < assessments.size(); ++i) {
    const Assessment& assessment = assessments[i];
    if (!assessment.in_force) continue;
    const std::uint32_t g = catalogue.group_on(i, on);
    const double weight = catalogue[i].weight;
    add_reports(result, catalogue, i, assessment, g);
    add_faults(now, catalogue, i, assessment.report_faults);
    add_faults(before, catalogue, i, assessment.report_faults_before);
    if (catalogue[i].is_part()) continue;  // it is counted under its parent
    ++result[g].in_force;
    if (assessment.score) {
      ++result[g].counted;
      now[g].add(weight, *assessment.score);
    }
    if (assessment.score_before) {
      before[catalogue.group_on(i, earlier)].add(weight, *assessment.score_before);
    }
  }
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Scoring& scoring = catalogue.programmes()[groups[g].programme].scoring;
    result[g].mean = now[g].mean();
    result[g].periods_late = now[g].periods(false);
    result[g].periods_missing = now[g].periods(true);
    result[g].deducted = now[g].deducted(scoring);
    result[g].score = now[g].score(scoring);
    result[g].score_before = before[g].score(scoring);
  }
  for (std::size_t first = 0, last = 0; first < groups.size(); first = last) {
    while (last < groups.size() && groups[last].programme == groups[first].programme) ++last;
    if (!catalogue.programmes()[groups[first].programme].scoring.rank) continue;
    const auto of_programme = std::span(result).subspan(first, last - first);
    rank(of_programme, &Standing::score, &Standing::rank);
    rank(of_programme, &Standing::score_before, &Standing::rank_before);
  }
  return result;
}

Date period_before(Date on) {
  const Date last_ended = period_start(Cadence::month, on) - std::chrono::days{1};
  return period_start(Cadence::month, last_ended) - std::chrono::days{1};
}

}  // namespace districtd
