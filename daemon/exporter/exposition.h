// /metrics: the per-target families, written from prepared lines.
//
// prometheus-cpp copies every label of every series on each scrape; at 100,000 series that misses
// the budget by far (docs/performance.md), so these families are kept as text in chunks of targets
// and only chunks with a changed target are rendered again. The daemon's own metrics are
// prometheus-cpp's, see own_metrics.h.
//
// Format: https://prometheus.io/docs/instrumenting/exposition_formats/ (text, version 0.0.4).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/domain/board.h"

namespace districtd {

// Owned by the event loop's thread, as the board is.
class Exposition {
 public:
  // A piece of the answer. Shared with the scrapes that are still being sent while the exposition
  // moves on, so that each sees one consistent moment.
  using Piece = std::shared_ptr<const std::string>;

  // The board must outlive this. `shows_months`: with the months of each target's year, at most 60
  // series a target.
  explicit Exposition(const Board& board, bool shows_months = true);
  ~Exposition();
  Exposition(Exposition&&) noexcept;
  Exposition& operator=(Exposition&&) noexcept;

  void touch(Catalogue::Index target);  // its assessment changed
  void touch_all();                     // for when one does not know which

  // The text of every per-target and per-department family, in order. Renders what was touched; a
  // piece whose text is as before is the same piece.
  std::vector<Piece> render();

  // Series in the last rendering, for the daemon's own metrics; 0 before the first.
  std::size_t series() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace districtd
