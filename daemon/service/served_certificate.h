// The certificate of [http.tls] while it is served: renewed when its files are, and watched for the
// day on which it ends.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <boost/asio/io_context.hpp>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "daemon/config/district_clock.h"
#include "daemon/http/certificate.h"

namespace districtd {

// Logs certificate_reloaded, certificate_not_reloaded and, within kNotice of its end,
// certificate_expires; sets districtd_http_certificate_expiry_timestamp_seconds.
//
// Thread: the event loop's.
class ServedCertificate {
 public:
  // Gives a renewed certificate to the server.
  using Serve = std::function<void(std::shared_ptr<ServerCertificate>)>;

  // As long before its end as the alert DistrictdCertificateExpires fires.
  static constexpr std::chrono::days kNotice{14};

  // The certificate is shared with the server and its connections. The references outlive this.
  ServedCertificate(boost::asio::io_context& io, prometheus::Registry& registry,
                    DistrictClock clock, std::shared_ptr<ServerCertificate> certificate,
                    Serve serve);

  // Reports the certificate, and looks after its files from now on.
  void start();
  void stop() { keeper_.stop(); }

  // Loads the files if they are others than before; start() has this done every few seconds.
  void check_files() { keeper_.check_files(); }

  // A reload has loaded this one: it is served from now on.
  void replace(std::shared_ptr<ServerCertificate> certificate);

 private:
  void report();

  DistrictClock clock_;
  prometheus::Family<prometheus::Gauge>& expiry_;
  Serve serve_;
  CertificateKeeper keeper_;
};

}  // namespace districtd
