#include "daemon/service/store_watch.h"

#include "daemon/log/logging.h"

namespace districtd {

void StoreWatch::look(const StoreStatistics& store, const StoreCheck::Status& check) {
  say(moved_, store.moved, "store_moved");
  say(damage_,
      check.finding.empty()
          ? ""
          : "the database is damaged: " + check.finding +
                "; stop districtd, keep a copy of the file, and restore the last good backup",
      "store_damaged");
}

void StoreWatch::say(std::string& before, const std::string& now, const char* event) {
  if (now == before) return;
  if (now.empty()) {
    log_event(LogLevel::info, "store_recovered", "the store is as it should be again");
  } else {
    log_event(LogLevel::error, event, now);
  }
  before = now;
}

}  // namespace districtd
