// The text of NAME.errors.csv, which a department finds beside its file.
#pragma once

#include <string>
#include <string_view>

#include "collectors/submission.h"

namespace districtd {

// The refused rows as a CSV that Excel and WPS open cleanly: UTF-8 with a byte-order mark, CRLF,
// the file's own header and one more column, 需要更正, with what is wrong with the row. "" where
// the receipt has no header (the file as a whole was refused, or it was JSON) or no refused row.
std::string errors_csv(const Receipt& receipt);

}  // namespace districtd
