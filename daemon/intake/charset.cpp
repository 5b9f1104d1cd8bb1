#include "daemon/intake/charset.h"

#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/intake/refusals.h"

namespace districtd {

namespace {

RowError binary(std::string_view what) { return explain(Refusal::binary, 0, "", "", {what}); }

std::string place(std::string_view body, std::size_t offset) {
  const auto line =
      1 + std::count(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
  return "第 " + std::to_string(line) + " 行（第 " + std::to_string(offset + 1) + " 字节）";
}

// What other programs save is told by its first bytes; a name for it says more than an offset.
std::string_view known_binary(std::string_view body) {
  if (body.starts_with("%PDF-")) return "这是 PDF 文件";
  if (body.starts_with("\x1F\x8B")) return "这是压缩文件（gzip）";
  if (body.starts_with("\x89PNG") || body.starts_with("\xFF\xD8\xFF")) return "这是图片";
  return "";
}

struct CloseIconv {
  void operator()(void* handle) const { ::iconv_close(handle); }
};
using Iconv = std::unique_ptr<void, CloseIconv>;

// glibc's converter; it is strict about what it does not know.
Iconv open_iconv(const char* from) {
  void* const handle = ::iconv_open("UTF-8", from);
  if (handle == reinterpret_cast<void*>(-1)) {  // NOLINT(performance-no-int-to-ptr)
    // It opens files and maps them.
    if (errno != EINVAL) throw std::system_error(errno, std::generic_category(), "iconv_open");
    throw std::runtime_error(std::string("glibc has no converter from ") + from +
                             "; install the package libc-bin");
  }
  return Iconv(handle);
}

struct Converted {
  std::string text;
  std::optional<std::size_t> bad;  // the offset of the first byte that cannot be converted
};

Converted convert(std::string_view body, const char* from) {
  const Iconv iconv = open_iconv(from);
  Converted result;
  result.text.resize(body.size() + body.size() / 2 + 16);
  char* in = const_cast<char*>(body.data());  // NOLINT: iconv's signature; it does not write
  std::size_t in_left = body.size();
  std::size_t written = 0;
  while (in_left > 0) {
    char* out = result.text.data() + written;
    std::size_t out_left = result.text.size() - written;
    const std::size_t got = ::iconv(iconv.get(), &in, &in_left, &out, &out_left);
    written = static_cast<std::size_t>(out - result.text.data());
    if (got != static_cast<std::size_t>(-1)) continue;
    if (errno != E2BIG) {
      result.bad = body.size() - in_left;
      break;
    }
    result.text.resize(2 * result.text.size());
  }
  result.text.resize(written);
  return result;
}

// Up to its first fault the body is UTF-8 with Chinese in it: one byte was lost, cut or changed.
// The same bytes would be other characters in GB18030.
bool is_damaged_utf8(std::string_view before) {
  constexpr std::size_t kFewest = 3;
  std::size_t chinese = 0;
  std::size_t not_ascii = 0;
  for (const char c : before) {
    const auto lead = static_cast<unsigned char>(c);
    if (lead < 0x80 || utf8::is_continuation(c)) continue;
    ++not_ascii;
    if (lead >= 0xE3 && lead <= 0xEF) ++chinese;
  }
  return chinese >= kFewest && 2 * chinese > not_ascii;
}

RowError bad_encoding(std::string_view body, std::size_t offset, std::string_view what) {
  return explain(Refusal::bad_encoding, 0, "", "", {place(body, offset), what});
}

using TextOrError = Result<DecodedText, RowError>;

TextOrError with_text(DecodedText decoded) {
  const std::string_view text = decoded.text();
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    return binary(place(text, nul) + "有空字节（NUL）");
  }
  if (trim(text).empty()) return explain(Refusal::empty_submission, 0, "", "");
  return decoded;
}

TextOrError decode_utf16(std::string_view body, const char* name) {
  Converted converted = convert(body.substr(2), name);
  if (converted.bad) {
    return explain(Refusal::bad_encoding, 0, "", "",
                   {"第 " + std::to_string(*converted.bad + 3) + " 字节", name});
  }
  if (converted.text.empty()) return explain(Refusal::empty_submission, 0, "", "");
  return with_text({{}, name, std::move(converted.text)});
}

}  // namespace

std::string_view DecodedText::text() const {
  std::string_view text = converted.empty() ? body : std::string_view(converted);
  if (text.starts_with(utf8::kByteOrderMark)) text.remove_prefix(utf8::kByteOrderMark.size());
  return text;
}

bool is_zip(std::string_view body) {
  return body.starts_with("PK\x03\x04") || body.starts_with("PK\x05\x06");
}

bool is_compound_file(std::string_view body) { return body.starts_with("\xD0\xCF\x11\xE0"); }

bool is_encrypted_workbook(std::string_view body) {
  using namespace std::string_view_literals;
  return is_compound_file(body) &&
         body.find("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"sv) != std::string_view::npos;
}

Result<DecodedText, RowError> decode_text(std::string_view body) {
  if (body.starts_with("\xFF\xFE")) return decode_utf16(body, "UTF-16LE");
  if (body.starts_with("\xFE\xFF")) return decode_utf16(body, "UTF-16BE");
  if (is_compound_file(body)) {
    return explain(Refusal::other_workbook, 0, "", "",
                   {"这是 Excel 或 WPS 的旧式工作簿（xls、et）"});
  }
  if (const auto known = known_binary(body); !known.empty()) return binary(known);
  const std::size_t bad = utf8::valid_prefix(body);
  if (bad == body.size()) return with_text({body, "UTF-8", {}});
  if (body.find('\0') != std::string_view::npos) return with_text({body, "UTF-8", {}});
  if (body.starts_with(utf8::kByteOrderMark) || is_damaged_utf8(body.substr(0, bad))) {
    return bad_encoding(body, bad, "UTF-8");
  }
  Converted converted = convert(body, "GB18030");
  if (converted.bad) return bad_encoding(body, std::max(bad, *converted.bad), "UTF-8、GB18030");
  // Nearly any bytes are characters in GB18030; what departments write has no control characters.
  const auto control = std::find_if(converted.text.begin(), converted.text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x7F || (byte < 0x20 && (byte < '\t' || byte > '\r'));
  });
  if (control != converted.text.end()) {
    return binary("文件中有控制字符（" + place(body, bad) + "起不是 UTF-8）");
  }
  return with_text({{}, "GB18030", std::move(converted.text)});
}

}  // namespace districtd
