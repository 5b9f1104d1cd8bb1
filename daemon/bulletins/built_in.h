// The templates that districtd comes with, of config/bulletins: built in, so that a bulletin can be
// written without a folder of templates.
#pragma once

#include <string_view>

namespace districtd {

// "bulletin.html", "bulletin.txt", "message.txt" and "reference.docx"; "" for any other name. The
// text stays for the whole run. Any thread.
std::string_view built_in_template(std::string_view name);

}  // namespace districtd
