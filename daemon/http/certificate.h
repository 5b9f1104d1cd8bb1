// The server's certificate and its key, out of PEM files that somebody else renews.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>

#include "base/ports/timer.h"

namespace districtd {

struct CertificateFiles {
  std::filesystem::path certificate;  // the server's first, then those that lead to its root
  std::filesystem::path key;          // without a passphrase
  friend bool operator==(const CertificateFiles&, const CertificateFiles&) = default;
};

// Device, inode, size and time of change of both files, by which one sees that they were replaced
// or written to. A file that cannot be seen has none of these.
class CertificateStamps {
 public:
  explicit CertificateStamps(const CertificateFiles& files);
  friend bool operator==(const CertificateStamps&, const CertificateStamps&) = default;

 private:
  struct Stamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t changed_ns = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  static std::optional<Stamp> stamp_of(const std::filesystem::path& file);

  std::optional<Stamp> certificate_;
  std::optional<Stamp> key_;
};

// A certificate and its key, ready for handshakes: TLS 1.2 or newer, with the ciphers that OpenSSL
// chooses. Shared by the server and every connection that began with it.
class ServerCertificate {
 public:
  // Throws std::runtime_error: which file, what is wrong with it and what to do.
  explicit ServerCertificate(const CertificateFiles& files);

  boost::asio::ssl::context& context() { return context_; }
  std::chrono::sys_seconds not_after() const { return not_after_; }
  // The host names and addresses that it vouches for, as its subjectAltName has them; a name may
  // begin with "*.".
  const std::vector<std::string>& names() const { return names_; }
  const CertificateFiles& files() const { return files_; }
  const CertificateStamps& stamps() const { return stamps_; }

 private:
  CertificateFiles files_;
  CertificateStamps stamps_;  // taken before the files were read, so that no replacement is missed
  boost::asio::ssl::context context_;
  std::chrono::sys_seconds not_after_{};
  std::vector<std::string> names_;
};

// Looks at the files every ten seconds and loads them when they have changed, as they have after
// certbot or a clerk renewed them. The certificate of before stays while they cannot be loaded, or
// while they do not belong together because only one of them has been replaced yet.
//
// Thread: the event loop's; it reads two small files there.
class CertificateKeeper {
 public:
  using Adopt = std::function<void(std::shared_ptr<ServerCertificate>)>;
  // Says why the changed files are not used: once for each change, and only if they still cannot be
  // used ten seconds later.
  using Complain = std::function<void(std::string why)>;

  static constexpr std::chrono::seconds kInterval{10};

  CertificateKeeper(boost::asio::io_context& io, std::shared_ptr<ServerCertificate> certificate,
                    Adopt adopt, Complain complain);

  void start();
  void stop() { timer_.cancel(); }

  // What happens every ten seconds, now.
  void check_files();

  // From now on `certificate` is the one that stays, and its files are the ones that are watched.
  void replace(std::shared_ptr<ServerCertificate> certificate);

  const std::shared_ptr<ServerCertificate>& certificate() const { return certificate_; }

 private:
  Timer timer_;
  std::shared_ptr<ServerCertificate> certificate_;
  Adopt adopt_;
  Complain complain_;
  std::optional<CertificateStamps> failed_;  // of the last that could not be loaded
  bool has_complained_ = false;              // about failed_
};

}  // namespace districtd
