// The families of /metrics that tell what was changed of the promises, by programme and department.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "daemon/domain/board.h"

namespace districtd {

// Of one board. Where nothing was changed there are none, and they cost nothing.
class ChangeLines {
 public:
  // The board must outlive this.
  explicit ChangeLines(const Board& board);

  // Appends the families as of the board's day; returns how many series they have.
  std::size_t append_to(std::string& text) const;

 private:
  std::size_t append_changes(std::string& text) const;
  std::size_t append_first_promises(std::string& text) const;

  const Board& board_;
  std::vector<Catalogue::Index> changed_;  // that have a change, were added or withdrawn
};

}  // namespace districtd
