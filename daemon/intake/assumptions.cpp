#include "daemon/intake/assumptions.h"

#include "base/utf8.h"

namespace districtd {

namespace {

// How a kind of assumption is told: 第 N 行 `between` “text” `before` meaning `behind`.
struct Wording {
  Assumed Assumptions::*kind;
  const char* between;
  const char* before;
  const char* behind;
};

constexpr Wording kWordings[] = {
    {&Assumptions::year, "的日期", "没有写年份，按 ", " 年读取。"},
    {&Assumptions::serial, "的", "按 Excel 的日期序号读作 ", "。"},
    {&Assumptions::moment, "的", "按北京时间读作 ", "。"},
    {&Assumptions::as_above, "没有写指标，按上一行的", "", "读取。"},
    {&Assumptions::alike, "的", "按目标“", "”读取。"},
    {&Assumptions::programme, "的", "读作 ", "。"},
    {&Assumptions::handed_over, "的", "", "。"},
    {&Assumptions::spoken, "的", "按口语的数读作 ", "。"},
    {&Assumptions::bracketed, "的", "在括号里，按负数读取。", ""},
    {&Assumptions::words_alone, "的",
     "只有文字（进展情况等），没有数值：文字已收下，不算报送数据，这一期的数仍要报。", ""},
    {&Assumptions::note_alone, "没有数值，备注",
     "没有保存；要说明的请写在进展情况、存在问题、下一步打算里。", ""},
    {&Assumptions::words_of_latest, "的文字（进展情况等）按这一行最后的日期", "保存。", ""},
    {&Assumptions::no_report, "的", "填的是空白、否或 0：收下，不算报送，这一期仍要报。", ""},
    {&Assumptions::projected, "的",
     "是预计数：照收、照评判，标明预计，不作为最终数，也不据此认定完成。", ""},
    {&Assumptions::office, "的单位", "是部门，不是计量单位；没有单位的数值按目标库的单位读取。",
     ""},
    {&Assumptions::rate, "的目标是增长率或占比，按", "列读取。", ""},
    {&Assumptions::beside, "的", "是", "，同一指标另有累计数，这样的行没有读取。"},
    {&Assumptions::remarks, "", "是标题、说明或合计，没有读取。", ""},
};

std::string sentence(const Wording& wording, std::int64_t row, const std::string& others,
                     const std::string& text, const std::string& meaning) {
  return "第 " + std::to_string(row) + " 行" + others + wording.between + "“" + text + "”" +
         wording.before + meaning + wording.behind;
}

}  // namespace

void Assumed::add(std::int64_t at, std::string_view written, std::string_view read) {
  constexpr std::size_t kMostCases = 10'000;
  if (keeps_each && cases.size() < kMostCases) {
    cases.push_back({at, std::string(utf8::cut(written, 60)), std::string(read)});
  }
  if (count++ > 0) return;
  row = at;
  text = utf8::cut(written, 60);
  meaning = read;
}

std::vector<std::string> Assumptions::sentences() const {
  std::vector<std::string> notes;
  for (const Wording& wording : kWordings) {
    const Assumed& one = this->*wording.kind;
    if (one.count == 0) continue;
    const std::string others = one.count > 1 ? "等 " + std::to_string(one.count) + " 处" : "";
    notes.push_back(sentence(wording, one.row, others, one.text, one.meaning));
  }
  return notes;
}

void Assumptions::keep_each() {
  for (const Wording& wording : kWordings) (this->*wording.kind).keeps_each = true;
}

std::vector<std::pair<std::int64_t, std::string>> Assumptions::sentences_by_row() const {
  std::vector<std::pair<std::int64_t, std::string>> notes;
  for (const Wording& wording : kWordings) {
    for (const Assumed::Case& one : (this->*wording.kind).cases) {
      notes.emplace_back(one.row, sentence(wording, one.row, "", one.text, one.meaning));
    }
  }
  return notes;
}

}  // namespace districtd
