// Rows within a table that are no data.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace districtd {

// A row below a header that is no data: "注：...", "填报人：张三", "联系电话：0579-…", "合计", or
// the header again. `target` is where the target stands, and `header` what the header says there.
bool is_remark(std::span<const std::string_view> cells, std::size_t target,
               std::string_view header);

// "合计", "小计": its figures are of several targets.
bool is_sum_row(std::span<const std::string_view> cells);

// "注：...", "备注：...", "说明：...": it speaks of what stands above it.
bool is_note_row(std::span<const std::string_view> cells);

}  // namespace districtd
