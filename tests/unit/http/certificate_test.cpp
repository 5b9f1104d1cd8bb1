#include "daemon/http/certificate.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/base/made_certificate.h"
#include "tests/unit/fixture/temporary_folder.h"

namespace districtd::http_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string complaint_about(const CertificateFiles& files) {
  try {
    const ServerCertificate loaded(files);
  } catch (const std::runtime_error& why) {
    return why.what();
  }
  return "";
}

class CertificateTest : public testing::Test {
 protected:
  CertificateFiles make(const std::string& name, int days = 30) const {
    const MadeCertificate made = make_certificate(folder_.path(), name, days);
    return {made.certificate, made.key};
  }

  TemporaryFolder folder_;
  CertificateFiles files_ = make("server");
};

TEST_F(CertificateTest, SaysWhenItEnds) {
  const auto left = ServerCertificate(files_).not_after() - std::chrono::system_clock::now();
  EXPECT_GT(left, std::chrono::days(29));
  EXPECT_LT(left, std::chrono::days(31));
}

TEST_F(CertificateTest, SaysWhichNamesAndAddressesItVouchesFor) {
  EXPECT_THAT(ServerCertificate(files_).names(), testing::ElementsAre("127.0.0.1"));
  const MadeCertificate made =
      make_certificate(folder_.path(), "named", 30, "DNS:*.example.org,IP:fd00::1,DNS:a.example");
  EXPECT_THAT(ServerCertificate({made.certificate, made.key}).names(),
              testing::ElementsAre("*.example.org", "fd00::1", "a.example"));
}

TEST_F(CertificateTest, AFileThatIsNotThereIsNamed) {
  files_.key = folder_.path() / "gone.key";
  EXPECT_THAT(complaint_about(files_), AllOf(HasSubstr("gone.key"), HasSubstr("No such file")));
}

TEST_F(CertificateTest, WhatIsNoCertificateIsNamedWithWhatIsExpected) {
  write_file(files_.certificate, "hello");
  EXPECT_THAT(complaint_about(files_), AllOf(HasSubstr("server.crt"), HasSubstr("fullchain.pem")));
}

TEST_F(CertificateTest, WhatIsNoKeyIsNamed) {
  write_file(files_.key, "hello");
  EXPECT_THAT(complaint_about(files_), AllOf(HasSubstr("server.key"), HasSubstr("private key")));
}

TEST_F(CertificateTest, AKeyWithAPassphraseIsRefusedAndNobodyIsAskedForIt) {
  write_file(files_.key,
             "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
             "MIGjMF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBBbOqoEY1sSrGa6Qg4I\n"
             "Zy0/AgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQAAAAAAAAAAAAAAAA\n"
             "AAAAAARAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
             "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\n"
             "-----END ENCRYPTED PRIVATE KEY-----\n");
  EXPECT_THAT(complaint_about(files_), HasSubstr("without a passphrase"));
}

TEST_F(CertificateTest, AKeyOfAnotherCertificateIsRefused) {
  files_.key = make("other").key;
  EXPECT_THAT(complaint_about(files_), AllOf(HasSubstr("other.key"), HasSubstr("server.crt")));
}

class CertificateKeeperTest : public CertificateTest {
 protected:
  void replace_certificate(const CertificateFiles& with) {
    std::filesystem::rename(with.certificate, files_.certificate);
  }
  void replace_key(const CertificateFiles& with) { std::filesystem::rename(with.key, files_.key); }

  std::vector<std::shared_ptr<ServerCertificate>> adopted_;
  std::vector<std::string> complaints_;
  boost::asio::io_context io_;
  CertificateKeeper keeper_{
      io_, std::make_shared<ServerCertificate>(files_),
      [this](std::shared_ptr<ServerCertificate> certificate) { adopted_.push_back(certificate); },
      [this](const std::string& why) { complaints_.push_back(why); }};
};

TEST_F(CertificateKeeperTest, FilesThatStayAreNotLoadedAgain) {
  keeper_.check_files();
  keeper_.check_files();
  EXPECT_TRUE(adopted_.empty());
  EXPECT_TRUE(complaints_.empty());
}

TEST_F(CertificateKeeperTest, RenewedFilesAreTaken) {
  const CertificateFiles renewed = make("renewed", 90);
  replace_certificate(renewed);
  replace_key(renewed);
  keeper_.check_files();
  ASSERT_EQ(adopted_.size(), 1u);
  EXPECT_GT(adopted_[0]->not_after() - std::chrono::system_clock::now(), std::chrono::days(80));
  EXPECT_EQ(keeper_.certificate(), adopted_[0]);
  keeper_.check_files();
  EXPECT_EQ(adopted_.size(), 1u);
}

TEST_F(CertificateKeeperTest, BetweenTheTwoFilesOfARenewalTheOldOneStaysWithoutAWord) {
  const CertificateFiles renewed = make("renewed");
  replace_certificate(renewed);
  keeper_.check_files();
  EXPECT_TRUE(adopted_.empty());
  EXPECT_TRUE(complaints_.empty());
  replace_key(renewed);
  keeper_.check_files();
  EXPECT_EQ(adopted_.size(), 1u);
  EXPECT_TRUE(complaints_.empty());
}

TEST_F(CertificateKeeperTest, ARenewalThatStaysHalfIsComplainedAboutOnce) {
  const CertificateFiles renewed = make("renewed");
  replace_certificate(renewed);
  for (int i = 0; i < 5; ++i) keeper_.check_files();
  ASSERT_EQ(complaints_.size(), 1u);
  EXPECT_THAT(complaints_[0], HasSubstr("does not belong"));
  EXPECT_TRUE(adopted_.empty());
}

TEST_F(CertificateKeeperTest, AFileThatWentIsComplainedAboutAndTakenWhenItIsBack) {
  std::filesystem::rename(files_.key, folder_.path() / "aside");
  for (int i = 0; i < 3; ++i) keeper_.check_files();
  EXPECT_EQ(complaints_.size(), 1u);
  std::filesystem::rename(folder_.path() / "aside", files_.key);
  keeper_.check_files();
  EXPECT_EQ(complaints_.size(), 1u);
}

TEST_F(CertificateKeeperTest, OtherFilesAreWatchedFromThenOn) {
  const CertificateFiles other = make("other");
  keeper_.replace(std::make_shared<ServerCertificate>(other));
  keeper_.check_files();
  EXPECT_TRUE(adopted_.empty());
  const CertificateFiles renewed = make("renewed");
  std::filesystem::rename(renewed.certificate, other.certificate);
  std::filesystem::rename(renewed.key, other.key);
  keeper_.check_files();
  EXPECT_EQ(adopted_.size(), 1u);
}

}  // namespace
}  // namespace districtd::http_test
