// The memory of answers that their clients have not taken yet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/byte_budget.h"

namespace districtd {

// Answers share their pieces, a hundred scrapes of one moment those of one text: each piece counts
// once, for as long as any answer has it.
//
// Thread: the event loop's.
class PiecesInFlight {
 public:
  using Pieces = std::vector<std::shared_ptr<const std::string>>;

  explicit PiecesInFlight(std::shared_ptr<ByteBudget> budget) : share_(std::move(budget)) {}

  // False, and nothing is counted, where the budget has not got what is new of them.
  [[nodiscard]] bool add(const Pieces& pieces);
  void remove(const Pieces& pieces);  // which add() has taken

 private:
  std::size_t uncount(const Pieces& pieces);  // the bytes that no answer has any more

  std::unordered_map<const std::string*, std::uint32_t> answers_;  // how many have the piece
  ByteBudget::Share share_;
};

}  // namespace districtd
