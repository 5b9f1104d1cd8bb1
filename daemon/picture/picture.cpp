#include "daemon/picture/picture.h"

#include <utility>

#include "base/json_writer.h"
#include "base/time.h"
#include "collectors/receipt_json.h"
#include "daemon/config/catalogue_file.h"
#include "daemon/log/logging.h"
#include "daemon/store/narrative_history.h"

namespace districtd {

namespace {

Readings readings_of(const std::string& target, const StoreReader& store,
                     const DistrictClock& clock, const Moment& moment) {
  return store.readings(
      {moment.known_at, [&clock](Time time) { return clock.date_at(time); }, {target}});
}

}  // namespace

// Also the newest is read again: a file may have been edited and not reloaded since. Catalogues
// were checked before they were recorded; a version of districtd that reads them differently says
// so instead of showing something else than was shown.
std::shared_ptr<const Catalogue> catalogue_at(std::shared_ptr<const Catalogue> present,
                                              const StoreReader& store,
                                              std::optional<Time> known_at) {
  auto stored = known_at ? store.catalogue(known_at) : std::nullopt;
  if (!stored) return present;
  auto parsed = parse_kept_catalogue(std::move(stored->sources), *present);
  if (!parsed) {
    throw StoreError("the catalogue of that time cannot be read by this version: " +
                     to_string(parsed.error().front()));
  }
  return std::make_shared<const Catalogue>(std::move(parsed->catalogue));
}

TargetView TargetPicture::view() const {
  const Target& t = (*catalogue)[target];
  return {&t, &catalogue->department_of(t), assessment, on};
}

TargetPicture picture_of(const Board& board, Catalogue::Index target) {
  return {board.shared_catalogue(), target, board[target], board.today()};
}

TargetPicture picture_of(std::shared_ptr<const Catalogue> catalogue, Catalogue::Index target,
                         const StoreReader& store, const DistrictClock& clock,
                         const Moment& moment) {
  const Target& t = (*catalogue)[target];
  Readings readings = readings_of(t.key, store, clock, moment);
  Assessment assessment = assess(t, terms_of(*catalogue, target), readings.of(t.key), moment.on);
  return {std::move(catalogue), target, std::move(assessment), moment.on};
}

std::optional<Time> parse_known_at(std::string_view text, const DistrictClock& clock) {
  if (const auto time = from_rfc3339(text)) return time;
  const auto date = parse_iso_date(text);
  return date ? std::optional{clock.end_of(*date)} : std::nullopt;
}

Picture::Picture(std::shared_ptr<const Catalogue> present, const StoreReader& store,
                 const DistrictClock& clock, const Moment& moment)
    : Picture(Known{catalogue_at(std::move(present), store, moment.known_at)}, store, clock,
              moment) {}

Picture::Picture(Known known, const StoreReader& store, const DistrictClock& clock,
                 const Moment& moment)
    : catalogue_(std::move(known.catalogue)), on_(moment.on) {
  readings_ = std::make_shared<Readings>(
      store.readings({moment.known_at, [&clock](Time time) { return clock.date_at(time); }, {}}));
  assessments_.reserve(catalogue_->targets().size());
  readings_of_.reserve(catalogue_->targets().size());
  for (Catalogue::Index i = 0; i < catalogue_->targets().size(); ++i) {
    const Target& target = (*catalogue_)[i];
    readings_of_.push_back(&readings_->of(target.key));
    assessments_.push_back(assess(target, terms_of(*catalogue_, i), *readings_of_.back(), on_));
  }
}

Picture::Picture(const Board& board)
    : catalogue_(board.shared_catalogue()),
      on_(board.today()),
      assessments_(board.assessments().begin(), board.assessments().end()) {}

TargetView Picture::target(Catalogue::Index i) const {
  const Target& target = (*catalogue_)[i];
  return {&target, &catalogue_->department_of(target), assessments_[i], on_};
}

std::vector<TargetView> Picture::targets(std::string_view department) const {
  std::vector<TargetView> views;
  for (Catalogue::Index i = 0; i < assessments_.size(); ++i) {
    if (!assessments_[i].in_force) continue;
    if (!department.empty() && catalogue_->department_of((*catalogue_)[i]).id != department) {
      continue;
    }
    views.push_back(target(i));
  }
  return views;
}

std::vector<DepartmentView> Picture::departments() const {
  const auto standings = districtd::standings(*catalogue_, assessments_);
  std::vector<DepartmentView> views;
  for (std::size_t d = 0; d < standings.size(); ++d) {
    views.push_back({&catalogue_->departments()[d], standings[d], {}});
  }
  for (Catalogue::Index i = 0; i < assessments_.size(); ++i) {
    if (assessments_[i].score) views[(*catalogue_)[i].department].counted.push_back(target(i));
  }
  return views;
}

std::vector<StoredObservation> history_of(const StoreReader& store, std::string_view target,
                                          const Moment& moment) {
  return store.history(target, moment.known_at);
}

Explanation explanation_of(const TargetPicture& picture, const StoreReader& store,
                           const DistrictClock& clock, const Moment& moment) {
  const std::string& key = (*picture.catalogue)[picture.target].key;
  Readings readings = readings_of(key, store, clock, moment);
  const auto history = history_of(store, key, moment);
  const auto narratives = narratives_of(store, key, moment);
  return explain({.catalogue = *picture.catalogue,
                  .target = picture.target,
                  .assessment = picture.assessment,
                  .readings = readings.of(key),
                  .history = history,
                  .narratives = narratives,
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
