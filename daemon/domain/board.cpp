#include "daemon/domain/board.h"

#include <algorithm>
#include <future>

namespace districtd {

Board::Board(std::shared_ptr<const Catalogue> catalogue, Readings readings, Date today)
    : catalogue_(std::move(catalogue)),
      readings_(std::move(readings)),
      assessments_(catalogue_->targets().size()),
      counts_(catalogue_->groups().size()),
      today_(today) {
  readings_of_.reserve(assessments_.size());
  groups_.reserve(assessments_.size());
  corrections_of_.reserve(assessments_.size());
  for (Catalogue::Index i = 0; i < assessments_.size(); ++i) {
    const Target& target = (*catalogue_)[i];
    readings_of_.push_back(&readings_.of(target.key));
    corrections_of_.push_back(&readings_.corrections_of(target.key));
    groups_.push_back(catalogue_->group_on(i, today_));
  }
  for (Catalogue::Index i = 0; i < assessments_.size(); ++i) {
    if ((*catalogue_)[i].sum_of_parts) add_up(i);
  }
  judge_all();
  for (Catalogue::Index i = 0; i < assessments_.size(); ++i) {
    if (!assessments_[i].in_force || (*catalogue_)[i].is_part()) continue;
    counts_[groups_[i]].add(assessments_[i]);
  }
}

// A start and a reload wait for this; a province's targets are halved between two threads.
void Board::judge_all() {
  const auto judge_from = [this](Catalogue::Index begin, Catalogue::Index end) {
    for (Catalogue::Index i = begin; i < end; ++i) {
      assessments_[i] = assess_now(i);
    }
  };
  constexpr std::size_t kMany = 10'000;
  const auto all = static_cast<Catalogue::Index>(assessments_.size());
  const Catalogue::Index half = all < kMany ? 0 : all / 2;
  auto first = std::async(half > 0 ? std::launch::async : std::launch::deferred, judge_from,
                          Catalogue::Index{0}, half);
  judge_from(half, all);
  first.get();
}

Assessment Board::assess_now(Catalogue::Index i) const {
  const Target& target = (*catalogue_)[i];
  if (!is_open(target.programme)) {
    Assessment none;
    none.in_force = false;
    return none;
  }
  if (target.sum_of_parts) return assess_sum(*catalogue_, i, sums_.at(i), today_);
  return assess(target, terms_of(*catalogue_, i), *readings_of_[i], today_);
}

void Board::add_up(Catalogue::Index parent) {
  SumOfParts& sum = sums_[parent];
  sum = sum_of_parts(
      *catalogue_, parent,
      [this](Catalogue::Index part) { return std::span<const Reading>{*readings_of_[part]}; },
      today_);
  readings_of_[parent] = &sum.readings;
}

std::vector<Catalogue::Index> Board::add_up() {
  auto parents = std::exchange(to_add_up_, {});
  std::sort(parents.begin(), parents.end());
  parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
  for (const Catalogue::Index parent : parents) judge(parent);
  return parents;
}

bool Board::judge(Catalogue::Index i) {
  const Target& target = (*catalogue_)[i];
  if (target.sum_of_parts) add_up(i);
  const Assessment now = assess_now(i);
  Assessment& before = assessments_[i];
  const std::uint32_t group = catalogue_->group_on(i, today_);
  const bool is_same = now == before;
  if (is_same && group == groups_[i]) return false;
  const bool is_counted = !target.is_part();
  if (before.in_force && is_counted) counts_[groups_[i]].remove(before);
  if (now.in_force && is_counted) counts_[group].add(now);
  groups_[i] = group;
  standings_are_stale_ = true;
  if (is_same) return false;
  before = now;
  return true;
}

bool Board::record(Catalogue::Index target, std::span<const ReportedReading> reported) {
  for (const ReportedReading& one : reported) readings_.record((*catalogue_)[target].key, one);
  const auto parent = catalogue_->parent_of(target);
  if (parent && (*catalogue_)[*parent].sum_of_parts) to_add_up_.push_back(*parent);
  return judge(target);
}

void Board::record_unknown(std::string_view target, std::span<const ReportedReading> reported) {
  for (const ReportedReading& one : reported) readings_.record(target, one);
}

std::vector<Catalogue::Index> Board::advance_to(Date today) {
  std::vector<Catalogue::Index> changed;
  if (today < today_) readings_.reported_by(today);
  today_ = today;
  standings_are_stale_ = true;  // they know the period before
  for (Catalogue::Index i = 0; i < assessments_.size(); ++i) {
    if (judge(i)) changed.push_back(i);
  }
  return changed;
}

const std::vector<Standing>& Board::standings() const {
  if (standings_are_stale_) standings_ = districtd::standings(*catalogue_, assessments_, today_);
  standings_are_stale_ = false;
  return standings_;
}

}  // namespace districtd
