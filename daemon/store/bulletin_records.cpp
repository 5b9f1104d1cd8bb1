#include "daemon/store/bulletin_records.h"

#include <string>

#include "daemon/store/columns.h"

namespace districtd {
namespace {

// File names hold no line end.
std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + '\n';
  return out;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

constexpr const char* kOccasionColumns =
    "name, due_at, outcome, late, made_at, id, title, summary, message, files";

OccasionRecord occasion_in(const sqlite::Statement& row) {
  return {.name = std::string(row.text(0)),
          .due_at = time_from(row.integer(1)),
          .outcome = occasion_outcome_of(row.text(2)),
          .is_late = row.integer(3) != 0,
          .made_at = time_from(row.integer(4)),
          .id = std::string(row.text(5)),
          .title = std::string(row.text(6)),
          .summary = std::string(row.text(7)),
          .message = std::string(row.text(8)),
          .files = lines_of(row.text(9))};
}

}  // namespace

void record_bulletins(sqlite::Connection& connection, const BulletinRecords& records) {
  sqlite::Statement occasion(
      connection,
      "REPLACE INTO bulletin_occasion(name, due_at, outcome, late, made_at, id, title, summary,"
      " message, files) VALUES(?,?,?,?,?,?,?,?,?,?)");
  for (const OccasionRecord& one : records.occasions) {
    const std::string files = joined(one.files);
    occasion.bind(1, std::string_view(one.name))
        .bind(2, milliseconds(one.due_at))
        .bind(3, to_string(one.outcome))
        .bind(4, std::int64_t{one.is_late})
        .bind(5, milliseconds(one.made_at))
        .bind(6, std::string_view(one.id))
        .bind(7, std::string_view(one.title))
        .bind(8, std::string_view(one.summary))
        .bind(9, std::string_view(one.message))
        .bind(10, std::string_view(files))
        .run();
  }
  sqlite::Statement delivery(
      connection,
      "REPLACE INTO bulletin_delivery(bulletin, channel, recipient, copy, state, attempts,"
      " changed_at, detail) VALUES(?,?,?,?,?,?,?,?)");
  for (const DeliveryRecord& one : records.deliveries) {
    delivery.bind(1, std::string_view(one.bulletin))
        .bind(2, to_string(one.channel))
        .bind(3, std::string_view(one.recipient))
        .bind(4, std::int64_t{one.copy})
        .bind(5, to_string(one.state))
        .bind(6, std::int64_t{one.attempts})
        .bind(7, milliseconds(one.changed_at))
        .bind(8, std::string_view(one.detail))
        .run();
  }
}

std::vector<OccasionRecord> read_occasions(sqlite::Connection& connection, std::string_view name) {
  const std::string sql = std::string{"SELECT "} + kOccasionColumns +
                          " FROM bulletin_occasion WHERE name = ? ORDER BY due_at";
  sqlite::Statement each(connection, sql.c_str());
  each.bind(1, name);
  std::vector<OccasionRecord> records;
  while (each.step()) records.push_back(occasion_in(each));
  return records;
}

std::optional<OccasionRecord> read_occasion_of(sqlite::Connection& connection,
                                               std::string_view id) {
  const std::string sql =
      std::string{"SELECT "} + kOccasionColumns + " FROM bulletin_occasion WHERE id = ?";
  sqlite::Statement found(connection, sql.c_str());
  found.bind(1, id);
  return found.step() ? std::optional{occasion_in(found)} : std::nullopt;
}

std::vector<DeliveryRecord> read_deliveries(sqlite::Connection& connection, std::string_view id) {
  const std::string sql =
      std::string{
          "SELECT bulletin, channel, recipient, copy, state, attempts, changed_at, detail"
          " FROM bulletin_delivery WHERE "} +
      (id.empty() ? "state IN (?, ?)" : "bulletin = ?") +
      " ORDER BY bulletin, channel, recipient, copy";
  sqlite::Statement each(connection, sql.c_str());
  if (id.empty()) {
    each.bind(1, to_string(DeliveryState::pending)).bind(2, to_string(DeliveryState::sending));
  } else {
    each.bind(1, id);
  }
  std::vector<DeliveryRecord> records;
  while (each.step()) {
    records.push_back({.bulletin = std::string(each.text(0)),
                       .channel = delivery_channel_of(each.text(1)),
                       .recipient = std::string(each.text(2)),
                       .copy = static_cast<int>(each.integer(3)),
                       .state = delivery_state_of(each.text(4)),
                       .attempts = static_cast<int>(each.integer(5)),
                       .changed_at = time_from(each.integer(6)),
                       .detail = std::string(each.text(7))});
  }
  return records;
}

}  // namespace districtd
