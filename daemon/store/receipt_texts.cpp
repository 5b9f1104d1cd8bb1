#include "daemon/store/receipt_texts.h"

#include <span>
#include <vector>

#include "base/digest.h"
#include "daemon/store/deflated.h"

namespace districtd {

ReceiptTexts::ReceiptTexts(const sqlite::Connection& connection)
    : connection_(connection),
      known_(connection, "SELECT key FROM receipt_text WHERE sha256 = ?"),
      insert_text_(connection, "INSERT INTO receipt_text(sha256, bytes, deflated) VALUES(?, ?, ?)"),
      insert_(connection, "INSERT INTO submission_text(seq, errors, details) VALUES(?, ?, ?)") {}

void ReceiptTexts::insert(std::int64_t seq, std::string_view errors, std::string_view details) {
  if (errors.size() <= kMostInlineBytes && details.size() <= kMostInlineBytes) return;
  insert_.bind(1, seq);
  bind_key(2, errors);
  bind_key(3, details);
  insert_.run();
}

void ReceiptTexts::bind_key(int position, std::string_view text) {
  if (text.size() <= kMostInlineBytes) {
    insert_.bind_null(position);
  } else {
    insert_.bind(position, keep(text));
  }
}

std::int64_t ReceiptTexts::keep(std::string_view text) {
  const Sha256 sha256 = sha256_of(text);
  known_.bind(1, std::span<const unsigned char>(sha256));
  const std::int64_t key = known_.step() ? known_.integer(0) : 0;
  known_.reset();
  if (key != 0) return key;
  const std::vector<unsigned char> kept = deflated(text);
  insert_text_.bind(1, std::span<const unsigned char>(sha256))
      .bind(2, static_cast<std::int64_t>(text.size()))
      .bind(3, std::span<const unsigned char>(kept))
      .run();
  return sqlite3_last_insert_rowid(connection_.handle());
}

LongTexts long_texts(const sqlite::Connection& connection, std::int64_t seq) {
  sqlite::Statement found(connection,
                          "SELECT t.key = s.errors, t.bytes, t.deflated FROM submission_text s"
                          " JOIN receipt_text t ON t.key IN (s.errors, s.details) WHERE s.seq = ?");
  found.bind(1, seq);
  LongTexts texts;
  while (found.step()) {
    (found.integer(0) != 0 ? texts.errors : texts.details) =
        inflated(found.blob(2), found.integer(1), "a receipt");
  }
  return texts;
}

}  // namespace districtd
