#include "daemon/service/served_certificate.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/exporter/own_metrics.h"
#include "daemon/log/logging.h"
#include "tests/unit/base/made_certificate.h"
#include "tests/unit/exporter/text_exposition.h"
#include "tests/unit/service/service_folder.h"

namespace districtd {
namespace {

using testing::HasSubstr;
using testing::Not;

class ServedCertificateTest : public ServiceFolder {
 protected:
  std::shared_ptr<ServerCertificate> made(int days) {
    const MadeCertificate files = make_certificate(folder_, "server", days);
    return std::make_shared<ServerCertificate>(CertificateFiles{files.certificate, files.key});
  }

  ServedCertificate serve(std::shared_ptr<ServerCertificate> certificate) {
    return {io_, registry_, DistrictClock{"Asia/Shanghai"}, std::move(certificate),
            [this](std::shared_ptr<ServerCertificate> renewed) {
              served_.push_back(std::move(renewed));
            }};
  }

  double shown() const {
    return read_text_exposition(own_metrics_text(registry_, {}))
        .value("districtd_http_certificate_expiry_timestamp_seconds");
  }

  static double end_of(const ServerCertificate& certificate) {
    return static_cast<double>(certificate.not_after().time_since_epoch().count());
  }

  boost::asio::io_context io_;
  prometheus::Registry registry_;
  std::vector<std::shared_ptr<ServerCertificate>> served_;
};

TEST_F(ServedCertificateTest, ItsEndIsShownFromTheStartOn) {
  const auto certificate = made(30);
  ServedCertificate served = serve(certificate);
  served.start();
  EXPECT_EQ(shown(), end_of(*certificate));
  EXPECT_THAT(log(), Not(HasSubstr("certificate_expires")));
  EXPECT_TRUE(served_.empty());
}

TEST_F(ServedCertificateTest, OneThatEndsWithinTwoWeeksIsWarnedOf) {
  ServedCertificate served = serve(made(13));
  served.start();
  EXPECT_THAT(log(), HasSubstr("\"event\":\"certificate_expires\""));
  EXPECT_THAT(log(), HasSubstr("server.crt"));
}

TEST_F(ServedCertificateTest, RenewedFilesAreServedAndShown) {
  ServedCertificate served = serve(made(30));
  served.start();
  const auto renewed = made(60);
  served.check_files();
  ASSERT_EQ(served_.size(), 1U);
  EXPECT_EQ(served_.front()->not_after(), renewed->not_after());
  EXPECT_EQ(shown(), end_of(*renewed));
  EXPECT_THAT(log(), HasSubstr("certificate_reloaded"));
}

TEST_F(ServedCertificateTest, FilesThatCannotBeUsedLeaveTheOneOfBefore) {
  const auto certificate = made(30);
  ServedCertificate served = serve(certificate);
  served.start();
  write("server.crt", "no certificate");
  served.check_files();
  served.check_files();  // the first time the second file may only be on its way
  EXPECT_TRUE(served_.empty());
  EXPECT_EQ(shown(), end_of(*certificate));
  EXPECT_THAT(log(), HasSubstr("certificate_not_reloaded"));
}

TEST_F(ServedCertificateTest, WhatAReloadHasLoadedIsServedAtOnce) {
  ServedCertificate served = serve(made(30));
  served.start();
  const auto next = made(90);
  served.replace(next);
  ASSERT_EQ(served_.size(), 1U);
  EXPECT_EQ(served_.front(), next);
  EXPECT_EQ(shown(), end_of(*next));
}

}  // namespace
}  // namespace districtd
