#include "tests/unit/intake/example_catalogue.h"

#include <array>
#include <charconv>
#include <utility>

#include "tests/unit/fixture/targets.h"

namespace districtd {

namespace {

Target example_target(std::string id, std::string name, std::uint32_t department, Kind kind,
                      std::string_view unit) {
  Target target = kind == Kind::pledge
                      ? testing::pledge()
                      : testing::annual(kind, kind == Kind::milestone ? 1 : 95, unit);
  target.id = std::move(id);
  target.name = std::move(name);
  target.department = department;
  return target;
}

Catalogue make_catalogue() {
  std::vector<Target> targets = {
      example_target("culture-tourism.investment", "文旅投资", 0, Kind::cumulative, "亿元"),
      example_target("culture-tourism.satisfaction", "满意率", 0, Kind::level, "%"),
      example_target("culture-tourism.centre", "文化中心", 0, Kind::milestone, ""),
      example_target("culture-tourism.service", "优质服务", 0, Kind::pledge, ""),
      example_target("culture-tourism.land", "用地", 0, Kind::cumulative, "亩"),
      example_target("culture-tourism.events", "活动场次", 0, Kind::cumulative, "场"),
      example_target("culture-tourism.attraction", "招商引资", 0, Kind::cumulative, "亿元"),
      example_target("education.schools", "新建学校", 1, Kind::cumulative, "所"),
      example_target("education.attraction", "招商引资", 1, Kind::cumulative, "亿元"),
  };
  targets[1].deadline = date_of(2026, 6, 30);
  targets[4].deadline = date_of(2026, 6, 30);
  targets[5].start = date_of(2026, 3, 1);
  targets[5].withdrawn = date_of(2026, 7, 5);
  return {{}, {{"culture-tourism", "区文旅局"}, {"education", "区教育局"}}, std::move(targets)};
}

std::string shortest(double value) {
  std::array<char, 32> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end};
}

}  // namespace

const Catalogue& example_catalogue() {
  static const Catalogue catalogue = make_catalogue();
  return catalogue;
}

Date example_today() { return date_of(2026, 7, 8); }

Submission csv_of(std::string body) {
  return {"culture-tourism", "csv_drop", "text/csv", "june.csv", std::move(body)};
}

Submission json_of(std::string body) {
  return {"culture-tourism", "http_push", "application/json", "127.0.0.1", std::move(body)};
}

Decoded decode_example(const Submission& submission) {
  return decode(submission, example_catalogue(), example_today());
}

std::vector<std::string> error_places(const Decoded& decoded) {
  std::vector<std::string> places;
  for (const RowError& error : decoded.receipt.errors) {
    places.push_back(std::to_string(error.row) + ":" + error.column + ":" + error.code);
  }
  return places;
}

std::vector<std::string> readings(const Decoded& decoded) {
  std::vector<std::string> texts;
  for (const Observation& observation : decoded.observations) {
    texts.push_back(example_catalogue()[observation.target].id + " " +
                    to_string(observation.reading.as_of) + " " +
                    shortest(observation.reading.value.to_column()));
  }
  return texts;
}

}  // namespace districtd
