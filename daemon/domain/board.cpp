#include "daemon/domain/board.h"

#include <cassert>
#include <utility>

namespace districtd {

Board::Board(std::shared_ptr<const Catalogue> catalogue, std::vector<std::optional<Reading>> newest,
             Date today)
    : catalogue_(std::move(catalogue)),
      newest_(std::move(newest)),
      assessments_(newest_.size()),
      counts_(catalogue_->departments().size()),
      today_(today) {
  assert(newest_.size() == catalogue_->targets().size());
  for (Catalogue::Index i = 0; i < newest_.size(); ++i) {
    const Target& target = (*catalogue_)[i];
    assessments_[i] = assess(target, newest_[i], today_);
    ++counts_[target.department][static_cast<std::size_t>(assessments_[i].status)];
  }
}

bool Board::judge(Catalogue::Index i) {
  const Target& target = (*catalogue_)[i];
  const Assessment now = assess(target, newest_[i], today_);
  if (now == assessments_[i]) return false;
  auto& counts = counts_[target.department];
  --counts[static_cast<std::size_t>(assessments_[i].status)];
  ++counts[static_cast<std::size_t>(now.status)];
  assessments_[i] = now;
  return true;
}

bool Board::set_newest(Catalogue::Index target, const Reading& reading) {
  newest_[target] = reading;
  return judge(target);
}

std::vector<Catalogue::Index> Board::advance_to(Date today) {
  std::vector<Catalogue::Index> changed;
  today_ = today;
  for (Catalogue::Index i = 0; i < newest_.size(); ++i) {
    if (judge(i)) changed.push_back(i);
  }
  return changed;
}

std::size_t Board::count(std::uint32_t department, Status status) const {
  return counts_[department][static_cast<std::size_t>(status)];
}

}  // namespace districtd
