// The first look at a body: is it text that the readers can take? Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <variant>

#include "collectors/submission.h"

namespace districtd {

// The offset of the first byte that is no part of a well-formed UTF-8 character (Unicode 15, table
// 3-7: no surrogates, nothing over-long, nothing beyond U+10FFFF); npos where all is well.
std::size_t first_invalid_utf8(std::string_view text);

// The text without its byte order mark; or why it is none: empty_submission, binary (a NUL byte, a
// workbook, a PDF) or not_utf8 (UTF-16, GBK).
std::variant<std::string_view, RowError> check_text(std::string_view body);

}  // namespace districtd
