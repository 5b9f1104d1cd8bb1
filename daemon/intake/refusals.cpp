#include "daemon/intake/refusals.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/utf8.h"

namespace districtd {

namespace {

constexpr std::size_t kMostValueBytes = 200;
constexpr std::string_view kUnclear = "〔单元格";  // no text of a table begins so

constexpr std::array kTexts = {
    RefusalText{Refusal::empty_submission, "empty_submission",
                "文件是空的；第一行应是表头，例如：指标,截至日期,数值,备注。"},
    RefusalText{Refusal::binary, "binary",
                "{0}，不是 CSV、JSON 或 xlsx；请另存为 CSV UTF-8 或 xlsx 后重新报送。"},
    RefusalText{Refusal::other_workbook, "other_workbook",
                "{0}，不能读取；请用 Excel 或 WPS 打开，点“文件”“另存为”，类型选“Excel 工作簿"
                "(*.xlsx)”，再报送存出的文件。"},
    RefusalText{
        Refusal::bad_encoding, "bad_encoding",
        "{0}起不是有效的 {1} 文字，文件可能已损坏；请另存为 CSV UTF-8 或 xlsx 后重新报送。"},
    RefusalText{Refusal::html_page, "html_page",
                "收到的是网页（HTML），不是 CSV、JSON 或 xlsx；请检查地址或文件是否正确。"},
    RefusalText{Refusal::damaged_workbook, "damaged_workbook",
                "工作簿无法读取（{0}）；请用 Excel 或 WPS 打开检查，另存为 xlsx 后重新报送。"},
    RefusalText{Refusal::encrypted_workbook, "encrypted_workbook",
                "工作簿加了密码，无法读取；请去掉密码后重新报送。"},
    RefusalText{Refusal::macro_workbook, "macro_workbook",
                "工作簿带有宏（{0}），不能接收；请另存为不带宏的 xlsx 后重新报送。"},
    RefusalText{Refusal::workbook_too_large, "workbook_too_large",
                "工作簿展开后有 {0}，多于允许的 {1}；请只保留要报送的工作表，或改为 CSV 报送。"},
    RefusalText{Refusal::no_such_sheet, "no_such_sheet",
                "工作簿中没有名为“{0}”的工作表，只有：{1}；请改名，或与督查室联系。"},
    RefusalText{Refusal::sheets_differ, "sheets_differ",
                "工作表{0}都有表，但{1}，不能判断以哪一张为准；请只留下要报送的工作表，或把各表"
                "的列名改成一样。"},
    RefusalText{Refusal::only_example_sheets, "only_example_sheets",
                "只有工作表{0}有表，而它写明是示例或说明，没有读取；如果填的是要报送的数据，请改"
                "掉工作表名称和标题里的“示例”“样表”“填写说明”等字样后重新报送。"},
    RefusalText{Refusal::bad_json, "bad_json",
                "{0}；应为 {\"observations\":[{\"target\":…,\"as_of\":…,\"value\":…}]}。"},
    RefusalText{Refusal::unknown_department, "unknown_department",
                "目标库中没有部门“{0}”；请与督查室联系。"},
    RefusalText{Refusal::no_rows, "no_rows", "没有数据；{0}至少应有一行。"},
    RefusalText{Refusal::missing_column, "missing_column",
                "表头缺少“{0}”列（英文为 {1}），读到的表头是“{2}”；{3}{4}。"},
    RefusalText{Refusal::duplicate_column, "duplicate_column",
                "表头中“{0}”和“{1}”是同一列，无法判断以哪一列为准；应只保留一列。"},
    RefusalText{Refusal::unterminated_quote, "unterminated_quote",
                "这一行有一个双引号没有配对，从它开始直到文件末尾都无法分行；应补上缺少的双引号。"},
    RefusalText{
        Refusal::stray_quote, "stray_quote",
        "“{0}”的双引号之后还有文字；带双引号的内容应整个放在双引号里，其中的双引号写两次。"},
    RefusalText{Refusal::too_few_columns, "too_few_columns",
                "这一行只有 {0} 列，缺少“{1}”；表头有 {2} 列。"},
    RefusalText{
        Refusal::too_many_columns, "too_many_columns",
        "这一行有 {0} 列，多于{1} {2} 列；带逗号的内容（如 \"3,200万元\"）应放在双引号里。"},
    RefusalText{Refusal::row_too_long, "row_too_long",
                "{0}有 {1} 字节，多于允许的 {2} 字节；应检查{3}。"},
    RefusalText{Refusal::merged_value, "merged_value",
                "“{0}”所在的单元格与{1}合并成一格，不能判断是哪一个的数；请取消合并，各填各的数。"},
    RefusalText{Refusal::wrong_type, "wrong_type", "“{0}”的类型不对；应为{1}。"},
    RefusalText{Refusal::duplicate_key, "duplicate_key", "这一条中“{0}”出现了两次；应只保留一个。"},
    RefusalText{Refusal::unknown_key, "unknown_key",
                "“{0}”不是认得的键；一条只有 "
                "target、as_of、value、note、unit、programme、basis、narrative、explanation（或"
                "指标、截至日期、数值、备注、单位、年度、数据性质、进展情况、存在问题、下一步打算、"
                "核实说明）"
                "，请删去，或改用其中一个。"},
    RefusalText{Refusal::formula_without_result, "formula_without_result",
                "“{0}”是公式，文件里没有保存它的结果；请用 Excel 或 WPS "
                "打开并保存后重新报送，或直接填写结果。"},
    RefusalText{Refusal::formula_error, "formula_error",
                "“{0}”是公式出错的结果；请用 Excel 或 WPS "
                "打开，改正公式并保存后重新报送，或直接填写结果。"},
    RefusalText{Refusal::cell_not_as_shown, "cell_not_as_shown",
                "“{0}”：单元格里看到的和存着的不一样，不能判断以哪个为准；请把单元格格式改为"
                "“常规”、去掉删除线，核对后重新报送。"},
    RefusalText{Refusal::missing_target, "missing_target",
                "没有填写指标；应填目标编号或与目标库一致的名称。"},
    RefusalText{Refusal::unknown_target, "unknown_target",
                "目标库中没有“{0}”{1}；应填目标编号或与目标库一致的名称。"},
    RefusalText{Refusal::other_department, "other_department", "“{0}”是{1}的目标，{2}不能填报。"},
    RefusalText{Refusal::sum_of_parts, "sum_of_parts",
                "目标“{0}”的数由各分项相加得出，不能直接填报；请删去这一行，改报分项：{1}。"},
    RefusalText{Refusal::missing_date, "missing_date",
                "没有填写截至日期；应写成 2026-06-30 这样的形式。"},
    RefusalText{Refusal::bad_date, "bad_date",
                "“{0}”不是有效的日期；应写成 2026-06-30 这样的形式。"},
    RefusalText{
        Refusal::missing_year, "missing_year",
        "“{0}”没有写年份，而目标“{1}”跨几个年度，不能判断是哪一年；应写成 2026年6月 这样。"},
    RefusalText{Refusal::future_date, "future_date",
                "截至日期 {0} 在今天（{1}）之后；应为今天或以前的日期。"},
    RefusalText{Refusal::before_start, "before_start",
                "截至日期 {0} 早于目标“{1}”的开始日期；应为 {2} 或以后的日期。"},
    RefusalText{Refusal::after_the_period, "after_the_period",
                "截至 {0} 的数不能收为目标“{1}”的数：{2}；{3}。"},
    RefusalText{
        Refusal::several_programmes, "several_programmes",
        "截至日期 {1} 在目标“{0}”的几个年度里都有：{2}，不能判断是哪一个；请加“年度”列写明，"
        "例如 {3}。"},
    RefusalText{
        Refusal::namesake, "which_programme",
        "“{1}”可能是目标“{0}”两个年度中任何一个的数：{2}；{3} 年度的还没有完成，最近的数是 {4}；"
        "请加“年度”列写明是 {3} 还是 {5}。"},
    RefusalText{Refusal::unknown_programme, "unknown_programme",
                "目标“{1}”没有“{0}”年度，只有：{2}；应填其中之一，或不填年度。"},
    RefusalText{
        Refusal::withdrawn, "withdrawn",
        "目标“{1}”已自 {2} 起撤销，截至日期 {0} 的数据不再需要；请删去这一行，如有疑问请联系"
        "督查室。"},
    RefusalText{Refusal::missing_value, "missing_value", "没有填写数值；应为{0}。"},
    RefusalText{
        Refusal::not_the_total, "not_the_total",
        "“{0}”写明的是{1}，不是目标“{2}”截至当日的累计数；请报累计完成的数，列名写“累计完成”{3}。"},
    RefusalText{
        Refusal::rate_in_doubt, "rate_in_doubt",
        "目标“{0}”是增长率或占比，表中总量列和增长率列的数不能判断是哪一个；请只在增长率（占比）"
        "列填写，并只留一列这样的列。"},
    RefusalText{
        Refusal::months_in_doubt, "months_in_doubt",
        "目标“{0}"
        "”是累计的，这一行各月的数却有后月小于前月的，可能是单月的数，不能判断；请报累计数，"
        "列名写“1-5月”“1-6月”这样。"},
    RefusalText{Refusal::not_a_number, "not_a_number", "“{0}”不是数字；应为{1}。"},
    RefusalText{Refusal::negative_in_doubt, "negative_in_doubt",
                "“{0}”可以是负数，也可以不是，不能判断；负数请写 -{1}，正数请只写数字。"},
    RefusalText{Refusal::approximate, "approximate", "“{0}”不是确数；应填确切的数，{1}。"},
    RefusalText{Refusal::ambiguous_percentage, "ambiguous_percentage",
                "“{0}”可以是 {1}，也可以是 {2}，不能判断；应带上百分号填写。"},
    RefusalText{Refusal::incompatible_unit, "incompatible_unit",
                "单位“{0}”与目标“{1}”的单位不能换算；应为{2}。"},
    RefusalText{
        Refusal::unit_in_doubt, "unit_in_doubt",
        "表中写的单位“{0}”不能判断是哪一个，“{1}”没有写单位；请在数值后写上单位，应为{2}。"},
    RefusalText{Refusal::out_of_range, "out_of_range", "“{0}”超出范围；应为{1}。"},
    RefusalText{Refusal::conflicting_columns, "conflicting_columns",
                "“{0}”列和同一行的另一列都是截至 {1} "
                "的数，却不相同（“{2}”）；应只填一列，或两列填相同的数。"},
    RefusalText{Refusal::several_rows, "several_rows",
                "同一指标同一日期有几行、数不相同：“{0}”截至 {1} "
                "还见{2}；请只保留截至当日的累计数那一行。"},
    RefusalText{Refusal::conflicting_sheets, "conflicting_sheets",
                "工作表“{0}”第 {1} 行也是这个指标截至 {2} 的数，却不相同，不能判断以哪个为准；应只"
                "在一张工作表里填，或填相同的数。"},
    RefusalText{Refusal::unknown_basis, "unknown_basis",
                "“{0}”不是认得的数据性质；应填{1}，或不填（即实际数）。"},
    RefusalText{Refusal::words_too_long, "narrative_too_long",
                "“{0}”有 {1} 字节；应不超过 {2} 字节（约 4000 个汉字），全文可作附件另送。"},
    RefusalText{Refusal::words_without_day, "narrative_without_day",
                "这一行的“{0}”不能判断是哪个指标、截至哪一天的；一行有几列数的，请至少填一列数，"
                "或改成一行一个指标、写明截至日期。"},
    RefusalText{Refusal::note_too_long, "note_too_long",
                "备注或核实说明有 {0} 字节；应不超过 {1} 字节。"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kTexts.size(); ++i) {
    if (static_cast<std::size_t>(kTexts[i].refusal) != i) return false;
  }
  return true;
}
static_assert(in_order());
static_assert(kTexts.size() == static_cast<std::size_t>(Refusal::note_too_long) + 1);

// For people: a cut part ends in an ellipsis.
void append_part(std::string& message, std::string_view part) {
  const std::string_view shown = utf8::cut(part, kMostValueBytes);
  message += shown;
  if (shown.size() < part.size()) message += "…";
}

}  // namespace

std::span<const RefusalText> refusal_texts() { return kTexts; }

RowError explain(Refusal refusal, std::int64_t row, std::string_view column, std::string_view value,
                 std::initializer_list<std::string_view> parts) {
  const RefusalText& text = kTexts[static_cast<std::size_t>(refusal)];
  std::string message;
  for (std::size_t i = 0; i < text.sentence.size(); ++i) {
    const std::string_view rest = text.sentence.substr(i);
    const bool is_part = rest.size() >= 3 && rest[0] == '{' && rest[1] >= '0' && rest[1] <= '9';
    if (!is_part) {
      message += rest[0];
      continue;
    }
    const auto which = static_cast<std::size_t>(rest[1] - '0');
    if (which < parts.size()) append_part(message, parts.begin()[which]);
    i += 2;
  }
  return {row, std::string(column), std::string(utf8::cut(value, kMostValueBytes)),
          std::string(text.code), std::move(message)};
}

std::string unclear_cell(std::string_view why, std::string_view held) {
  std::string cell(kUnclear);
  cell += why;
  cell += "〕";
  cell += held;
  return cell;
}

std::optional<Refusal> cell_fault(std::string_view cell) {
  if (cell.starts_with(kUnclear) && cell.find("〕") != cell.npos) {
    return Refusal::cell_not_as_shown;
  }
  return formula_fault(cell);
}

std::optional<Refusal> formula_fault(std::string_view cell) {
  constexpr std::array<std::string_view, 13> kErrors = {
      "#N/A",    "#REF!",  "#DIV/0!", "#VALUE!", "#NAME?",    "#NUM!",    "#NULL!",
      "#SPILL!", "#CALC!", "#FIELD!", "#BUSY!",  "#CONNECT!", "#BLOCKED!"};
  if (cell.starts_with('=') && cell.size() > 1) return Refusal::formula_without_result;
  if (std::find(kErrors.begin(), kErrors.end(), cell) != kErrors.end()) {
    return Refusal::formula_error;
  }
  return std::nullopt;
}

}  // namespace districtd
