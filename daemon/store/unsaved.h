// What the store has to keep though nobody waits for it.
#pragma once

#include <iterator>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "daemon/store/records.h"
#include "daemon/store/writer.h"

namespace districtd {

// It is tried again until it is kept.
struct Unsaved {
  std::unordered_map<std::string, Judged> judged;  // by target key
  std::vector<StoredCatalogue> catalogues;         // in the order of their times
  std::vector<Sha256> closed_deliveries;           // delivery_key() of each

  bool empty() const { return judged.empty() && catalogues.empty() && closed_deliveries.empty(); }

  // Adds what was to be kept before this; what is newer here stays.
  void add_older(Unsaved older) {
    judged.merge(older.judged);
    catalogues.insert(catalogues.begin(), std::move_iterator(older.catalogues.begin()),
                      std::move_iterator(older.catalogues.end()));
    closed_deliveries.insert(closed_deliveries.begin(), older.closed_deliveries.begin(),
                             older.closed_deliveries.end());
  }

  // Within the open transaction. Catalogues and closed deliveries stand before what is appended in
  // it, judgements after. Throw as Writer.
  void write_before_appends(Writer& writer) const {
    for (const StoredCatalogue& catalogue : catalogues) writer.record(catalogue);
    for (const Sha256& delivery : closed_deliveries) writer.close_delivery(delivery);
  }
  void write_after_appends(Writer& writer) const {
    for (const auto& [target, one] : judged) writer.record(one);
  }
};

}  // namespace districtd
