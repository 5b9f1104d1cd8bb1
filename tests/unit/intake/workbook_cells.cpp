// Prints what Intake reads in each cell of a workbook, as JSON, for as_libreoffice.py:
//
//   workbook_cells FILE...    {"FILE":[{"sheet":..,"notes":[..],"rows":[["A1","B1"],..]}]}, or
//                             {"FILE":"code"} where it is refused as a whole
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "base/json_writer.h"
#include "daemon/intake/charset.h"
#include "daemon/intake/workbook.h"

int main(int argc, char** argv) {
  using namespace districtd;
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  for (int i = 1; i < argc; ++i) {
    std::ostringstream body;
    body << std::ifstream(argv[i], std::ios::binary).rdbuf();
    json.key(argv[i]);
    if (!is_zip(body.str())) {
      json.value("no zip archive");
      continue;
    }
    const auto sheets = read_workbook(body.str());
    if (!sheets) {
      json.value(sheets.error().code);
      continue;
    }
    json.begin_array();
    for (const Sheet& sheet : *sheets) {
      if (sheet.is_hidden) continue;
      json.begin_object().member("sheet", sheet.name).key("notes").begin_array();
      for (const std::string& note : sheet.notes) json.value(note);
      json.end_array().key("rows").begin_array();
      for (const auto& row : sheet.rows) {
        json.begin_array();
        for (const std::string& cell : row) json.value(cell);
        json.end_array();
      }
      json.end_array().end_object();
    }
    json.end_array();
  }
  json.end_object();
  std::puts(out.c_str());
  return 0;
}
