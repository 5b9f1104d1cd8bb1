// What the rows around a table say of all its figures: their unit, their day, their year, and what
// kind of figures they are.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/catalogue.h"
#include "daemon/intake/date_reader.h"
#include "daemon/intake/meaning.h"
#include "daemon/intake/unit_words.h"

namespace districtd {

// A day or a period that is said for the whole table.
struct DateAbove {
  WrittenDate date;
  std::string text;
  bool is_titled = false;  // it stands in a title, not behind a label
};

// What a text outside the columns says that its figures are, and by which words.
struct SaidAbove {
  Meaning meaning = Meaning::unsaid;
  std::string text;
};

// What the rows above a header say, read one by one.
class Above {
 public:
  explicit Above(const Catalogue& catalogue) : catalogue_(&catalogue) {}

  void read(std::span<const std::string_view> cells);

  const UnitsSaid& units() const { return units_; }
  const SaidAbove& said() const { return said_; }

  // The one day that is said: nullptr where none is, or different ones are.
  const DateAbove* as_of() const;
  // Different days or periods that are said, where as_of() is nullptr because of them.
  const std::vector<DateAbove>& days() const { return labelled_.empty() ? titled_ : labelled_; }

  // The years that titles name. A day without a year is of the only one of them.
  const std::vector<int>& years() const { return years_; }

  // For NAME.errors.csv: the rows that are not blank, as far as there is room for them.
  const std::vector<std::vector<std::string>>& rows() const { return rows_; }
  void keep(std::span<const std::string_view> cells);
  std::vector<std::string> notes;  // what was chosen, in Chinese sentences

  bool says_something() const {
    return !units_.empty() || said_.meaning != Meaning::unsaid || as_of() != nullptr ||
           !years_.empty();
  }
  // What this one does not say is as `earlier` has it: of a table below another one. The rows stay.
  void inherit(const Above& earlier);

 private:
  void read_days(std::string_view text);
  void read_title(std::string_view text);
  void read_years(std::string_view text);

  const Catalogue* catalogue_;
  std::size_t bytes_ = 0;        // of the rows, also of those that were too much to keep
  std::size_t title_bytes_ = 0;  // of all texts that were searched for periods
  UnitsSaid units_;
  SaidAbove said_;
  std::vector<DateAbove> labelled_;  // different ones
  std::vector<DateAbove> titled_;    // likewise
  std::vector<int> years_;
  std::vector<std::vector<std::string>> rows_;
};

// What a row below or between the figures says of those above it: "注：单位为万元".
struct SaidBelow {
  UnitsSaid units;
  SaidAbove said;
  std::vector<std::vector<std::string>> rows;  // the first of those that say it
  friend bool operator==(const SaidBelow& a, const SaidBelow& b) {
    return a.units == b.units && a.said.meaning == b.said.meaning;
  }
};
void read_below(std::span<const std::string_view> cells, const Catalogue& catalogue,
                SaidBelow& below);

}  // namespace districtd
