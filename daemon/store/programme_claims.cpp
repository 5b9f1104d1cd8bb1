#include "daemon/store/programme_claims.h"

#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "daemon/store/catalogue_texts.h"
#include "daemon/store/records.h"

namespace districtd {

namespace {

std::unordered_set<std::string> targets_of(const sqlite::Connection& connection) {
  std::unordered_set<std::string> ids;
  sqlite::Statement each(connection, "SELECT id FROM target_key UNION SELECT target FROM judged");
  while (each.step()) ids.emplace(each.text(0));
  return ids;
}

std::vector<std::int64_t> catalogues_of(const sqlite::Connection& connection) {
  std::vector<std::int64_t> numbers;
  sqlite::Statement each(connection, "SELECT number FROM catalogue ORDER BY number DESC");
  while (each.step()) numbers.push_back(each.integer(0));
  return numbers;
}

// Claims what these programmes have of the ids that are left.
void claim(sqlite::Statement& insert, const ProgrammesById& programmes,
           std::unordered_set<std::string>& left) {
  for (auto id = left.begin(); id != left.end();) {
    const auto found = programmes.find(*id);
    if (found == programmes.end()) {
      ++id;
      continue;
    }
    insert.bind(1, std::string_view(*id))
        .bind(2, std::string_view(found->second + '/' + *id))
        .run();
    id = left.erase(id);
  }
}

}  // namespace

void put_claims(sqlite::Connection& connection, const ProgrammeClaims& claims) {
  connection.execute("CREATE TEMP TABLE claim(id TEXT PRIMARY KEY, key TEXT NOT NULL)");
  auto left = targets_of(connection);
  sqlite::Statement insert(connection, "INSERT INTO temp.claim(id, key) VALUES(?, ?)");
  if (claims.of_texts) {
    for (const std::int64_t number : catalogues_of(connection)) {
      if (left.empty()) break;
      try {
        claim(insert, claims.of_texts(read_catalogue(connection, number).sources), left);
      } catch (const StoreError&) {
        // A text is damaged: the one before it says most of the same.
      }
    }
  }
  if (!left.empty() && claims.of_catalogue) claim(insert, claims.of_catalogue(), left);
}

void put_kept_programmes(sqlite::Connection& connection, const ProgrammeClaims& claims) {
  connection.execute(
      "CREATE TEMP TABLE kept_programme("
      "id TEXT, catalogue INTEGER, first INTEGER, last INTEGER, settles INTEGER)");
  if (!claims.programmes_of_texts) return;
  sqlite::Statement insert(connection, "INSERT INTO temp.kept_programme VALUES(?, ?, ?, ?, ?)");
  for (const std::int64_t number : catalogues_of(connection)) {
    try {
      const auto texts = read_catalogue(connection, number).sources;
      for (const Programme& programme : claims.programmes_of_texts(texts)) {
        bind_programme(insert, programme, number).run();
      }
    } catch (const StoreError&) {
      // A text is damaged: what the others have is known all the same.
    }
  }
}

}  // namespace districtd
