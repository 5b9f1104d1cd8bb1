#include "daemon/store/store_size.h"

#include "daemon/store/columns.h"

namespace districtd {
namespace {

std::uint64_t number(const sqlite::Statement& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

}  // namespace

StoreSize store_size(const sqlite::Connection& connection, Time from) {
  StoreSize size;
  sqlite::Statement pages(connection,
                          "SELECT p.page_size * c.page_count, p.page_size * f.freelist_count"
                          " FROM pragma_page_size p, pragma_page_count c, pragma_freelist_count f");
  if (pages.step()) {
    size.bytes = number(pages, 0);
    size.free_bytes = number(pages, 1);
  }
  sqlite::Statement submissions(
      connection,
      "SELECT count(*), coalesce(sum(texts), 0), count(*) FILTER (WHERE is_new),"
      " coalesce(sum(accepted + corrected) FILTER (WHERE is_new), 0),"
      " coalesce(sum(texts) FILTER (WHERE is_new), 0) FROM (SELECT accepted, corrected,"
      "  coalesce(length(CAST(errors AS BLOB)), 0)"
      "  + coalesce(length(CAST(details AS BLOB)), 0) AS texts,"
      "  received_at >= ? AS is_new FROM submission)");
  submissions.bind(1, milliseconds(from));
  if (submissions.step()) {
    size.submissions = number(submissions, 0);
    size.text_bytes = number(submissions, 1);
    size.since = {number(submissions, 2), number(submissions, 3), number(submissions, 4)};
  }
  // Each with its key and SHA-256. The first receipt that has a text brought it.
  sqlite::Statement texts(
      connection,
      "SELECT coalesce(sum(length(deflated) + 32), 0), coalesce(sum(length(deflated) + 32)"
      "  FILTER (WHERE (SELECT received_at FROM submission WHERE seq = first.seq) >= ?), 0)"
      " FROM receipt_text t JOIN (SELECT key, min(seq) AS seq FROM"
      "  (SELECT errors AS key, seq FROM submission_text UNION ALL"
      "   SELECT details, seq FROM submission_text) WHERE key IS NOT NULL GROUP BY key) first"
      "  ON first.key = t.key");
  texts.bind(1, milliseconds(from));
  if (texts.step()) {
    size.text_bytes += number(texts, 0);
    size.since.text_bytes += number(texts, 1);
  }
  return size;
}

}  // namespace districtd
