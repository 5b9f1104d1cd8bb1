#include "daemon/config/programme_table.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/config/finding_place.h"
#include "daemon/domain/assessment.h"

namespace districtd {

namespace {

// The year in which all of them start and end, changes left aside; `none` where there is none.
template <typename Chosen>
std::optional<int> year_of_all(std::span<const Target> targets, Chosen is_chosen) {
  std::optional<int> year;
  for (const Target& target : targets) {
    if (!is_chosen(target)) continue;
    if (!year) year = year_of(target.start);
    if (year_of(target.start) != *year || year_of(target.deadline) != *year) return std::nullopt;
  }
  return year;
}

std::string text_of(Date date) { return to_string(date); }

std::string named(const Target& target) { return "'" + target.id + "' (" + target.name + ")"; }

// A number of points or a share.
void read_number(TomlTable& table, std::string_view key, double most, double& number) {
  const auto said = table.number(key);
  if (!said) return;
  number = *said;
  if (number >= 0 && number <= most) return;
  table.add_finding(key, "'" + std::string{key} + "' in [scoring]; expected a number from 0 to " +
                             std::to_string(static_cast<int>(most)));
}

}  // namespace

void ProgrammeReader::read(TomlTable& root, TomlTable& report) {
  said_ = {};
  said_.report_place = root.place("report");
  if (auto id = report.text("programme")) {
    if (!is_programme_id(*id)) {
      report.add_finding("programme",
                         "programme '" + *id +
                             "'; expected a short word without blanks or slashes, such as "
                             "\"2026\" or \"2026-2030\"");
    }
    said_.id = {*std::move(id), report.place("programme")};
  }
  read_period(report);
  if (const auto day = report.date("settles")) said_.settles = {*day, report.place("settles")};
  if (const auto day = report.date("reports_since")) {
    said_.reports_since = {*day, report.place("reports_since")};
  }
  read_scoring(root);
}

void ProgrammeReader::read_period(TomlTable& report) {
  if (!report.has("period")) return;
  const std::size_t before = findings_.size();
  const auto days = report.dates("period");
  if (findings_.size() > before) return;
  if (days.size() != 2 || days[1] < days[0]) {
    report.add_finding("period",
                       "'period' in [report]; expected its first and its last day, such as "
                       "[2026-01-01, 2026-12-31]");
    return;
  }
  said_.period = {{days[0], days[1]}, report.place("period")};
}

void ProgrammeReader::read_scoring(TomlTable& root) {
  auto table = root.table("scoring");
  if (!table) return;
  Scoring scoring;
  constexpr double kMostPoints = 100;
  read_number(*table, "late_report", kMostPoints, scoring.late_report);
  read_number(*table, "missing_report", kMostPoints, scoring.missing_report);
  read_number(*table, "most", kMostPoints, scoring.most);
  read_number(*table, "late_completion", 1, scoring.late_completion);
  scoring.rank = table->flag("rank").value_or(scoring.rank);
  table->finish();
  said_.scoring = {scoring, root.place("scoring")};
}

void ProgrammeReader::add_finding(Finding place, std::string message) {
  place.message = std::move(message);
  findings_.push_back(std::move(place));
}

// Keeps what is said first.
template <typename Term, typename ToText>
void ProgrammeReader::agree(const Read& with, std::string_view key,
                            std::optional<Said<Term>>& known, const std::optional<Said<Term>>& said,
                            ToText to_text) {
  if (!said) return;
  if (!known) {
    known = said;
  } else if (!(known->term == said->term)) {
    add_finding(said->place, "'" + std::string{key} + "' of the programme '" + with.programme.id +
                                 "' is " + to_text(said->term) + " here and " +
                                 to_text(known->term) + " at " + place_text(known->place) +
                                 "; write the same in both files, or leave it out of one");
  }
}

std::string ProgrammeReader::kept_id_of(std::span<const Target> targets) const {
  for (const Target& target : targets) {
    const auto now = present_->find_id(target.id);
    if (now) return present_->programme_of((*present_)[*now]).id;
  }
  return programme_of_all(targets).id;
}

std::optional<std::string> ProgrammeReader::id_of(std::span<const Target> targets) {
  if (said_.id) return said_.id->term;
  if (targets.empty()) return std::nullopt;  // those that it has were found wrong
  if (const auto year = year_of_all(targets, [](const Target&) { return true; })) {
    return std::to_string(*year);
  }
  if (present_ != nullptr) return kept_id_of(targets);
  const Programme like = programme_of_all(targets);
  const std::string first = to_string(like.first);
  const std::string last = to_string(like.last);
  add_finding(said_.report_place,
              "the targets of this file start and end in more than one of the years " + first +
                  " to " + last +
                  ": of which programme are they? Write programme and period in [report], such as "
                  "programme = \"" +
                  like.id + "\" and period = [" + first + ", " + last + "]");
  return std::nullopt;
}

std::optional<std::uint32_t> ProgrammeReader::programme_of(std::span<const Target> targets) {
  auto id = id_of(targets);
  if (!id) return std::nullopt;
  auto found = std::find_if(read_.begin(), read_.end(),
                            [&](const Read& read) { return read.programme.id == *id; });
  if (found == read_.end()) {
    read_.emplace_back();
    found = read_.end() - 1;
    found->programme.id = *std::move(id);
    found->terms.report_place = said_.report_place;
  }
  Terms& terms = found->terms;
  agree(*found, "period", terms.period, said_.period, [](const Period& period) {
    return "[" + to_string(period.first) + ", " + to_string(period.last) + "]";
  });
  agree(*found, "settles", terms.settles, said_.settles, text_of);
  agree(*found, "reports_since", terms.reports_since, said_.reports_since, text_of);
  agree(*found, "[scoring]", terms.scoring, said_.scoring,
        [](const Scoring&) { return std::string{"one thing"}; });
  return static_cast<std::uint32_t>(found - read_.begin());
}

void ProgrammeReader::put_period(Read& read, std::uint32_t number,
                                 std::span<const Target> targets) {
  if (read.terms.period) {
    read.programme.first = read.terms.period->term.first;
    read.programme.last = read.terms.period->term.last;
    return;
  }
  const auto year =
      year_of_all(targets, [&](const Target& target) { return target.programme == number; });
  if (!year && present_ != nullptr) {
    std::vector<Target> own;
    std::copy_if(targets.begin(), targets.end(), std::back_inserter(own),
                 [&](const Target& target) { return target.programme == number; });
    if (own.empty()) return;
    const Programme of_all = programme_of_all(own);
    read.programme.first = of_all.first;
    read.programme.last = of_all.last;
    return;
  }
  if (!year) {
    add_finding(read.terms.report_place,
                "the period of the programme '" + read.programme.id +
                    "' is missing, and its targets do not lie in one year; write period in "
                    "[report], such as period = [2026-01-01, 2030-12-31]");
    return;
  }
  const Programme of_year = programme_of_years(*year, *year);
  read.programme.first = of_year.first;
  read.programme.last = of_year.last;
}

void ProgrammeReader::check_targets(const Read& read, std::uint32_t number,
                                    std::span<const Target> targets, const PlaceOf& place_of) {
  const Programme& programme = read.programme;
  const std::string period = to_string(programme.first) + " to " + to_string(programme.last);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const Target& target = targets[i];
    if (target.programme != number) continue;
    const bool starts_outside = target.start < programme.first || target.start > programme.last;
    if (!starts_outside && target.deadline <= programme.last) continue;
    const std::string what = starts_outside ? "starts on " + to_string(target.start)
                                            : "has its deadline on " + to_string(target.deadline);
    std::string sentence = "target ";
    sentence.append(named(target)).append(" ").append(what);
    sentence.append(", outside the period of its programme '").append(programme.id).append("', ");
    sentence.append(period).append(
        "; write a day within it, or move the target into the file of another programme (a "
        "deadline "
        "that was moved later is a [[target.change]])");
    add_finding(place_of(i, starts_outside ? Edge::start : Edge::deadline), std::move(sentence));
  }
}

void ProgrammeReader::put_settlement(Read& read, std::uint32_t number,
                                     std::span<const Target> targets,
                                     const WorkingDays& working_days) {
  const Target* last_owed = nullptr;
  Date last_due = read.programme.last;
  for (const Target& target : targets) {
    const Date deadline = target.last_deadline();
    if (target.programme != number || !target.is_in_force(deadline)) continue;
    const Date due = report_due(target, working_days, deadline);
    if (due <= last_due) continue;
    last_due = due;
    last_owed = &target;
  }
  Date& settles = read.programme.settles;
  if (!read.terms.settles) {
    settles = std::max(settled_by_default(read.programme.last), last_due);
    return;
  }
  settles = read.terms.settles->term;
  if (settles >= last_due || present_ != nullptr) return;
  const std::string who =
      "the programme '" + read.programme.id + "' settles on " + to_string(settles) + ", before ";
  const std::string what = last_owed == nullptr
                               ? "its period ends on " + to_string(last_due)
                               : "its last final report is due, that of " + named(*last_owed) +
                                     " on " + to_string(last_due);
  add_finding(read.terms.settles->place,
              who + what + "; write settles = " + to_string(last_due) + " or a later day");
}

void ProgrammeReader::finish(std::span<const Target> targets, const WorkingDays& working_days,
                             const PlaceOf& place_of) {
  for (std::uint32_t i = 0; i < read_.size(); ++i) {
    Read& read = read_[i];
    const std::size_t before = findings_.size();
    put_period(read, i, targets);
    if (findings_.size() > before) continue;
    if (present_ == nullptr) check_targets(read, i, targets, place_of);
    put_settlement(read, i, targets, working_days);
    if (read.terms.scoring) read.programme.scoring = read.terms.scoring->term;
    if (read.terms.reports_since) read.programme.reports_since = read.terms.reports_since->term;
  }
}

std::vector<Programme> ProgrammeReader::programmes() && {
  std::vector<Programme> programmes;
  programmes.reserve(read_.size());
  for (Read& read : read_) programmes.push_back(std::move(read.programme));
  return programmes;
}

}  // namespace districtd
