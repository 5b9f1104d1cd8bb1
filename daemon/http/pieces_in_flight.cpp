#include "daemon/http/pieces_in_flight.h"

#include "base/check.h"

namespace districtd {

bool PiecesInFlight::add(const Pieces& pieces) {
  std::size_t bytes = share_.bytes();
  for (const auto& piece : pieces) {
    if (++answers_[piece.get()] == 1) bytes += piece->size();
  }
  if (share_.resize(bytes)) return true;
  uncount(pieces);
  return false;
}

void PiecesInFlight::remove(const Pieces& pieces) {
  const bool is_less = share_.resize(share_.bytes() - uncount(pieces));
  DISTRICT_CHECK(is_less, "less can always be held");
}

std::size_t PiecesInFlight::uncount(const Pieces& pieces) {
  std::size_t bytes = 0;
  for (const auto& piece : pieces) {
    const auto found = answers_.find(piece.get());
    DISTRICT_CHECK(found != answers_.end(), "only what was counted is taken away");
    if (--found->second > 0) continue;
    bytes += piece->size();
    answers_.erase(found);
  }
  return bytes;
}

}  // namespace districtd
