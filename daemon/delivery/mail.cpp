#include "daemon/delivery/mail.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <span>

#include "base/base64.h"
#include "base/digest.h"
#include "base/percent_encoding.h"
#include "base/utf8.h"

namespace districtd {
namespace {

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

// Nothing from outside may begin another header.
std::string without_controls(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  return out;
}

// The first bytes of the text's digest.
std::string digest_text(std::string_view text, std::size_t bytes) {
  const Sha256 digest = sha256_of(text);
  return to_hex(std::span{digest}.first(bytes));
}

std::string in_lines(const std::string& encoded) {
  std::string out;
  for (std::size_t at = 0; at < encoded.size(); at += 76) out += encoded.substr(at, 76) + "\r\n";
  return out;
}

std::string address(const MailAddress& one) {
  if (one.name.empty()) return one.address;
  if (!is_plain(one.name)) return encoded_header(one.name) + "\r\n <" + one.address + ">";
  std::string quoted = "\"";
  for (const char c : one.name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\" <" + one.address + ">";
}

std::string date(Time time) {
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day ymd{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %d %02d:%02d:%02d +0000",
                kDays[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(ymd.day()),
                kMonths[static_cast<unsigned>(ymd.month()) - 1], static_cast<int>(ymd.year()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

std::string part(std::string_view content_type, std::string_view content,
                 std::string_view more_headers = {}) {
  return "Content-Type: " + std::string{content_type} +
         "\r\nContent-Transfer-Encoding: base64\r\n" + std::string{more_headers} + "\r\n" +
         in_lines(base64(content));
}

std::string body_part(const Mail& mail, const std::string& boundary) {
  const std::string text = part("text/plain; charset=utf-8", mail.text);
  if (mail.html.empty()) return text;
  return "Content-Type: multipart/alternative; boundary=\"" + boundary + "\"\r\n\r\n--" + boundary +
         "\r\n" + text + "--" + boundary + "\r\n" + part("text/html; charset=utf-8", mail.html) +
         "--" + boundary + "--\r\n";
}

}  // namespace

std::string encoded_header(std::string_view text) {
  const std::string clean = without_controls(text);
  if (is_plain(clean)) return clean;
  // 45 bytes are 60 of base64; with the frame the word stays below 75. No character is cut.
  constexpr std::size_t kMost = 45;
  std::string out;
  for (std::size_t at = 0; at < clean.size();) {
    const std::string_view rest = std::string_view{clean}.substr(at);
    std::string_view word = utf8::cut(rest, kMost);
    if (word.empty()) word = rest.substr(0, kMost);  // no UTF-8
    if (!out.empty()) out += "\r\n ";
    out += "=?utf-8?B?" + base64(word) + "?=";
    at += word.size();
  }
  return out;
}

std::string encoded_parameter(std::string_view name, std::string_view value) {
  const std::string clean = without_controls(value);
  std::string stand_in;
  for (const char c : clean) {
    const bool is_ascii = static_cast<unsigned char>(c) < 0x80;
    if (is_ascii) stand_in += c == '"' || c == '\\' ? '_' : c;
  }
  const std::string encoded =
      percent_encoded(clean, [](char c) { return !is_unreserved(c) || c == '~'; });
  const std::string key{name};
  if (is_plain(clean)) return key + "=\"" + stand_in + "\"";
  // In pieces (RFC 2231, 3): whole escapes of at most 60 bytes.
  std::string out;
  int piece = 0;
  for (std::size_t at = 0; at < encoded.size(); ++piece) {
    std::size_t end = std::min<std::size_t>(at + 60, encoded.size());
    if (end < encoded.size()) {
      if (encoded[end - 1] == '%') end -= 1;
      if (encoded[end - 2] == '%') end -= 2;
    }
    out += (out.empty() ? "" : ";\r\n ") + key + "*" + std::to_string(piece) +
           "*=" + (piece == 0 ? "UTF-8''" : "") + encoded.substr(at, end - at);
    at = end;
  }
  return out;
}

std::string message_id_of(std::string_view bulletin, std::string_view recipient, int copy,
                          std::string_view from_address) {
  const std::string key = std::string{bulletin} + '\n' + std::string{recipient} + '\n' +
                          std::to_string(copy) + '\n' + std::string{from_address};
  return std::string{bulletin} + "." + digest_text(key, 12) + "." + std::to_string(copy) + "@" +
         std::string{from_address.substr(from_address.rfind('@') + 1)};
}

std::string to_wire(const Mail& mail) {
  const std::string boundary = "districtd-" + digest_text(mail.message_id, 16);
  std::string out = "Date: " + date(mail.sent_at) + "\r\nFrom: " + address(mail.from) +
                    "\r\nTo: " + address(mail.to) + "\r\nSubject: " + encoded_header(mail.subject) +
                    "\r\nMessage-ID: <" + mail.message_id +
                    ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n";
  if (mail.attachments.empty()) return out + body_part(mail, boundary + "-a");
  out += "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n--" + boundary +
         "\r\n" + body_part(mail, boundary + "-a");
  for (const Attachment& one : mail.attachments) {
    out += "--" + boundary + "\r\n" +
           part(one.content_type, one.content,
                "Content-Disposition: attachment;\r\n " + encoded_parameter("filename", one.name) +
                    "\r\n");
  }
  return out + "--" + boundary + "--\r\n";
}

}  // namespace districtd
