// The file in a form, as browsers and `curl -F` send it: multipart/form-data (RFC 7578). Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace districtd {

// The boundary of a Content-Type of a form; "" where it is another type or names none.
std::string form_boundary(std::string_view content_type);

struct FormFile {
  std::string_view content;  // into the body
  std::string media_type;    // as in Submission; "" where the form does not say
};

// The one file of the form; fields beside it are not looked at. Where no part has a file name, the
// only part. Or a Chinese sentence why there is none.
Result<FormFile, std::string> file_of_form(std::string_view body, std::string_view boundary);

}  // namespace districtd
