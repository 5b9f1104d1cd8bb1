// The tables `receipt_text` and `submission_text`: what is long of a receipt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
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

  // A text on its way into the file.
  struct Text {
    std::string text;
    std::uint64_t bytes = 0;               // that it adds to the file; 0 where it is kept already
    std::optional<std::int64_t> key = {};  // where it is kept already
    Sha256 sha256{};                       // where it is long
    std::vector<unsigned char> deflated = {};  // where it is long, and not kept yet

    bool is_long() const { return text.size() > kMostInlineBytes; }
  };
  Text prepare(std::string text);

  // Of the submission with this seq; one that is not long is left out. Once a submission.
  void insert(std::int64_t seq, const Text& errors, const Text& details);

 private:
  void bind_key(int position, const Text& text);
  std::int64_t keep(const Text& text);

  const sqlite::Connection& connection_;
  sqlite::Statement known_;
  sqlite::Statement insert_text_;
  sqlite::Statement insert_;
};

// What insert() was given for the submission; "" for what it left out.
struct LongTexts {
  std::string errors;
  std::string details;
  bool are_forgotten = false;  // there were some, see receipt_archive.h
};
LongTexts long_texts(const sqlite::Connection& connection, std::int64_t seq);

}  // namespace districtd
