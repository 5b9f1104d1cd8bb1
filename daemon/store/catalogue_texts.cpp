#include "daemon/store/catalogue_texts.h"

#include <cstddef>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/digest.h"
#include "daemon/domain/known_time.h"
#include "daemon/store/columns.h"
#include "daemon/store/deflated.h"

namespace districtd {
namespace {

// Deflated: the catalogue of a province is 50 MB of TOML that says much the same in each table.
// The key of the text, which is written where the file does not have it yet.
std::int64_t keep_text(sqlite::Connection& connection, std::string_view text) {
  const Sha256 sha256 = sha256_of(text);
  sqlite::Statement known(connection, "SELECT key FROM catalogue_text WHERE sha256 = ?");
  known.bind(1, std::span<const unsigned char>(sha256));
  if (known.step()) return known.integer(0);
  const std::vector<unsigned char> kept = deflated(text);
  sqlite::Statement insert(connection,
                           "INSERT INTO catalogue_text(sha256, bytes, deflated) VALUES(?, ?, ?)");
  insert.bind(1, std::span<const unsigned char>(sha256))
      .bind(2, static_cast<std::int64_t>(text.size()))
      .bind(3, std::span<const unsigned char>(kept))
      .run();
  return sqlite3_last_insert_rowid(connection.handle());
}

// Whether the catalogue with this number has these sources; `texts` are the keys of their texts.
bool has_sources(const sqlite::Connection& connection, std::int64_t number,
                 const CatalogueSources& sources, const std::vector<std::int64_t>& texts) {
  if (number == 0) return false;
  sqlite::Statement each(connection,
                         "SELECT role, name, text FROM catalogue_source WHERE catalogue = ?"
                         " ORDER BY position");
  each.bind(1, number);
  std::size_t at = 0;
  for (; each.step(); ++at) {
    const bool is_same = at < texts.size() && each.integer(2) == texts[at] &&
                         each.integer(0) == static_cast<std::int64_t>(sources[at].role) &&
                         each.text(1) == sources[at].name;
    if (!is_same) return false;
  }
  return at == texts.size();
}

void keep_programmes(sqlite::Connection& connection, const std::vector<Programme>& programmes,
                     std::int64_t number) {
  if (programmes.empty()) return;
  sqlite::Statement insert(connection,
                           "INSERT INTO programme(id, catalogue, first, last, settles)"
                           " VALUES(?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
  for (const Programme& programme : programmes) {
    bind_programme(insert, programme, number).run();
  }
}

}  // namespace

sqlite::Statement& bind_programme(sqlite::Statement& statement, const Programme& programme,
                                  std::int64_t catalogue) {
  return statement.bind(1, std::string_view(programme.id))
      .bind(2, catalogue)
      .bind(3, std::int64_t{day_number(programme.first)})
      .bind(4, std::int64_t{day_number(programme.last)})
      .bind(5, std::int64_t{day_number(programme.settles)});
}

std::vector<StoredProgramme> read_programmes(const sqlite::Connection& connection,
                                             std::int64_t number) {
  std::vector<StoredProgramme> programmes;
  // Of a maximum SQLite takes the other columns from its row.
  sqlite::Statement each(connection,
                         "SELECT id, max(catalogue), first, last, settles FROM programme"
                         " WHERE catalogue <= ? GROUP BY id ORDER BY first, last, id");
  each.bind(1, number);
  while (each.step()) {
    StoredProgramme& one = programmes.emplace_back();
    one.programme.id = each.text(0);
    one.catalogue = each.integer(1);
    one.programme.first = date_from(each.integer(2));
    one.programme.last = date_from(each.integer(3));
    one.programme.settles = date_from(each.integer(4));
  }
  return programmes;
}

void record_catalogue(sqlite::Connection& connection, const StoredCatalogue& catalogue) {
  std::vector<std::int64_t> texts;
  for (const CatalogueSource& source : catalogue.sources) {
    texts.push_back(keep_text(connection, source.text));
  }
  const std::int64_t newest = connection.integer("SELECT max(number) FROM catalogue");
  if (has_sources(connection, newest, catalogue.sources, texts)) {
    return keep_programmes(connection, catalogue.programmes, newest);
  }
  sqlite::Statement insert(connection,
                           "INSERT INTO catalogue(number, adopted_at)"
                           " VALUES(?1, ?2)");
  insert.bind(1, newest + 1).bind(2, milliseconds(catalogue.adopted_at)).run();
  sqlite::Statement each(connection,
                         "INSERT INTO catalogue_source(catalogue, position, role, name, text)"
                         " VALUES(?, ?, ?, ?, ?)");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    each.bind(1, newest + 1)
        .bind(2, static_cast<std::int64_t>(i))
        .bind(3, static_cast<std::int64_t>(catalogue.sources[i].role))
        .bind(4, std::string_view(catalogue.sources[i].name))
        .bind(5, texts[i])
        .run();
  }
  keep_programmes(connection, catalogue.programmes, newest + 1);
}

std::optional<Time> newest_catalogue_time(const sqlite::Connection& connection) {
  sqlite::Statement newest(connection,
                           "SELECT adopted_at FROM catalogue ORDER BY number DESC LIMIT 1");
  return newest.step() ? std::optional{time_from(newest.integer(0))} : std::nullopt;
}

void adopt_again_where_later(sqlite::Connection& connection, Time now) {
  const auto newest = newest_catalogue_time(connection);
  if (!newest || *newest - now <= kSlewed) return;
  connection.execute(
      ("INSERT INTO catalogue(number, adopted_at) SELECT max(number) + 1, " +
       std::to_string(milliseconds(now)) +
       " FROM catalogue; INSERT INTO catalogue_source(catalogue, position, role, name, text)"
       " SELECT catalogue + 1, position, role, name, text FROM catalogue_source"
       " WHERE catalogue = (SELECT max(number) - 1 FROM catalogue);"
       " INSERT INTO programme(id, catalogue, first, last, settles)"
       " SELECT id, catalogue + 1, first, last, settles FROM programme"
       " WHERE catalogue = (SELECT max(number) - 1 FROM catalogue)")
          .c_str());
}

std::optional<std::int64_t> catalogue_number_at(const sqlite::Connection& connection,
                                                std::optional<Time> known_at) {
  constexpr std::int64_t kEverything = std::numeric_limits<std::int64_t>::max();
  sqlite::Statement found(connection,
                          "SELECT coalesce((SELECT max(number) FROM catalogue"
                          " WHERE adopted_at <= ?), (SELECT min(number) FROM catalogue))");
  found.bind(1, known_at ? milliseconds(*known_at) : kEverything);
  DISTRICT_CHECK(found.step(), "a query of one value has one row");
  return found.is_null(0) ? std::nullopt : std::optional{found.integer(0)};
}

StoredCatalogue read_catalogue(const sqlite::Connection& connection, std::int64_t number) {
  StoredCatalogue stored;
  stored.number = number;
  sqlite::Statement adopted(connection, "SELECT adopted_at FROM catalogue WHERE number = ?");
  adopted.bind(1, number);
  DISTRICT_CHECK(adopted.step(), "the catalogue with this number is recorded");
  stored.adopted_at = time_from(adopted.integer(0));
  sqlite::Statement each(connection,
                         "SELECT s.role, s.name, t.bytes, t.deflated FROM catalogue_source s"
                         " JOIN catalogue_text t ON t.key = s.text WHERE s.catalogue = ?"
                         " ORDER BY s.position");
  each.bind(1, number);
  while (each.step()) {
    stored.sources.push_back({static_cast<CatalogueSource::Role>(each.integer(0)),
                              std::string(each.text(1)),
                              inflated(each.blob(3), each.integer(2), "a text of the catalogue")});
  }
  return stored;
}

}  // namespace districtd
