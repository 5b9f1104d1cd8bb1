// What is let go of old receipts: their long texts. Figures, counts and who sent what stay.
#pragma once

#include <cstdint>

#include "daemon/store/sqlite.h"

namespace districtd {

// Forgets the texts of receipts from the oldest on, a few at a time, so that submissions wait for
// none of it. A receipt whose texts are gone says so; a text that a younger receipt holds too
// stays.
//
// Threads: one, the store's. Functions throw sqlite::Error.
class ReceiptArchive {
 public:
  explicit ReceiptArchive(const sqlite::Connection& connection);  // which outlives this

  struct Forgotten {
    std::uint64_t receipts = 0;
    bool is_all = true;  // nothing is left to forget up to that number
  };
  // Within the open transaction: the next `at_most` receipts with texts up to the submission `seq`.
  Forgotten forget(std::int64_t seq, std::uint64_t at_most);

  // What was forgotten since the last of these is in the file, or is not.
  void committed() { forgotten_ = next_; }
  void roll_back() { next_ = forgotten_; }

 private:
  void forget_unused(std::int64_t text);

  sqlite::Statement with_texts_;
  sqlite::Statement forget_;
  sqlite::Statement is_used_;
  sqlite::Statement delete_;
  std::int64_t forgotten_ = 0;  // no submission up to this number has texts
  std::int64_t next_ = 0;       // the same in the open transaction
};

}  // namespace districtd
