#include "daemon/config/bulletin_config.h"

#include <algorithm>

#include "base/text.h"

namespace districtd {
namespace {

struct Words {
  BulletinFormat format;
  std::string_view word;
  std::string_view extension;
};
constexpr std::array kWords = {
    Words{BulletinFormat::html, "html", "html"}, Words{BulletinFormat::pdf, "pdf", "pdf"},
    Words{BulletinFormat::docx, "docx", "docx"}, Words{BulletinFormat::xlsx, "xlsx", "xlsx"},
    Words{BulletinFormat::csv, "csv", "csv"},    Words{BulletinFormat::json, "json", "json"},
    Words{BulletinFormat::text, "text", "txt"}};

bool is_atom(char c) {
  const bool is_alphanumeric =
      (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return is_alphanumeric ||
         std::string_view{"!#$%&'*+-/=?^_`{|}~."}.find(c) != std::string_view::npos;
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-';
         });
}

bool is_domain(std::string_view domain) {
  if (domain.empty() || domain.size() > 253) return false;
  for (;;) {
    const std::size_t dot = domain.find('.');
    if (!is_label(domain.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    domain.remove_prefix(dot + 1);
  }
}

bool is_address(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > 64) return false;
  const std::string_view local = text.substr(0, at);
  return std::all_of(local.begin(), local.end(), is_atom) && local.front() != '.' &&
         local.back() != '.' && local.find("..") == std::string_view::npos &&
         is_domain(text.substr(at + 1));
}

}  // namespace

std::string_view to_string(BulletinFormat format) {
  return kWords[static_cast<std::size_t>(format)].word;
}

std::string_view extension_of(BulletinFormat format) {
  return kWords[static_cast<std::size_t>(format)].extension;
}

std::optional<MailAddress> parse_mail_address(std::string_view text) {
  text = trim_blanks(text);
  const bool has_control = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  if (has_control) return std::nullopt;
  MailAddress result;
  if (text.ends_with('>')) {
    const std::size_t open = text.rfind('<');
    if (open == std::string_view::npos) return std::nullopt;
    std::string_view name = trim_blanks(text.substr(0, open));
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') {
      name = name.substr(1, name.size() - 2);
    }
    result.name = name;
    text = text.substr(open + 1, text.size() - open - 2);
  }
  if (!is_address(text)) return std::nullopt;
  result.address = text;
  return result;
}

}  // namespace districtd
