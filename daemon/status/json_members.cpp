#include "daemon/status/json_members.h"

namespace districtd {

void append_member(std::string& out, std::string_view key, std::string_view literal) {
  if (out.back() != '{') out += ',';
  out += '"';
  out += key;
  out += "\":";
  out += literal;
}

}  // namespace districtd
