#include "daemon/store/stored_receipt.h"

#include <cstdint>
#include <set>
#include <string_view>
#include <utility>

#include "collectors/receipt_json.h"
#include "daemon/store/columns.h"
#include "daemon/store/receipt_texts.h"
#include "daemon/store/submission_id.h"

namespace districtd {
namespace {

Outcome outcome_of(std::string_view word) {
  for (const Outcome outcome : {Outcome::refused, Outcome::unreadable}) {
    if (word == to_string(outcome)) return outcome;
  }
  return Outcome::taken;
}

}  // namespace

std::optional<StoredReceipt> stored_receipt(const sqlite::Connection& connection,
                                            std::int64_t seq) {
  sqlite::Statement found(connection,
                          "SELECT received_at, department, rows, accepted, corrected,"
                          " unchanged, rejected, errors, details, outcome FROM submission"
                          " WHERE seq = ?");
  found.bind(1, seq);
  if (!found.step()) return std::nullopt;
  StoredReceipt stored;
  stored.outcome = outcome_of(found.text(9));
  Receipt& receipt = stored.receipt;
  receipt.received_at = time_from(found.integer(0));
  receipt.submission = submission_id(seq, utc_date(receipt.received_at));
  receipt.department = found.text(1);
  receipt.rows = found.integer(2);
  receipt.accepted = found.integer(3);
  receipt.corrected = found.integer(4);
  receipt.unchanged = found.integer(5);
  receipt.rejected = found.integer(6);
  const LongTexts texts = long_texts(connection, seq);
  const std::string_view errors_text = texts.errors.empty() ? found.text(7) : texts.errors;
  if (!errors_text.empty()) {
    if (auto errors = errors_from_json(errors_text)) receipt.errors = std::move(*errors);
  }
  receipt.encoding = "UTF-8";  // what is not said otherwise
  const std::string_view details = texts.details.empty() ? found.text(8) : texts.details;
  if (!details.empty()) details_from_json(details, receipt);
  if (texts.are_forgotten) {
    if (details.empty()) receipt.encoding.clear();  // nobody knows any more
    receipt.notes.emplace_back(
        "这份回执的逐行说明已超过保存期限，不再保存；已收下的数据和行数不受影响。");
  }
  return stored;
}

Receipt with_cells(Receipt stored, Receipt decoded) {
  // The catalogue may be another one by now, and with it what is refused.
  std::set<std::pair<std::string_view, std::int64_t>> refused;
  for (const RowError& error : stored.errors) refused.emplace(error.sheet, error.row);
  std::erase_if(decoded.refused, [&](const RefusedRow& row) {
    return !row.is_context && !refused.contains({row.sheet, row.row});
  });
  stored.preamble = std::move(decoded.preamble);
  stored.header = std::move(decoded.header);
  stored.refused = std::move(decoded.refused);
  return stored;
}

}  // namespace districtd
