#include "daemon/picture/picture.h"

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "base/time.h"
#include "collectors/receipt_json.h"
#include "daemon/domain/period_assessment.h"
#include "daemon/log/logging.h"
#include "daemon/store/narrative_history.h"

namespace districtd {

namespace {

// Of the target and of its parts.
Readings readings_of(const Catalogue& catalogue, Catalogue::Index target, const StoreReader& store,
                     const DistrictClock& clock, const Moment& moment) {
  std::vector<std::string> keys = {catalogue[target].key};
  for (const Catalogue::Index part : catalogue.parts_of(target)) {
    keys.push_back(catalogue[part].key);
  }
  return store.readings(
      {moment.known_at, [&clock](Time time) { return clock.date_at(time); }, std::move(keys)});
}

SumOfParts sum_of(const Catalogue& catalogue, Catalogue::Index target, Readings& readings,
                  Date on) {
  return sum_of_parts(
      catalogue, target,
      [&](Catalogue::Index part) -> std::span<const Reading> {
        return readings.of(catalogue[part].key);
      },
      on);
}

// `assessment_of` gives a part's.
template <typename AssessmentOf>
std::vector<PartView> part_views(const Catalogue& catalogue, Catalogue::Index target, Date on,
                                 AssessmentOf assessment_of) {
  std::vector<PartView> views;
  for (const Catalogue::Index part : catalogue.parts_of(target)) {
    const Target& t = catalogue[part];
    const Assessment& a = assessment_of(part);
    if (!a.in_force) continue;
    views.push_back(
        {&t, &catalogue.department_of(t, on), a.status, a.as_of, a.actual, a.goal, a.progress});
  }
  return views;
}

Readings all_readings(const ShownProgrammes& shown, const StoreReader& store,
                      const DistrictClock& clock, const Moment& moment) {
  if (shown.programmes.empty()) return {};
  return store.readings(
      {moment.known_at, [&clock](Time time) { return clock.date_at(time); }, {}, {shown.ids()}});
}

}  // namespace

TargetView TargetPicture::view() const {
  const Target& t = (*catalogue)[target];
  return {&t,
          &catalogue->department_of(t, on),
          assessment,
          on,
          &catalogue->programme_of(t),
          is_settled,
          catalogue.get(),
          parts};
}

TargetPicture picture_of(const Board& board, Catalogue::Index target) {
  auto parts = part_views(board.catalogue(), target, board.today(),
                          [&](Catalogue::Index i) -> const Assessment& { return board[i]; });
  return {board.shared_catalogue(), target, board[target], board.today(), false, std::move(parts)};
}

TargetPicture picture_of(const ShownProgrammes& shown, Catalogue::Index target,
                         const StoreReader& store, const DistrictClock& clock,
                         const Moment& moment) {
  const Catalogue& catalogue = *shown.catalogue;
  const Target& t = catalogue[target];
  const Date on = shown.day(moment.on);
  Readings readings = readings_of(catalogue, target, store, clock, moment);
  std::map<Catalogue::Index, Assessment> of_part;
  for (const Catalogue::Index part : catalogue.parts_of(target)) {
    of_part[part] =
        assess(catalogue[part], terms_of(catalogue, part), readings.of(catalogue[part].key), on);
  }
  auto parts = part_views(catalogue, target, on,
                          [&](Catalogue::Index i) -> const Assessment& { return of_part.at(i); });
  Assessment assessment;
  if (t.sum_of_parts) {
    assessment = assess_sum(catalogue, target, sum_of(catalogue, target, readings, on), on);
  } else {
    assessment = assess(t, terms_of(catalogue, target), readings.of(t.key), on);
  }
  return {shown.catalogue, target, std::move(assessment), on, shown.is_settled, std::move(parts)};
}

Date ShownProgrammes::day(Date on) const {
  if (!is_settled || programmes.empty()) return on;
  return std::min(on, catalogue->programmes()[programmes.front()].settles);
}

std::vector<std::string> ShownProgrammes::ids() const {
  std::vector<std::string> result;
  for (const std::uint32_t p : programmes) result.push_back(catalogue->programmes()[p].id);
  return result;
}

std::optional<Time> parse_known_at(std::string_view text, const DistrictClock& clock) {
  if (const auto time = from_rfc3339(text)) return time;
  const auto date = parse_iso_date(text);
  return date ? std::optional{clock.end_of(*date)} : std::nullopt;
}

Picture::Picture(const ShownProgrammes& shown, const StoreReader& store, const DistrictClock& clock,
                 const Moment& moment)
    : Picture(shown, all_readings(shown, store, clock, moment), shown.day(moment.on)) {
  judge_each(on_, [this](Catalogue::Index i, std::span<const Reading> readings) {
    if (catalogue()[i].sum_of_parts) return assess_sum(catalogue(), i, sums_->at(i), on_);
    return assess(catalogue()[i], terms_of(catalogue(), i), readings, on_);
  });
}

Picture::Picture(ShownProgrammes shown, Readings readings, Date on)
    : shown_(std::move(shown)),
      on_(on),
      readings_(std::make_shared<Readings>(std::move(readings))) {}

template <typename Judge>
void Picture::judge_each(Date known_on, Judge judge) {
  assessments_.resize(catalogue().targets().size());
  readings_of_.reserve(assessments_.size());
  for (Catalogue::Index i = 0; i < assessments_.size(); ++i) {
    const Target& target = catalogue()[i];
    readings_of_.push_back(&readings_->of(target.key));
    if (!shows(target.programme)) {
      assessments_[i].in_force = false;
      continue;
    }
    if (target.sum_of_parts) {
      if (!sums_) sums_ = std::make_shared<std::map<Catalogue::Index, SumOfParts>>();
      const auto sum = sums_->emplace(i, sum_of(catalogue(), i, *readings_, known_on)).first;
      readings_of_.back() = &sum->second.readings;
    }
    assessments_[i] = judge(i, std::span<const Reading>{*readings_of_.back()});
  }
}

Picture Picture::of_period(ShownProgrammes shown, const StoreReader& store,
                           const DistrictClock& clock, BulletinKind kind, const Moment& moment) {
  Readings readings = all_readings(shown, store, clock, moment);
  return of_period(std::move(shown), std::move(readings), kind, moment.on);
}

Picture Picture::of_period(ShownProgrammes shown, Readings readings, BulletinKind kind,
                           Date printed_on) {
  const BulletinPeriod period = period_of(kind, printed_on);
  // After the programme was settled nothing more is to be known of it.
  const Date known_on = shown.day(printed_on);
  Picture picture{std::move(shown), std::move(readings), period.last};
  picture.judge_each(known_on, [&](Catalogue::Index i, std::span<const Reading> values) {
    const Catalogue& catalogue = picture.catalogue();
    Assessment result =
        judge_period(catalogue[i], terms_of(catalogue, i), values, kind, period, known_on);
    if (catalogue[i].sum_of_parts) put_sum(picture.sums_->at(i), result);
    return result;
  });
  return picture;
}

Picture::Picture(const Board& board, std::optional<std::uint32_t> programme)
    : shown_{board.shared_catalogue(), {}},
      on_(board.today()),
      assessments_(board.assessments().begin(), board.assessments().end()) {
  for (std::uint32_t p = 0; p < catalogue().programmes().size(); ++p) {
    if (board.is_open(p) && (!programme || *programme == p)) shown_.programmes.push_back(p);
  }
  for (Catalogue::Index i = 0; programme && i < assessments_.size(); ++i) {
    if (shows(catalogue()[i].programme)) continue;
    assessments_[i] = {};
    assessments_[i].in_force = false;
  }
}

bool Picture::shows(std::uint32_t programme) const {
  return std::find(shown_.programmes.begin(), shown_.programmes.end(), programme) !=
         shown_.programmes.end();
}

TargetView Picture::target(Catalogue::Index i) const {
  const Target& target = catalogue()[i];
  auto parts = part_views(catalogue(), i, on_, [this](Catalogue::Index p) -> const Assessment& {
    return assessments_[p];
  });
  return {&target,
          &catalogue().department_of(target, on_),
          assessments_[i],
          on_,
          &catalogue().programme_of(target),
          shown_.is_settled,
          shown_.catalogue.get(),
          std::move(parts)};
}

std::vector<TargetView> Picture::targets(std::string_view department) const {
  std::vector<TargetView> views;
  for (Catalogue::Index i = 0; i < assessments_.size(); ++i) {
    if (!assessments_[i].in_force) continue;
    if (!department.empty() && catalogue().department_of(catalogue()[i], on_).id != department) {
      continue;
    }
    views.push_back(target(i));
  }
  return views;
}

std::vector<TargetView> Picture::counted(std::string_view department) const {
  std::vector<TargetView> views = targets(department);
  std::erase_if(views, [](const TargetView& view) { return view.target->is_part(); });
  return views;
}

std::vector<DepartmentView> Picture::departments() const {
  const auto standings = districtd::standings(catalogue(), assessments_, on_);
  std::vector<DepartmentView> views;
  std::vector<std::size_t> view_of(standings.size());
  for (std::size_t g = 0; g < standings.size(); ++g) {
    const Group& group = catalogue().groups()[g];
    if (!shows(group.programme)) continue;
    view_of[g] = views.size();
    views.push_back({&catalogue().departments()[group.department],
                     &catalogue().programmes()[group.programme],
                     standings[g],
                     {},
                     shown_.is_settled,
                     on_});
  }
  for (Catalogue::Index i = 0; i < assessments_.size(); ++i) {
    if (!assessments_[i].score || catalogue()[i].is_part()) continue;
    views[view_of[catalogue().group_on(i, on_)]].counted.push_back(target(i));
  }
  return views;
}

PromiseCounts Picture::promises(std::string_view department) const {
  const auto found = catalogue().find_department(department);
  if (!department.empty() && !found) return {};
  std::vector<PromiseCounts> all;
  for (const std::uint32_t programme : shown_.programmes) {
    const auto counts = promise_counts(catalogue(), assessments_, on_, programme);
    all.push_back(found ? counts[*found] : sum_of(counts));
  }
  return sum_of(all);
}

std::vector<StoredObservation> history_of(const StoreReader& store, std::string_view target,
                                          const Moment& moment) {
  return store.history(target, moment.known_at);
}

Explanation explanation_of(const TargetPicture& picture, const StoreReader& store,
                           const DistrictClock& clock, const Moment& moment) {
  const Target& target = (*picture.catalogue)[picture.target];
  const std::string& key = target.key;
  Readings readings = readings_of(*picture.catalogue, picture.target, store, clock, moment);
  SumOfParts sum;
  if (target.sum_of_parts) sum = sum_of(*picture.catalogue, picture.target, readings, moment.on);
  const auto history = history_of(store, key, moment);
  const auto narratives = narratives_of(store, key, moment);
  return explain({.catalogue = *picture.catalogue,
                  .target = picture.target,
                  .assessment = picture.assessment,
                  .readings = target.sum_of_parts ? sum.readings : readings.of(key),
                  .history = history,
                  .narratives = narratives,
                  .parts = picture.parts,
                  .on = picture.on,
                  .time_text = [&clock](Time time) { return clock.text_of(time); }});
}

std::vector<StoredNarrative> narratives_of(const StoreReader& store, std::string_view target,
                                           const Moment& moment) {
  auto said = store.narratives(target, moment.known_at);
  std::erase_if(said, [&](const StoredNarrative& one) { return one.as_of > moment.on; });
  return said;
}

std::string narratives_member(const std::vector<StoredNarrative>& said) {
  std::string out;
  JsonWriter json(out);
  const auto write_parts = [&](const Narrative& narrative) {
    for (std::size_t i = 0; i < Narrative::kParts; ++i) {
      json.member(kNarrativeKeys[i], narrative.parts[i]);
    }
  };
  json.key("narratives").begin_array();
  for (const NarrativeOfDay& day : narratives_by_day(said, Date::max())) {
    const StoredNarrative& last = day.history.back();
    json.begin_object().member("as_of", to_string(day.as_of));
    write_parts(day.stands);
    json.member("submission", last.submission)
        .member("received_at", to_rfc3339(last.received_at))
        .key("history")
        .begin_array();
    for (const StoredNarrative& one : day.history) {
      json.begin_object();
      write_parts(one.said);
      json.member("submission", one.submission)
          .member("received_at", to_rfc3339(one.received_at))
          .member("collector", one.collector)
          .member("source", one.name)
          .end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
  return out;
}

std::string observations_member(const Target& target,
                                const std::vector<StoredObservation>& observations) {
  std::string out;
  JsonWriter json(out);
  json.key("observations").begin_array();
  for (const StoredObservation& observation : observations) {
    const bool is_withdrawn = observation.value.is_withdrawn();
    if (&observation != &observations.front()) json.new_line(" ");
    json.begin_object().member("as_of", to_string(observation.as_of)).key("value");
    if (target.kind == Kind::pledge || is_withdrawn) {
      json.null();
    } else {
      json.value(target.unit.from_base(observation.value.number()));
    }
    json.member("basis", to_string(observation.basis))
        .member("note", observation.note)
        .member("explanation", observation.explanation)
        .member("submission", observation.submission)
        .member("received_at", to_rfc3339(observation.received_at))
        .member("collector", observation.collector)
        .member("source", observation.name)
        .member("superseded", observation.superseded);
    if (is_withdrawn) json.member("withdrawn", true);
    json.end_object();
  }
  json.end_array();
  return out;
}

}  // namespace districtd
