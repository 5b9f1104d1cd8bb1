// From bytes to text: which encoding a body is in. docs/填报说明.md has the rules in words. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "collectors/submission.h"

namespace districtd {

// A body as UTF-8 text.
struct DecodedText {
  std::string_view body;          // as it came
  std::string_view encoding;      // "UTF-8", "GB18030", "UTF-16LE" or "UTF-16BE"
  std::string converted;          // empty for UTF-8
  std::string_view text() const;  // without a byte order mark; into the body, or into `converted`
};

// The body in the first of these encodings that it is whole and valid in; what it is labelled as is
// not looked at:
//   1. a byte order mark decides: UTF-8, UTF-16LE, UTF-16BE;
//   2. UTF-8;
//   3. GB18030, and so GBK and GB2312, unless the body is UTF-8 up to the fault: where three or
//      more Chinese characters of three bytes come before the first byte that is not UTF-8, and
//      make up most of what is not ASCII, it is damaged UTF-8.
// Or why it is none: empty_submission, binary (a NUL byte, a PDF), other_workbook (an old one) or
// bad_encoding with the line and offset of the first byte that fits in none.
Result<DecodedText, RowError> decode_text(std::string_view body);

// A zip archive, which an .xlsx workbook is.
bool is_zip(std::string_view body);
// An OLE compound file: an .xls workbook, or an .xlsx that is encrypted, which names its stream.
bool is_compound_file(std::string_view body);
bool is_encrypted_workbook(std::string_view body);

}  // namespace districtd
