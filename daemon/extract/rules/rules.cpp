#include "daemon/extract/rules/rules.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/toml_table.h"

namespace districtd::extract {

namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Word::kCount)> kWordKeys = {
    "strive",        "ensure",      "approach",     "past_period", "future_period", "past",
    "past_weak",     "problem",     "adverb",       "take",        "take_named",    "reach",
    "keep",          "reach_down",  "grow",         "shrink",      "at_least",      "at_most",
    "or_more",       "or_less",     "about_before", "about_after", "each",          "link",
    "done",          "start",       "finish",       "build",       "create",        "issue",
    "found",         "state",       "size_noun",    "flow_noun",   "size_before",   "concrete_noun",
    "work_noun",     "paper_noun",  "body_noun",    "honour_noun", "standard_noun", "pass_noun",
    "abstract_noun", "level_noun",  "lower_better", "plan_noun",   "generic_name",  "not_a_word",
    "slogan",        "preposition", "look_back",    "stage_noun",  "gathering",     "meeting_noun",
    "may_name",      "bare_noun",   "honour_mark",  "existing",
};
static_assert(static_cast<std::size_t>(Word::kCount) <= 64);

constexpr std::array<std::string_view, 6> kFiles = {
    "words.toml", "units.toml", "patterns.toml", "structure.toml", "pledges.toml", "doubts.toml"};

// Reads one file after the other into the rules; what is wrong goes to the findings.
class RulesReader {
 public:
  explicit RulesReader(Findings& findings) : findings_(&findings) {}

  void read_spelling(TomlTable& root) {
    rules_.spelling.add(to_u32(root.text("pairs", true).value_or("")));
  }

  void read_words(TomlTable& root) {
    for (std::size_t i = 0; i < kWordKeys.size(); ++i) {
      if (!root.has(kWordKeys[i])) root.add_finding(kWordKeys[i], missing_list(kWordKeys[i]));
      for (const auto& word : words(root, kWordKeys[i])) rules_.words.add(word, 1ULL << i);
    }
  }

  void read_units(TomlTable& root) {
    for (TomlTable& table : root.tables("unit")) {
      const auto sort = table.word(
          "class", {"ratio", "times", "money", "area", "length", "size", "count", "time", "not"});
      if (!table.has("class")) table.add_finding("class", "the key 'class' is missing in [[unit]]");
      const auto list = words(table, "words");
      table.finish();
      if (!sort) continue;
      for (const auto& word : list) rules_.units.add(word, 1ULL << *sort);
    }
  }

  void read_patterns(TomlTable& root) {
    const toml::array* const names = root.array("names", "an array of patterns");
    if (names == nullptr && !root.has("names")) root.add_finding("names", missing_list("names"));
    for (std::size_t i = 0; names != nullptr && i < names->size(); ++i) {
      if (auto pattern = read_pattern(root, "names", (*names)[i])) {
        rules_.name_index.add(*pattern, static_cast<std::uint16_t>(rules_.names.size()));
        rules_.names.push_back(std::move(*pattern));
        rules_.name_texts.push_back((*names)[i].value<std::string>().value_or(""));
      }
    }
    for (TomlTable& table : root.tables("split")) {
      std::u32string word = normal(table.text("word", true).value_or(""));
      auto parts = words(table, "parts");
      table.finish();
      if (parts.size() < 2) table.add_finding("parts", "a [[split]] has at least two parts");
      if (!word.empty()) rules_.splits.emplace_back(std::move(word), std::move(parts));
    }
    for (TomlTable& table : root.tables("deadline")) read_deadline(table);
  }

  void read_structure(TomlTable& root) {
    StructureWords& s = rules_.structure;
    for (const auto& word : words(root, "strong")) s.department_ends.add(word, s.kStrong);
    for (const auto& word : words(root, "weak")) s.department_ends.add(word, s.kWeak);
    s.region = words(root, "region");
    s.place = words(root, "place");
    s.not_a_place = words(root, "not_a_place");
    s.not_in_name = words(root, "not_in_name");
    s.responsible = longest_first(words(root, "responsible"));
    s.supporting = longest_first(words(root, "supporting"));
    s.due = longest_first(words(root, "due"));
    s.person = longest_first(words(root, "person"));
    s.speaking = words(root, "speaking");
    s.past_heading = words(root, "past_heading");
    s.future_heading = words(root, "future_heading");
    s.plan_heading = words(root, "plan_heading");
    s.problem_heading = words(root, "problem_heading");
    s.demand_heading = words(root, "demand_heading");
    for (TomlTable& table : root.tables("department_id")) read_ids(table);
    std::stable_sort(s.department_ids.begin(), s.department_ids.end(),
                     [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  }

  void read_pledges(TomlTable& root) {
    PledgeScores& p = rules_.pledges;
    p.most = static_cast<std::size_t>(root.integer("most", 0, 20).value_or(3));
    p.least_score = static_cast<int>(root.integer("least_score", -100, 100).value_or(3));
    const auto scores = [&](std::string_view key, std::vector<PledgeScores::Score>& out) {
      for (TomlTable& table : root.tables(key)) {
        const auto score = table.integer("score", -100, 100);
        if (!score)
          table.add_finding("score", "'score' is missing; expected an integer from -100 to 100");
        const bool is_at_end = table.flag("at_end").value_or(false);
        out.push_back({static_cast<int>(score.value_or(0)), words(table, "words"), is_at_end});
        table.finish();
      }
    };
    scores("verb", p.verbs);
    scores("object", p.objects);
  }

  void read_doubts_table(TomlTable& root) { rules_.doubts = read_doubts(root); }

  Rules rules() && { return std::move(rules_); }

 private:
  static std::string missing_list(std::string_view key) {
    return "the list '" + std::string{key} + "' is missing; an empty one is written " +
           std::string{key} + " = []";
  }

  // Words are compared in the spelling in which texts are read.
  std::u32string normal(std::string_view text) const {
    NormalText out;
    normalise(text, rules_.spelling, out);
    return out.chars;
  }

  std::vector<std::u32string> words(TomlTable& table, std::string_view key) const {
    std::vector<std::u32string> result;
    for (const std::string& text : table.texts(key)) {
      result.push_back(normal(text));
      if (result.back().empty()) {
        table.add_finding(key, "'" + std::string{key} + "' holds an empty word");
        result.pop_back();
      }
    }
    return result;
  }

  static std::vector<std::u32string> longest_first(std::vector<std::u32string> list) {
    std::stable_sort(list.begin(), list.end(),
                     [](const auto& a, const auto& b) { return a.size() > b.size(); });
    return list;
  }

  std::optional<Pattern> read_pattern(const TomlTable& table, std::string_view key,
                                      const toml::node& node) const {
    const auto text = node.value<std::string>();
    Finding finding = table.place(key);
    finding.line = node.source().begin.line;
    finding.column = node.source().begin.column;
    if (!text) {
      finding.message = "a pattern is a string";
    } else {
      auto parsed = Pattern::parse(normal(*text));
      if (parsed) return *std::move(parsed);
      finding.message = "pattern '" + *text + "': " + parsed.error();
    }
    findings_->push_back(std::move(finding));
    return std::nullopt;
  }

  void read_deadline(TomlTable& table) {
    constexpr std::array<std::pair<std::string_view, DateRule>, 10> kRules = {{
        {"month-end", DateRule::month_end},
        {"month-day", DateRule::month_day},
        {"month-tenth", DateRule::month_tenth},
        {"month-twentieth", DateRule::month_twentieth},
        {"quarter-end", DateRule::quarter_end},
        {"year-end", DateRule::year_end},
        {"next-year", DateRule::next_year},
        {"next-month-end", DateRule::next_month_end},
        {"years", DateRule::years},
        {"five-year-plan", DateRule::five_year_plan},
    }};
    const std::string date = table.text("date", true).value_or("");
    DeadlinePattern deadline;
    bool is_known = false;
    for (const auto& [name, rule] : kRules) {
      if (date != name) continue;
      deadline.rule = rule;
      is_known = true;
    }
    if (date.starts_with("fixed:") && date.size() == 11 && date[8] == '-') {
      std::from_chars(date.data() + 6, date.data() + 8, deadline.month);
      std::from_chars(date.data() + 9, date.data() + 11, deadline.day);
      is_known =
          deadline.month >= 1 && deadline.month <= 12 && deadline.day >= 1 && deadline.day <= 31;
    }
    if (!is_known && !date.empty()) {
      table.add_finding("date",
                        "'date' in [[deadline]] is '" + date +
                            "'; expected month-end, month-day, month-tenth, month-twentieth, "
                            "quarter-end, year-end, next-year, next-month-end, years, "
                            "five-year-plan or fixed:MM-DD");
    }
    deadline.is_vague = table.flag("vague").value_or(false);
    const toml::array* const patterns = table.array("patterns", "an array of patterns");
    for (std::size_t i = 0; patterns != nullptr && i < patterns->size(); ++i) {
      auto pattern = read_pattern(table, "patterns", (*patterns)[i]);
      if (!pattern) continue;
      deadline.pattern = *pattern;
      rules_.deadline_index.add(*pattern, static_cast<std::uint16_t>(rules_.deadlines.size()));
      rules_.deadlines.push_back(deadline);
    }
    table.finish();
  }

  void read_ids(TomlTable& table) {
    auto& list = rules_.structure.department_ids;
    const std::string id = table.text("id", true).value_or("");
    const bool is_good = std::all_of(id.begin(), id.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
    if (!is_good) table.add_finding("id", "department id '" + id + "'; expected [a-z0-9-]+");
    for (auto& word : words(table, "words")) list.emplace_back(std::move(word), id);
    table.finish();
  }

  Findings* findings_;
  Rules rules_;
};

const RuleFile* find_file(const std::vector<RuleFile>& files, std::string_view name) {
  const auto found = std::find_if(files.begin(), files.end(), [name](const RuleFile& file) {
    return std::filesystem::path(file.name).filename() == name;
  });
  return found == files.end() ? nullptr : &*found;
}

}  // namespace

void PatternIndex::put(Slots& slots, std::u32string_view characters, std::uint16_t index) {
  for (const char32_t c : characters) {
    if (c >= slots.size()) continue;
    if (slots[c] == 0) {
      slots[c] = static_cast<std::uint16_t>(lists_.size());
      lists_.emplace_back();
    }
    auto& list = lists_[slots[c]];
    if (list.empty() || list.back() != index) list.push_back(index);
  }
}

void PatternIndex::add(const Pattern& pattern, std::uint16_t index) {
  if (!pattern.begins_with_number()) return put(first_, pattern.beginnings(), index);
  const auto behind = pattern.behind_number();
  if (behind.empty()) {
    behind_any_.push_back(index);
  } else {
    put(behind_, behind, index);
  }
}

bool Rules::ends_with(std::u32string_view text, std::uint64_t classes) const {
  return (words.classes_at_end(text) & classes) != 0;
}

bool Rules::contains(std::u32string_view text, std::uint64_t classes) const {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((words.classes_from(text, i) & classes) != 0) return true;
  }
  return false;
}

Result<Rules, Findings> parse_rules(const std::vector<RuleFile>& files) {
  Findings findings;
  RulesReader reader(findings);
  const auto read = [&](std::string_view name, auto&& read_tables) {
    const RuleFile* const file = find_file(files, name);
    if (file == nullptr) {
      findings.push_back({std::string{name}, 0, 0, "is missing among the rule files"});
      return;
    }
    auto parsed = parse_toml(file->text, file->name);
    if (!parsed) {
      findings.push_back(std::move(parsed.error()));
      return;
    }
    TomlTable root{*parsed, std::string{name}, {file->name, &findings}};
    read_tables(root);
    root.finish();
  };
  // The spelling first: all other words are read in it.
  read("spelling.toml", [&](TomlTable& root) { reader.read_spelling(root); });
  read(kFiles[0], [&](TomlTable& root) { reader.read_words(root); });
  read(kFiles[1], [&](TomlTable& root) { reader.read_units(root); });
  read(kFiles[2], [&](TomlTable& root) { reader.read_patterns(root); });
  read(kFiles[3], [&](TomlTable& root) { reader.read_structure(root); });
  read(kFiles[4], [&](TomlTable& root) { reader.read_pledges(root); });
  read(kFiles[5], [&](TomlTable& root) { reader.read_doubts_table(root); });
  if (!findings.empty()) return findings;
  return std::move(reader).rules();
}

Result<Rules, Findings> load_rules(const std::filesystem::path& folder) {
  Findings findings;
  std::vector<RuleFile> files;
  for (const RuleFile& built_in : built_in_rules()) {
    const auto path = folder / built_in.name;
    auto text = read_text(path);
    if (!text) {
      findings.push_back(std::move(text.error()));
    } else {
      files.push_back({path.string(), *std::move(text)});
    }
  }
  if (!findings.empty()) return findings;
  return parse_rules(files);
}

std::filesystem::path installed_rules() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const auto folder = program.parent_path().parent_path() / "share/districtd/extract";
  return std::filesystem::is_directory(folder, error) ? folder : std::filesystem::path{};
}

}  // namespace districtd::extract
