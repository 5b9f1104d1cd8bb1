// An e-mail as it goes over the wire: RFC 5322, with MIME (RFC 2045, 2047, 2231). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "daemon/config/bulletin_config.h"

namespace districtd {

struct Attachment {
  std::string name;  // as the reader sees it, UTF-8
  std::string content_type;
  std::string content;
};

struct Mail {
  MailAddress from;
  MailAddress to;
  std::string subject;
  std::string message_id;  // without the angle brackets
  Time sent_at{};
  std::string text;
  std::string html;  // "": the text alone
  std::vector<Attachment> attachments;
};

// Lines end in CRLF, none is longer than 78 bytes but for names that cannot be folded, and all of
// it is ASCII.
std::string to_wire(const Mail& mail);

// The same for the same bulletin, recipient and copy, however often it is tried, so that a receiver
// that gets one twice knows it.
std::string message_id_of(std::string_view bulletin, std::string_view recipient, int copy,
                          std::string_view from_address);

// RFC 2047 words of at most 75 bytes, folded; ASCII as it is.
std::string encoded_header(std::string_view text);
// name="..." and, where it is not ASCII, name*=UTF-8''... (RFC 2231) after an ASCII stand-in.
std::string encoded_parameter(std::string_view name, std::string_view value);

}  // namespace districtd
