#include "daemon/store/receipt_texts.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "daemon/store/deflated.h"

namespace districtd {

ReceiptTexts::ReceiptTexts(const sqlite::Connection& connection)
    : connection_(connection),
      known_(connection, "SELECT key FROM receipt_text WHERE sha256 = ?"),
      insert_text_(connection, "INSERT INTO receipt_text(sha256, bytes, deflated) VALUES(?, ?, ?)"),
      insert_(connection, "INSERT INTO submission_text(seq, errors, details) VALUES(?, ?, ?)") {}

ReceiptTexts::Text ReceiptTexts::prepare(std::string text) {
  Text prepared{std::move(text)};
  prepared.bytes = prepared.text.size();
  if (!prepared.is_long()) return prepared;
  prepared.sha256 = sha256_of(prepared.text);
  known_.bind(1, std::span<const unsigned char>(prepared.sha256));
  if (known_.step()) prepared.key = known_.integer(0);
  known_.reset();
  prepared.bytes = 0;
  if (prepared.key) return prepared;
  prepared.deflated = deflated(prepared.text);
  prepared.bytes = prepared.deflated.size() + prepared.sha256.size();
  return prepared;
}

void ReceiptTexts::insert(std::int64_t seq, const Text& errors, const Text& details) {
  if (!errors.is_long() && !details.is_long()) return;
  insert_.bind(1, seq);
  bind_key(2, errors);
  bind_key(3, details);
  insert_.run();
}

void ReceiptTexts::bind_key(int position, const Text& text) {
  if (text.is_long()) {
    insert_.bind(position, keep(text));
  } else {
    insert_.bind_null(position);
  }
}

std::int64_t ReceiptTexts::keep(const Text& text) {
  if (text.key) return *text.key;
  insert_text_.bind(1, std::span<const unsigned char>(text.sha256))
      .bind(2, static_cast<std::int64_t>(text.text.size()))
      .bind(3, std::span<const unsigned char>(text.deflated))
      .run();
  return sqlite3_last_insert_rowid(connection_.handle());
}

LongTexts long_texts(const sqlite::Connection& connection, std::int64_t seq) {
  sqlite::Statement found(
      connection,
      "SELECT t.key = s.errors, t.bytes, t.deflated, t.key FROM submission_text s"
      " LEFT JOIN receipt_text t ON t.key IN (s.errors, s.details)"
      " WHERE s.seq = ?");
  found.bind(1, seq);
  LongTexts texts;
  while (found.step()) {
    if (found.is_null(3)) {
      texts.are_forgotten = true;
      break;
    }
    (found.integer(0) != 0 ? texts.errors : texts.details) =
        inflated(found.blob(2), found.integer(1), "a receipt");
  }
  return texts;
}

}  // namespace districtd
