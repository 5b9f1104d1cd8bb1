#include "daemon/service/served_certificate.h"

#include <string>
#include <utility>

#include "base/json_writer.h"
#include "base/metric_family.h"
#include "daemon/log/logging.h"

namespace districtd {

ServedCertificate::ServedCertificate(boost::asio::io_context& io, prometheus::Registry& registry,
                                     DistrictClock clock,
                                     std::shared_ptr<ServerCertificate> certificate, Serve serve)
    : clock_(std::move(clock)),
      expiry_(
          prometheus::BuildGauge()
              .Name("districtd_http_certificate_expiry_timestamp_seconds")
              .Help(
                  "Until when the certificate of [http.tls] is valid, in seconds since the epoch.")
              .Register(registry)),
      serve_(std::move(serve)),
      keeper_(
          io, std::move(certificate),
          [this](std::shared_ptr<ServerCertificate> renewed) {
            serve_(std::move(renewed));
            log_event(LogLevel::info, "certificate_reloaded",
                      "The files of [http.tls] were renewed; connections get the new certificate "
                      "from now on");
            report();
          },
          [](const std::string& why) {
            log_event(LogLevel::warn, "certificate_not_reloaded",
                      "The files of [http.tls] have changed and cannot be used, so the certificate "
                      "of before stays: " +
                          why);
          }) {}

void ServedCertificate::start() {
  keeper_.start();
  report();
}

void ServedCertificate::replace(std::shared_ptr<ServerCertificate> certificate) {
  keeper_.replace(certificate);
  serve_(std::move(certificate));
  report();
}

void ServedCertificate::report() {
  const auto& certificate = keeper_.certificate();
  const auto until = certificate->not_after();
  expiry_.Add({}).Set(seconds_since_1970(until));
  if (until - std::chrono::system_clock::now() > kNotice) return;
  log_event(LogLevel::warn, "certificate_expires",
            "The certificate of [http.tls] is valid only until " + clock_.text_of(Time{until}) +
                "; renew it, districtd takes the new files by itself",
            {{"file", json_text(certificate->files().certificate.string())}});
}

}  // namespace districtd
