#include "daemon/domain/department.h"

#include <algorithm>

namespace districtd {

const std::string& Department::name_on(Date day) const {
  const std::string* result = &name;
  for (const Renaming& renaming : renamed) {
    if (renaming.from <= day) result = &renaming.name;
  }
  return *result;
}

bool Department::is_called(std::string_view text) const {
  return name == text || std::any_of(renamed.begin(), renamed.end(), [&](const Renaming& renaming) {
           return renaming.name == text;
         });
}

}  // namespace districtd
