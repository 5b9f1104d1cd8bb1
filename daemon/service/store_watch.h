// Says in the log when something is wrong with the store's files, and when it is right again.
#pragma once

#include <string>

#include "daemon/store/statistics.h"
#include "daemon/store/store_check.h"

namespace districtd {

// Events: store_moved, store_damaged, store_recovered. Thread: the event loop's.
class StoreWatch {
 public:
  // To be called every few seconds. What was said is not said again until it changes.
  void look(const StoreStatistics& store, const StoreCheck::Status& check);

 private:
  static void say(std::string& before, const std::string& now, const char* event);

  std::string moved_;
  std::string damage_;
};

}  // namespace districtd
