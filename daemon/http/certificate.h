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
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace districtd {

struct CertificateFiles {
  std::filesystem::path certificate;  // the server's first, then those that lead to its root
  std::filesystem::path key;          // without a passphrase
  friend bool operator==(const CertificateFiles&, const CertificateFiles&) = default;
};

// By what files that were replaced or written to are told; without what cannot be seen.
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

// What TLS needs, ready for handshakes: TLS 1.2 or newer, OpenSSL's own choice of ciphers. Shared
// by the server and every connection that began with it.
class ServerCertificate {
 public:
  // Throws std::runtime_error: which file, what is wrong with it and what to do.
  explicit ServerCertificate(const CertificateFiles& files);

  boost::asio::ssl::context& context() { return context_; }
  std::chrono::sys_seconds not_after() const { return not_after_; }
  const CertificateFiles& files() const { return files_; }
  const CertificateStamps& stamps() const { return stamps_; }

 private:
  CertificateFiles files_;
  CertificateStamps stamps_;  // of before they were read: what is replaced meanwhile is another one
  boost::asio::ssl::context context_;
  std::chrono::sys_seconds not_after_{};
};

// Looks every ten seconds whether the files are others than before, as they are after certbot or a
// clerk has renewed them, and loads them then. While they cannot be loaded, or do not belong
// together because only one of them has been replaced yet, the certificate of before stays.
//
// Thread: the event loop's. It reads two small files there.
class CertificateKeeper {
 public:
  using Adopt = std::function<void(std::shared_ptr<ServerCertificate>)>;
  // Why the files are not taken: once each time that they change, when they still do not fit at the
  // next look.
  using Complain = std::function<void(std::string why)>;

  static constexpr std::chrono::seconds kInterval{10};

  CertificateKeeper(boost::asio::io_context& io, std::shared_ptr<ServerCertificate> certificate,
                    Adopt adopt, Complain complain);

  void start();
  void stop() { timer_.cancel(); }

  // Now; the same as happens by itself.
  void look();

  // Keeps this one, and watches its files, from now on.
  void replace(std::shared_ptr<ServerCertificate> certificate);

  const std::shared_ptr<ServerCertificate>& certificate() const { return certificate_; }

 private:
  boost::asio::steady_timer timer_;
  std::shared_ptr<ServerCertificate> certificate_;
  Adopt adopt_;
  Complain complain_;
  std::optional<CertificateStamps> failed_;  // of the last that could not be loaded
  bool has_complained_ = false;              // of failed_
};

}  // namespace districtd
