#include "daemon/config/departments_named.h"

namespace districtd {

std::string read_department(TomlTable& table, DepartmentsNamed& named) {
  const auto id = table.text("department", true);
  if (!id) return {};
  named.emplace_back(table.place("department"), *id);
  return *id;
}

}  // namespace districtd
