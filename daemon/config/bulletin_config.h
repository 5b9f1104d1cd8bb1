// What the configuration says about bulletins: [bulletins], [[bulletin]], [smtp], [[webhook]].
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/bulletin_kind.h"
#include "daemon/domain/timetable.h"

namespace districtd {

enum class BulletinFormat { html, pdf, docx, xlsx, csv, json, text };
inline constexpr std::array kAllBulletinFormats = {
    BulletinFormat::html, BulletinFormat::pdf,  BulletinFormat::docx, BulletinFormat::xlsx,
    BulletinFormat::csv,  BulletinFormat::json, BulletinFormat::text};
std::string_view to_string(BulletinFormat format);     // "text", as the configuration says it
std::string_view extension_of(BulletinFormat format);  // "txt"

// One bulletin that is written on schedule.
struct BulletinEntry {
  std::string name;  // [a-z0-9-]+, unique
  BulletinKind kind = BulletinKind::monthly;
  Timetable schedule;
  std::string department;  // an id; "" is the whole district
  std::vector<BulletinFormat> formats;
  std::vector<std::string> email;     // "督查室 <ducha@example.org>" or the address alone
  std::vector<std::string> webhooks;  // names of [[webhook]]
  friend bool operator==(const BulletinEntry&, const BulletinEntry&) = default;
};

struct SmtpServer {
  enum class Security { none, starttls, tls };
  std::string host;
  std::uint16_t port = 587;
  Security security = Security::starttls;
  std::string user;                     // "": no authentication
  std::filesystem::path password_file;  // with user; read before each delivery
  std::string from;
  std::filesystem::path ca_file;  // "": the system's authorities
  std::chrono::seconds timeout{60};
};

struct Webhook {
  enum class Form { wecom, dingtalk, json };
  std::string name;
  Form form = Form::json;
  std::string url;                    // or the one in url_file
  std::filesystem::path url_file;     // a robot's address is its key
  std::filesystem::path secret_file;  // of a DingTalk robot that wants signatures
  std::chrono::seconds timeout{30};
};

struct BulletinConfig {
  std::filesystem::path directory;  // where bulletins are kept; "": there are none
  std::filesystem::path templates;  // the folder of the templates; "": the built-in ones
  std::string issuer;               // who signs
  std::string link;                 // "http://host:9480/bulletins/", for messages; "": none
  std::chrono::seconds converter_timeout{120};
  std::chrono::seconds retry_after{60};  // the first wait; each further one is twice as long
  int attempts = 10;                     // of one delivery, then it has failed
  std::vector<BulletinEntry> entries;
  std::optional<SmtpServer> smtp;
  std::vector<Webhook> webhooks;

  const Webhook* find_webhook(std::string_view name) const {
    for (const Webhook& webhook : webhooks) {
      if (webhook.name == name) return &webhook;
    }
    return nullptr;
  }
};

// "督查室 <ducha@example.org>" in its parts; nullopt where it is no address.
struct MailAddress {
  std::string name;     // may be empty
  std::string address;  // local@domain, ASCII
};
std::optional<MailAddress> parse_mail_address(std::string_view text);

}  // namespace districtd
