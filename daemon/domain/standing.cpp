#include "daemon/domain/standing.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "daemon/domain/programme.h"

namespace districtd {

namespace {

// Sums of products of doubles; scores nearer than this are the same.
constexpr double kSlack = 1e-9;

// What a department's score is made of. Each programme deducts by its own [scoring].
class Sum {
 public:
  void add(double weight, double part) {
    points_ += weight * part;
    weight_ += weight;
  }
  // A period counts once, whichever targets' reports were late; as missing where one is.
  void add(std::uint32_t programme, const std::vector<ReportFault>& faults) {
    for (const ReportFault& fault : faults) {
      is_missing_[{programme, fault.cadence, fault.period_start}] |= fault.is_missing;
    }
  }

  std::optional<double> mean() const {
    return weight_ > 0 ? std::optional{points_ / weight_} : std::nullopt;
  }
  std::uint32_t periods(bool is_missing) const {
    return static_cast<std::uint32_t>(
        std::count_if(is_missing_.begin(), is_missing_.end(),
                      [&](const auto& period) { return period.second == is_missing; }));
  }
  double deducted(const std::vector<Programme>& programmes) const {
    double all = 0;
    auto period = is_missing_.begin();
    while (period != is_missing_.end()) {
      const std::uint32_t programme = std::get<0>(period->first);
      const Scoring& scoring = programmes[programme].scoring;
      double points = 0;
      for (; period != is_missing_.end() && std::get<0>(period->first) == programme; ++period) {
        points += period->second ? scoring.missing_report : scoring.late_report;
      }
      all += std::min(points, scoring.most);
    }
    return all / 100;
  }
  std::optional<double> score(const std::vector<Programme>& programmes) const {
    const auto all = mean();
    return all ? std::optional{std::max(*all - deducted(programmes), 0.0)} : std::nullopt;
  }

 private:
  double points_ = 0;
  double weight_ = 0;
  // By programme, cadence and the period's start.
  std::map<std::tuple<std::uint32_t, Cadence, Date>, bool> is_missing_;
};

// 1, 1, 3: a department's rank is one more than how many are better.
void rank(std::vector<Standing>& standings, std::optional<double> Standing::*score,
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

std::vector<Standing> standings(const Catalogue& catalogue,
                                std::span<const Assessment> assessments) {
  const std::vector<Programme>& programmes = catalogue.programmes();
  std::vector<Standing> result(catalogue.departments().size());
  std::vector<Sum> now(result.size());
  std::vector<Sum> before(result.size());
  for (Catalogue::Index i = 0; i < assessments.size(); ++i) {
    const Target& target = catalogue[i];
    const Assessment& assessment = assessments[i];
    if (!assessment.in_force) continue;
    const std::uint32_t d = target.department;
    result[d].reports_due += static_cast<std::uint32_t>(assessment.reports_due);
    result[d].reports_on_time += static_cast<std::uint32_t>(assessment.reports_on_time);
    result[d].reports_corrected += static_cast<std::uint32_t>(assessment.reports_corrected);
    now[d].add(target.programme, assessment.report_faults);
    before[d].add(target.programme, assessment.report_faults_before);
    if (target.is_part()) continue;  // it is counted under its parent
    ++result[d].in_force;
    if (assessment.score) {
      ++result[d].counted;
      now[d].add(target.weight, *assessment.score);
    }
    if (assessment.score_before) before[d].add(target.weight, *assessment.score_before);
  }
  for (std::size_t d = 0; d < result.size(); ++d) {
    result[d].mean = now[d].mean();
    result[d].periods_late = now[d].periods(false);
    result[d].periods_missing = now[d].periods(true);
    result[d].deducted = now[d].deducted(programmes);
    result[d].score = now[d].score(programmes);
    result[d].score_before = before[d].score(programmes);
  }
  const bool is_ranked = std::any_of(programmes.begin(), programmes.end(),
                                     [](const Programme& each) { return each.scoring.rank; });
  if (is_ranked) {
    rank(result, &Standing::score, &Standing::rank);
    rank(result, &Standing::score_before, &Standing::rank_before);
  }
  return result;
}

Date period_before(Date on) {
  const Date last_ended = period_start(Cadence::month, on) - std::chrono::days{1};
  return period_start(Cadence::month, last_ended) - std::chrono::days{1};
}

}  // namespace districtd
