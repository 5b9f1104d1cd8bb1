#include "daemon/http/certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <boost/asio/ip/address.hpp>

#include "base/ports/files.h"

namespace districtd {

namespace {

namespace ssl = boost::asio::ssl;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw std::runtime_error(file.string() + ": " + why);
}

// OpenSSL says only that it could not; the system says why.
void check_readable(const std::filesystem::path& file) {
  if (!open_file(file, O_RDONLY)) refuse(file, std::generic_category().message(errno));
}

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Key read_key(const std::filesystem::path& file) {
  ERR_clear_error();
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_file(file.c_str(), "r"), BIO_free);
  // Without a callback of its own OpenSSL would ask for a passphrase on the terminal.
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  Key key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr) : nullptr,
          EVP_PKEY_free);
  if (!key) {
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    refuse(file, std::string("is no private key in PEM form without a passphrase (") +
                     (reason == nullptr ? "unknown" : reason) + ")");
  }
  return key;
}

std::chrono::sys_seconds time_of(const ASN1_TIME* time) {
  std::tm utc{};
  if (ASN1_TIME_to_tm(time, &utc) != 1) return {};
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&utc)));
}

std::vector<std::string> names_of(X509* certificate) {
  std::vector<std::string> names;
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> all(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      GENERAL_NAMES_free);
  for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type == GEN_DNS) {
      const ASN1_IA5STRING* const text = name->d.dNSName;
      names.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                         static_cast<std::size_t>(ASN1_STRING_length(text)));
    } else if (name->type == GEN_IPADD) {
      const ASN1_OCTET_STRING* const bytes = name->d.iPAddress;
      const unsigned char* const data = ASN1_STRING_get0_data(bytes);
      if (ASN1_STRING_length(bytes) == 4) {
        boost::asio::ip::address_v4::bytes_type v4;
        std::copy_n(data, v4.size(), v4.begin());
        names.push_back(boost::asio::ip::address_v4(v4).to_string());
      } else if (ASN1_STRING_length(bytes) == 16) {
        boost::asio::ip::address_v6::bytes_type v6;
        std::copy_n(data, v6.size(), v6.begin());
        names.push_back(boost::asio::ip::address_v6(v6).to_string());
      }
    }
  }
  return names;
}

}  // namespace

ServerCertificate::ServerCertificate(const CertificateFiles& files)
    : files_(files), stamps_(files), context_(ssl::context::tls_server) {
  check_readable(files.certificate);
  check_readable(files.key);
  SSL_CTX* const context = context_.native_handle();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  boost::system::error_code failure;
  context_.use_certificate_chain_file(files.certificate.string(), failure);
  if (failure) {
    refuse(files.certificate, "is no certificate in PEM form (" + failure.message() +
                                  "); expected the server's certificate, then those that lead to "
                                  "its root, such as certbot's fullchain.pem");
  }
  X509* const certificate = SSL_CTX_get0_certificate(context);
  const Key key = read_key(files.key);
  if (X509_check_private_key(certificate, key.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    refuse(files.key, "does not belong to the certificate " + files.certificate.string() +
                          "; both have to be of one renewal");
  }
  not_after_ = time_of(X509_get0_notAfter(certificate));
  names_ = names_of(certificate);
}

CertificateStamps::CertificateStamps(const CertificateFiles& files)
    : certificate_(stamp_of(files.certificate)), key_(stamp_of(files.key)) {}

std::optional<CertificateStamps::Stamp> CertificateStamps::stamp_of(
    const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return std::nullopt;
  return Stamp{status.st_dev, status.st_ino, status.st_size,
               status.st_mtim.tv_sec * std::int64_t{1'000'000'000} + status.st_mtim.tv_nsec};
}

CertificateKeeper::CertificateKeeper(boost::asio::io_context& io,
                                     std::shared_ptr<ServerCertificate> certificate, Adopt adopt,
                                     Complain complain)
    : timer_(io),
      certificate_(std::move(certificate)),
      adopt_(std::move(adopt)),
      complain_(std::move(complain)) {}

void CertificateKeeper::start() {
  timer_.expires_after(kInterval);
  timer_.async_wait([this](boost::system::error_code cancelled) {
    if (cancelled) return;
    check_files();
    start();
  });
}

void CertificateKeeper::check_files() {
  const CertificateStamps now(certificate_->files());
  if (now == certificate_->stamps()) return failed_.reset();
  if (failed_ == now && has_complained_) return;
  try {
    certificate_ = std::make_shared<ServerCertificate>(certificate_->files());
  } catch (const std::runtime_error& why) {
    // The first time it may be that only one of the two has been replaced yet.
    has_complained_ = failed_ == now;
    failed_ = now;
    if (has_complained_) complain_(why.what());
    return;
  }
  failed_.reset();
  adopt_(certificate_);
}

void CertificateKeeper::replace(std::shared_ptr<ServerCertificate> certificate) {
  certificate_ = std::move(certificate);
  failed_.reset();
}

}  // namespace districtd
