// extract_measure FILE...: how well the extractor does on labelled passages (docs/extraction.md).
// Faults go to standard error, one a line, the figures to standard output.
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>

#include "base/toml_table.h"
#include "tests/extract/measure/evaluation.h"

namespace districtd::extract {
namespace {

void print(std::string_view name, const Ratio& ratio) {
  std::cout << std::left << std::setw(14) << name << std::fixed << std::setprecision(3)
            << ratio.value() << "  (" << ratio.good << "/" << ratio.all << ")\n";
}

int measure(int count, char** files) {
  const auto rules = parse_rules(built_in_rules());
  if (!rules) {
    for (const Finding& finding : rules.error()) std::cerr << to_string(finding) << '\n';
    return 1;
  }
  Evaluation result;
  for (int i = 1; i < count; ++i) {
    const auto text = read_text(files[i]);
    if (!text) {
      std::cerr << to_string(text.error()) << '\n';
      return 1;
    }
    const auto passages = parse_passages(*text, files[i]);
    if (!passages) {
      for (const Finding& finding : passages.error()) std::cerr << to_string(finding) << '\n';
      return 1;
    }
    for (const Passage& passage : *passages) evaluate(passage, *rules, result);
  }
  for (const std::string& fault : result.faults) std::cerr << fault << '\n';
  std::cout << "passages      " << result.passages << '\n';
  print("precision", result.precision);
  print("recall", result.recall);
  print("traps", result.traps);
  for (std::size_t i = 0; i < result.fields.size(); ++i) {
    print(Evaluation::kFields[i], result.fields[i]);
  }
  print("printable", result.printable);
  print("milestones", result.milestones_found);
  print("  of drafted", result.milestones_right);
  for (std::size_t i = Evaluation::kConfidences.size(); i-- > 0;) {
    std::ostringstream name;
    name << "at " << std::fixed << std::setprecision(1) << Evaluation::kConfidences[i];
    print(name.str(), result.right_at[i]);
  }
  std::cout << "pledges       " << result.pledges << " drafts, not counted in the precision\n";
  return 0;
}

}  // namespace
}  // namespace districtd::extract

int main(int count, char** files) {
  if (count < 2) {
    std::cerr << "usage: extract_measure FILE...   labelled passages, tests/extract/*/*.txt\n";
    return 2;
  }
  return districtd::extract::measure(count, files);
}
