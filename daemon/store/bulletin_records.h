// The tables of bulletins: which occasions were dealt with, and every delivery, so that nothing is
// made or sent twice across restarts and crashes.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "daemon/store/records.h"
#include "daemon/store/sqlite.h"

namespace districtd {

// Writes the records within the writer's open transaction. A record replaces the one with its key.
// Throws sqlite::Error.
void record_bulletins(sqlite::Connection& connection, const BulletinRecords& records);

// As StoreReader's functions of these names say. Throw sqlite::Error, and StoreError where a record
// holds a word that this version does not know.
std::vector<OccasionRecord> read_occasions(sqlite::Connection& connection, std::string_view name);
std::optional<OccasionRecord> read_occasion_of(sqlite::Connection& connection, std::string_view id);
std::vector<DeliveryRecord> read_deliveries(sqlite::Connection& connection, std::string_view id);

}  // namespace districtd
