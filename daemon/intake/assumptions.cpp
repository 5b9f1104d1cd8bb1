#include "daemon/intake/assumptions.h"

#include "base/utf8.h"

namespace districtd {

void Assumed::add(std::int64_t at, std::string_view written, std::string_view read) {
  if (count++ > 0) return;
  row = at;
  text = utf8::cut(written, 60);
  meaning = read;
}

std::vector<std::string> Assumptions::sentences() const {
  std::vector<std::string> notes;
  const auto say = [&](const Assumed& assumed, const std::string& between,
                       const std::string& behind) {
    if (assumed.count == 0) return;
    std::string text = "第 " + std::to_string(assumed.row) + " 行";
    if (assumed.count > 1) text += "等 " + std::to_string(assumed.count) + " 处";
    notes.push_back(text + between + "“" + assumed.text + "”" + behind);
  };
  say(year, "的日期", "没有写年份，按 " + year.meaning + " 年读取。");
  say(serial, "的", "按 Excel 的日期序号读作 " + serial.meaning + "。");
  say(moment, "的", "按北京时间读作 " + moment.meaning + "。");
  say(as_above, "没有写指标，按上一行的", "读取。");
  say(alike, "的", "按目标“" + alike.meaning + "”读取。");
  say(programme, "的", "读作 " + programme.meaning + "。");
  say(spoken, "的", "按口语的数读作 " + spoken.meaning + "。");
  say(bracketed, "的", "在括号里，按负数读取。");
  say(projected, "的", "是预计数：照收、照评判，标明预计，不作为最终数，也不据此认定完成。");
  say(office, "的单位", "是部门，不是计量单位；没有单位的数值按目标库的单位读取。");
  say(rate, "的目标是增长率或占比，按", "列读取。");
  say(beside, "的", "是" + beside.meaning + "，同一指标另有累计数，这样的行没有读取。");
  say(remarks, "", "是标题、说明或合计，没有读取。");
  return notes;
}

}  // namespace districtd
