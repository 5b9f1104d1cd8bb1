#include "daemon/domain/standing.h"

#include <algorithm>
#include <numeric>

namespace districtd {

namespace {

// Sums of products of doubles; scores nearer than this are the same.
constexpr double kSlack = 1e-9;

struct Sum {
  double points = 0;
  double weight = 0;
  std::optional<double> mean() const {
    return weight > 0 ? std::optional{points / weight} : std::nullopt;
  }
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

}  // namespace

std::optional<double> score_of(const Target& target, const Assessment& assessment) {
  if (!assessment.in_force) return std::nullopt;
  if (assessment.status == Status::reported || assessment.status == Status::achieved) return 1.0;
  std::optional<double> deviation = assessment.deviation;
  if (!deviation && assessment.actual) {
    deviation =
        scored_deviation(target.version(assessment.version), *assessment.actual, *assessment.as_of);
  }
  if (!deviation) return assessment.report_overdue ? std::optional{0.0} : std::nullopt;
  double score = 1 + *deviation;
  // After the deadline the whole goal is asked for, whenever the newest value was reported.
  const bool adds_up = target.kind == Kind::cumulative || target.kind == Kind::milestone;
  if (assessment.status == Status::overdue && adds_up) {
    score = std::min(score, assessment.progress.value_or(score));
  }
  return std::clamp(score, 0.0, 1.0);
}

std::vector<Standing> standings(const Catalogue& catalogue,
                                std::span<const Assessment> assessments) {
  std::vector<Standing> result(catalogue.departments().size());
  std::vector<Sum> now(result.size());
  std::vector<Sum> before(result.size());
  for (Catalogue::Index i = 0; i < assessments.size(); ++i) {
    const Target& target = catalogue[i];
    const Assessment& assessment = assessments[i];
    if (!assessment.in_force) continue;
    const std::uint32_t d = target.department;
    ++result[d].in_force;
    result[d].reports_due += static_cast<std::uint32_t>(assessment.reports_due);
    result[d].reports_on_time += static_cast<std::uint32_t>(assessment.reports_on_time);
    if (assessment.score) {
      ++result[d].counted;
      now[d].points += target.weight * *assessment.score;
      now[d].weight += target.weight;
    }
    if (assessment.score_before) {
      before[d].points += target.weight * *assessment.score_before;
      before[d].weight += target.weight;
    }
  }
  for (std::size_t d = 0; d < result.size(); ++d) {
    result[d].score = now[d].mean();
    result[d].score_before = before[d].mean();
  }
  rank(result, &Standing::score, &Standing::rank);
  rank(result, &Standing::score_before, &Standing::rank_before);
  return result;
}

Date period_before(Date on) {
  const Date last_ended = period_start(Cadence::month, on) - std::chrono::days{1};
  return period_start(Cadence::month, last_ended) - std::chrono::days{1};
}

}  // namespace districtd
