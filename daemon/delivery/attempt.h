// One attempt to deliver a bulletin to one recipient.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "base/time.h"
#include "daemon/config/bulletin_config.h"
#include "daemon/store/records.h"

namespace districtd {

// How an attempt ended.
struct Attempted {
  // sent; pending: it surely did not arrive and may be tried again; failed: it was refused for
  // good; uncertain: it may have arrived.
  DeliveryState state = DeliveryState::pending;
  std::string detail;                  // why it was not sent, English
  std::chrono::seconds not_before{0};  // what the other side asked to wait; 0: it did not say
};

// Sends the bulletin of `occasion` as a letter or to a robot, within the timeout of [smtp] or of
// the
// [[webhook]]. Blocks; `stop` ends it within seconds. Throws only where nothing was sent.
Attempted attempt_delivery(const DeliveryRecord& delivery, const OccasionRecord& occasion,
                           const BulletinConfig& config, Time now, const std::stop_token& stop);

}  // namespace districtd
