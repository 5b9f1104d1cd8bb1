// A catalogue of two departments with one target of every kind, for the tests of Intake.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/intake/intake.h"

namespace districtd {

// culture-tourism (区文旅局): investment 文旅投资 (cumulative, 亿元), satisfaction 满意率 (level,
// %), centre 文化中心 (milestone), service 优质服务 (pledge), land 用地 (cumulative, 亩), events
// 活动场次 (cumulative, 场, from 2026-03-01), attraction 招商引资 (cumulative, 亿元). education
// (区教育局): schools 新建学校 (cumulative, 所), attraction 招商引资. All for the year 2026.
const Catalogue& example_catalogue();

// The day on which the examples are sent: 2026-07-08.
Date example_today();

Submission csv_of(std::string body);   // of culture-tourism
Submission json_of(std::string body);  // likewise

Decoded decode_example(const Submission& submission);

// "row:column:code" of every error.
std::vector<std::string> error_places(const Decoded& decoded);

// "target-id as_of value" of every observation, values in base units.
std::vector<std::string> readings(const Decoded& decoded);

}  // namespace districtd
