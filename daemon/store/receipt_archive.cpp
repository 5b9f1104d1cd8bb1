#include "daemon/store/receipt_archive.h"

#include <vector>

namespace districtd {

ReceiptArchive::ReceiptArchive(const sqlite::Connection& connection)
    : with_texts_(connection,
                  "SELECT seq, errors, details FROM submission_text WHERE seq > ? AND seq <= ?"
                  " AND (errors IS NOT NULL OR details IS NOT NULL) ORDER BY seq LIMIT ?"),
      forget_(connection, "UPDATE submission_text SET errors = NULL, details = NULL WHERE seq = ?"),
      is_used_(connection,
               "SELECT EXISTS(SELECT 1 FROM submission_text WHERE errors = ?1)"
               " OR EXISTS(SELECT 1 FROM submission_text WHERE details = ?1)"),
      delete_(connection, "DELETE FROM receipt_text WHERE key = ?") {}

ReceiptArchive::Forgotten ReceiptArchive::forget(std::int64_t seq, std::uint64_t at_most) {
  struct Texts {
    std::int64_t seq, errors, details;  // 0: none
  };
  std::vector<Texts> oldest;
  with_texts_.bind(1, next_).bind(2, seq).bind(3, static_cast<std::int64_t>(at_most));
  while (with_texts_.step()) {
    oldest.push_back({with_texts_.integer(0), with_texts_.integer(1), with_texts_.integer(2)});
  }
  with_texts_.reset();
  for (const Texts& one : oldest) {
    forget_.bind(1, one.seq).run();
    for (const std::int64_t text : {one.errors, one.details}) forget_unused(text);
    next_ = one.seq;
  }
  return {oldest.size(), oldest.size() < at_most};
}

void ReceiptArchive::forget_unused(std::int64_t text) {
  if (text == 0) return;
  is_used_.bind(1, text);
  const bool is_used = is_used_.step() && is_used_.integer(0) != 0;
  is_used_.reset();
  if (!is_used) delete_.bind(1, text).run();
}

}  // namespace districtd
