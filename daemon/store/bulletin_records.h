// What became of bulletins: which occasions were dealt with, and every delivery, so that nothing is
// made or sent twice across restarts and crashes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/store/sqlite.h"
#include "daemon/store/store.h"

namespace districtd {

// One occasion of a [[bulletin]].
struct OccasionRecord {
  std::string name;  // of the [[bulletin]]
  Time due_at{};
  // adopted: the entry was seen for the first time, nothing before it is made up for; made;
  // unchanged: a daily digest with nothing to say; skipped: missed, and a later one was made up
  // for.
  std::string outcome;
  bool is_late = false;
  Time made_at{};
  std::string id;       // of the bulletin; "" where none was made
  std::string title;    // what deliveries need, so that they need no figures
  std::string summary;  // JSON
  std::string message;
  std::vector<std::string> files;
  friend bool operator==(const OccasionRecord&, const OccasionRecord&) = default;
};

// One delivery of a bulletin to one recipient.
struct DeliveryRecord {
  // pending: to be tried; sending: an attempt is under way (after a crash: nobody knows); sent;
  // failed: refused, or given up; uncertain: it may have arrived or not, and is not sent again.
  std::string bulletin;   // id
  std::string channel;    // email, webhook
  std::string recipient;  // the address as configured, or the webhook's name
  int copy = 1;           // from 1; a person's resend is the next one
  std::string state;
  int attempts = 0;
  Time changed_at{};
  std::string detail;  // why not
  friend bool operator==(const DeliveryRecord&, const DeliveryRecord&) = default;
};

struct BulletinRecords {
  std::vector<OccasionRecord> occasions;
  std::vector<DeliveryRecord> deliveries;
};

// Within the writer's transaction. A record replaces the one with its key. Throws sqlite::Error.
void record_bulletins(sqlite::Connection& connection, const BulletinRecords& records);

// By due_at. Throw sqlite::Error.
std::vector<OccasionRecord> read_occasions(sqlite::Connection& connection, std::string_view name);
std::optional<OccasionRecord> read_occasion_of(sqlite::Connection& connection, std::string_view id);
// All of one bulletin; of every bulletin those that are pending or sending where `id` is "".
std::vector<DeliveryRecord> read_deliveries(sqlite::Connection& connection, std::string_view id);

}  // namespace districtd
