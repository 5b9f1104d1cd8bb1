// A small district at two moments, for the tests of bulletins.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "daemon/bulletins/bulletin.h"
#include "tests/unit/fixture/targets.h"

namespace districtd::testing {

struct Said {
  std::string target;
  Date as_of;
  double value;  // in the catalogue's unit
  Date reported_on;
};

class SmallDistrict {
 public:
  SmallDistrict() {
    Target investment = cumulative(30, "亿元");
    Target rate = level(95, "%");
    rate.id = "health.rate";
    rate.name = "规范化率";
    rate.department = 1;
    Target doctors = cumulative(100, "名");
    doctors.id = "health.doctors";
    doctors.name = "大学生村医";
    doctors.department = 1;
    Target silent = cumulative(10, "个");
    silent.id = "post.points";
    silent.name = "服务点";
    silent.department = 2;
    silent.quote = "建成10个服务点";
    targets = {investment, rate, doctors, silent};
  }

  std::shared_ptr<const Catalogue> catalogue() {
    if (!catalogue_) {
      catalogue_ = std::make_shared<const Catalogue>(
          std::vector<Report>{},
          std::vector<Department>{
              {"culture-tourism", "区文旅局"}, {"health", "区卫健局"}, {"post", "区邮政管理局"}},
          targets);
    }
    return catalogue_;
  }

  Picture picture(Date on, const std::vector<Said>& said,
                  BulletinKind kind = BulletinKind::monthly) {
    Readings readings;
    for (const Said& one : said) {
      const Target& target = (*catalogue())[*catalogue()->find_id(one.target)];
      readings.record(target.key, {one.as_of, target.unit.to_base(one.value), one.reported_on});
    }
    ShownProgrammes shown{catalogue(), {}};
    if (!catalogue()->programmes().empty()) shown.programmes = {0};
    return Picture::of_period(std::move(shown), std::move(readings), kind, on);
  }

  Occasion occasion(BulletinKind kind, Date on, Date before) const {
    Occasion occasion;
    occasion.name = std::string{to_string(kind)};
    occasion.kind = kind;
    occasion.on = on;
    occasion.known_at = clock.time_at(on, std::chrono::hours{9});
    occasion.before = before;
    occasion.before_known_at = clock.time_at(before, std::chrono::hours{9});
    return occasion;
  }

  Bulletin compose(const Occasion& occasion, const Picture& now, const Picture& before,
                   const std::vector<Correction>& corrections = {},
                   std::span<const BulletinSection> sections = bulletin_sections(),
                   const Picture* revised = nullptr) const {
    return districtd::compose(occasion, "试验区", "试验区督查室", clock,
                              {now, before, revised != nullptr ? *revised : before}, corrections,
                              sections);
  }

  std::vector<Target> targets;
  DistrictClock clock{"Asia/Shanghai"};

 private:
  std::shared_ptr<const Catalogue> catalogue_;
};

inline const Date kJuly8 = day(2026, 7, 8);
inline const Date kJune8 = day(2026, 6, 8);

inline std::vector<Said> june() {
  return {{"culture-tourism.investment", day(2026, 6, 30), 12.6, day(2026, 7, 5)},
          {"health.rate", day(2026, 6, 30), 96, day(2026, 7, 5)},
          {"health.doctors", day(2026, 6, 30), 48, day(2026, 7, 5)}};
}

inline std::vector<Said> may() {
  return {{"culture-tourism.investment", day(2026, 5, 31), 13, day(2026, 6, 5)},
          {"health.rate", day(2026, 5, 31), 96, day(2026, 6, 5)},
          {"health.doctors", day(2026, 5, 31), 41, day(2026, 6, 5)}};
}

}  // namespace districtd::testing
