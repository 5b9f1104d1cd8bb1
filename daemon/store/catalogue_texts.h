// The tables `catalogue`, `catalogue_source` and `catalogue_text`: the catalogue's texts as they
// were from a time on. A text that stays the same is kept once.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "daemon/store/records.h"
#include "daemon/store/sqlite.h"

namespace districtd {

// Binds a row of the table `programme`: id, catalogue, first, last, settles.
sqlite::Statement& bind_programme(sqlite::Statement& statement, const Programme& programme,
                                  std::int64_t catalogue);

// Every programme of the catalogues up to the one with this number, each by the newest that has it;
// by its first day. Throws sqlite::Error.
std::vector<StoredProgramme> read_programmes(const sqlite::Connection& connection,
                                             std::int64_t number);

// Writes the texts and their programmes within the writer's open transaction; nothing where they
// are those of the newest catalogue. `number` is not looked at: the next one is taken. Throws
// sqlite::Error.
void record_catalogue(sqlite::Connection& connection, const StoredCatalogue& catalogue);

// When the newest one was adopted; nullopt where there is none. Throws sqlite::Error.
std::optional<Time> newest_catalogue_time(const sqlite::Connection& connection);

// Where the newest one was adopted later than `now`, by a clock that was ahead, says that it is in
// force from now on: as the next one, with the same texts. Within the writer's open transaction.
// Throws sqlite::Error.
void adopt_again_where_later(sqlite::Connection& connection, Time now);

// The number of the catalogue that was in force at known_at (empty: now). It is in force until the
// next one is adopted, by number; the first one also before. nullopt where there is none. Throws
// sqlite::Error.
std::optional<std::int64_t> catalogue_number_at(const sqlite::Connection& connection,
                                                std::optional<Time> known_at);

// The catalogue with this number, which exists, without its programmes. Throws sqlite::Error, and
// StoreError where a text is damaged.
StoredCatalogue read_catalogue(const sqlite::Connection& connection, std::int64_t number);

}  // namespace districtd
