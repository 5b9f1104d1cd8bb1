// The tables `receipt_text` and `submission_text`: what is long of a receipt.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/store/sqlite.h"

namespace districtd {

// A text of a receipt that is longer than this is not in `submission` itself.
inline constexpr std::size_t kMostInlineBytes = 512;

// Keeps long texts deflated, and one that stands in several receipts once: who sends the same bad
// file a thousand times fills the disk with one list of errors.
//
// Threads: one, the store's. Functions throw sqlite::Error.
class ReceiptTexts {
 public:
  explicit ReceiptTexts(const sqlite::Connection& connection);  // which outlives this

  // Of the submission with this seq; one that is not long is left out. Once a submission.
  void insert(std::int64_t seq, std::string_view errors, std::string_view details);

 private:
  void bind_key(int position, std::string_view text);
  std::int64_t keep(std::string_view text);

  const sqlite::Connection& connection_;
  sqlite::Statement known_;
  sqlite::Statement insert_text_;
  sqlite::Statement insert_;
};

// What insert() was given for the submission; "" for what it left out.
struct LongTexts {
  std::string errors;
  std::string details;
};
LongTexts long_texts(const sqlite::Connection& connection, std::int64_t seq);

}  // namespace districtd
