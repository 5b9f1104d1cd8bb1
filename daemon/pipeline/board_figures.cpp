#include "daemon/pipeline/board_figures.h"

namespace districtd {

CopiedFigures::CopiedFigures(const Board& board, Date today) {
  const Catalogue& catalogue = board.catalogue();
  for (Catalogue::Index i = 0; i < catalogue.targets().size(); ++i) {
    if (!may_be_completed_late(catalogue, catalogue[i], today)) continue;
    const auto readings = board.readings(i);
    if (!readings.empty())
      figures_.emplace(i, std::vector<Reading>(readings.begin(), readings.end()));
  }
}

std::span<const Reading> CopiedFigures::of(Catalogue::Index target) const {
  const auto found = figures_.find(target);
  return found != figures_.end() ? std::span<const Reading>(found->second)
                                 : std::span<const Reading>{};
}

}  // namespace districtd
