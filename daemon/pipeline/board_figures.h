// The board's figures as intake asks for them.
#pragma once

#include <unordered_map>
#include <vector>

#include "daemon/domain/board.h"
#include "daemon/intake/known_figures.h"

namespace districtd {

// Those of the board itself. Thread: the board's.
class BoardFigures final : public KnownFigures {
 public:
  explicit BoardFigures(const Board& board) : board_(board) {}
  std::span<const Reading> of(Catalogue::Index target) const override {
    return board_.readings(target);
  }

 private:
  const Board& board_;
};

// A copy of those of which intake may ask on this day, for another thread: they are none but in the
// weeks between a programme's deadlines and its settlement.
class CopiedFigures final : public KnownFigures {
 public:
  CopiedFigures(const Board& board, Date today);
  std::span<const Reading> of(Catalogue::Index target) const override;

 private:
  std::unordered_map<Catalogue::Index, std::vector<Reading>> figures_;
};

}  // namespace districtd
