#include "daemon/intake/charset.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

#include "daemon/intake/refusals.h"
#include "daemon/intake/text.h"

namespace districtd {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool continues(unsigned char byte) { return (byte & 0xC0U) == 0x80U; }

// The length of the well-formed character at p, 0 where there is none.
std::size_t character_length(const unsigned char* p, std::size_t left) {
  const unsigned char first = p[0];
  if (first < 0x80) return 1;
  if (first < 0xC2 || left < 2) return 0;
  if (first < 0xE0) return continues(p[1]) ? 2 : 0;
  if (left < 3) return 0;
  if (first < 0xF0) {
    const bool second = first == 0xE0   ? p[1] >= 0xA0 && p[1] <= 0xBF
                        : first == 0xED ? p[1] >= 0x80 && p[1] <= 0x9F
                                        : continues(p[1]);
    return second && continues(p[2]) ? 3 : 0;
  }
  if (first > 0xF4 || left < 4) return 0;
  const bool second = first == 0xF0   ? p[1] >= 0x90 && p[1] <= 0xBF
                      : first == 0xF4 ? p[1] >= 0x80 && p[1] <= 0x8F
                                      : continues(p[1]);
  return second && continues(p[2]) && continues(p[3]) ? 4 : 0;
}

RowError binary(std::string_view what) { return explain(Refusal::binary, 0, "", "", {what}); }

std::string place(std::string_view body, std::size_t offset) {
  const auto line =
      1 + std::count(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
  return "第 " + std::to_string(line) + " 行（第 " + std::to_string(offset + 1) + " 字节）";
}

// What other programs save is told by its first bytes; a name for it says more than an offset.
std::string_view known_binary(std::string_view body) {
  if (body.starts_with("PK\x03\x04")) return "这是 Excel 或 WPS 的工作簿（xlsx）";
  if (body.starts_with("\xD0\xCF\x11\xE0")) return "这是 Excel 或 WPS 的旧式工作簿（xls）";
  if (body.starts_with("%PDF-")) return "这是 PDF 文件";
  if (body.starts_with("\x1F\x8B")) return "这是压缩文件（gzip）";
  return "";
}

}  // namespace

std::size_t first_invalid_utf8(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  const auto* const begin = reinterpret_cast<const unsigned char*>(text.data());
  const auto* const end = begin + text.size();
  const unsigned char* p = begin;
  while (p != end) {
    if (end - p >= 8) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, p, sizeof eight);
      if ((eight & kHighBits) == 0) {
        p += 8;
        continue;
      }
    }
    const std::size_t length = character_length(p, static_cast<std::size_t>(end - p));
    if (length == 0) return static_cast<std::size_t>(p - begin);
    p += length;
  }
  return std::string_view::npos;
}

std::variant<std::string_view, RowError> check_text(std::string_view body) {
  if (body.starts_with("\xFF\xFE") || body.starts_with("\xFE\xFF")) {
    return explain(Refusal::not_utf8, 0, "", "", {"文件是 UTF-16 编码（“Unicode 文本”）"});
  }
  if (const auto known = known_binary(body); !known.empty()) return binary(known);
  if (const auto nul = body.find('\0'); nul != std::string_view::npos) {
    return binary(place(body, nul) + "有空字节（NUL）");
  }
  if (const auto bad = first_invalid_utf8(body); bad != std::string_view::npos) {
    return explain(Refusal::not_utf8, 0, "", "",
                   {place(body, bad) + "起不是 UTF-8 编码，可能是 GBK"});
  }
  if (body.starts_with(kByteOrderMark)) body.remove_prefix(kByteOrderMark.size());
  if (trim(body).empty()) return explain(Refusal::empty_submission, 0, "", "");
  return body;
}

}  // namespace districtd
