#include "daemon/intake/workbook.h"

#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

#include "daemon/intake/refusals.h"
#include "tests/unit/intake/stored_zip.h"

namespace districtd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The cells of the first row of the only sheet, or the code of the refusal.
std::vector<std::string> first_row(const std::string& workbook) {
  const auto sheets = read_workbook(workbook);
  if (!sheets) return {sheets.error().code};
  return sheets->front().rows.empty() ? std::vector<std::string>() : sheets->front().rows.front();
}

std::vector<std::string> notes(const std::string& workbook) {
  const auto sheets = read_workbook(workbook);
  return sheets ? sheets->front().notes : std::vector<std::string>{sheets.error().code};
}

std::string inline_cell(std::string_view runs) {
  return "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is>" + std::string(runs) + "</is></c></row>";
}

std::string raised(std::string_view text) {
  return "<r><rPr><vertAlign val=\"superscript\"/></rPr><t>" + std::string(text) + "</t></r>";
}

// ECMA-376 part 1, 22.9.2.19.
TEST(WorkbookTest, EscapedCharactersAreThemselves) {
  EXPECT_THAT(first_row(workbook_of(inline_cell("<t>a_x000D_b_x0041__x005F_x000D_</t>"))),
              ElementsAre("a\rbA_x000D_"));
  EXPECT_THAT(first_row(workbook_of(inline_cell("<t>_xD83D__xDE00_ _x12_ _xZZZZ_ _x</t>"))),
              ElementsAre("😀 _x12_ _xZZZZ_ _x"));
}

TEST(WorkbookTest, RaisedAndStruckRunsAreNoPartOfTheText) {
  const std::string figure = workbook_of(inline_cell("<r><t>12.6</t></r>" + raised("1")));
  EXPECT_THAT(first_row(figure), ElementsAre("12.6"));
  EXPECT_THAT(notes(figure), ElementsAre(HasSubstr("“1”")));
  EXPECT_THAT(
      first_row(workbook_of(inline_cell("<r><rPr><strike/></rPr><t>9</t></r><r><t>12.6</t></r>"))),
      ElementsAre("12.6"));
  EXPECT_THAT(first_row(workbook_of(
                  inline_cell("<r><rPr><strike val=\"0\"/></rPr><t>9</t></r><r><t>12.6</t></r>"))),
              ElementsAre("912.6"));
}

TEST(WorkbookTest, APowerOfTenAndAnIndexAreNoPlainDigits) {
  EXPECT_THAT(first_row(workbook_of(inline_cell("<r><t>10</t></r>" + raised("3")))),
              ElementsAre("10³"));
  EXPECT_THAT(first_row(workbook_of(inline_cell("<r><t>1.2×10</t></r>" + raised("-3")))),
              ElementsAre("1.2×10⁻³"));
  EXPECT_THAT(first_row(workbook_of(inline_cell("<r><t>210</t></r>" + raised("3")))),
              ElementsAre("210"));
  EXPECT_THAT(first_row(workbook_of(inline_cell("<r><t>km</t></r>" + raised("2")))),
              ElementsAre("km2"));
  EXPECT_THAT(first_row(workbook_of(inline_cell("<r><t>300 m</t></r>" + raised("2")))),
              ElementsAre("300 ㎡"));
  EXPECT_THAT(first_row(workbook_of(inline_cell(
                  "<r><t>12.6</t></r><r><rPr><vertAlign val=\"subscript\"/></rPr><t>1</t></r>"))),
              ElementsAre("12.6₁"));
  EXPECT_THAT(first_row(workbook_of(inline_cell(
                  "<r><t>PM</t></r><r><rPr><vertAlign val=\"subscript\"/></rPr><t>2.5</t></r>"))),
              ElementsAre("PM2.5"));
}

TEST(WorkbookTest, AReadingAidAboveATextIsNoPartOfIt) {
  EXPECT_THAT(
      first_row(workbook_of(inline_cell("<t>文旅</t><rPh sb=\"0\" eb=\"1\"><t>x</t></rPh>"))),
      ElementsAre("文旅"));
}

TEST(WorkbookTest, ANumberThatIsNoneIsNotReadUpToItsFault) {
  const auto cells = first_row(workbook_of("<row r=\"1\"><c r=\"A1\"><v>12abc</v></c></row>"));
  ASSERT_EQ(cells.size(), 1U);
  EXPECT_EQ(cell_fault(cells[0]), Refusal::cell_not_as_shown);
  EXPECT_THAT(first_row(workbook_of("<row><c><v> 12.6 </v></c><c t=\"b\"><v>1</v></c></row>")),
              ElementsAre("12.6", "TRUE"));
}

TEST(WorkbookTest, WhatRefersToNothingIsDamaged) {
  EXPECT_THAT(first_row(workbook_of("<row><c t=\"s\"><v>0</v></c></row>")),
              ElementsAre("damaged_workbook"));
  EXPECT_THAT(first_row(workbook_of("", {{"xl/workbook.xml",
                                          "<workbook><sheets><sheet name=\"a\" "
                                          "r:id=\"x\"/></sheets></workbook>"}})),
              ElementsAre("damaged_workbook"));
}

TEST(WorkbookTest, PartsAreTheSameWhateverTheirCaseAndSlashes) {
  EXPECT_THAT(first_row(workbook_of("<row><c><v>1</v></c></row>",
                                    {{"XL\\Worksheets\\SHEET1.xml", "<worksheet/>"}})),
              ElementsAre("damaged_workbook"));
}

// ECMA-376 part 2, 7.2.2.
TEST(WorkbookTest, DocumentTypesAndBrokenPartsAreRefused) {
  for (const char* part :
       {"<!DOCTYPE a><worksheet/>", "<worksheet>", "<worksheet/>x", "",
        "<worksheet>\x01</worksheet>", "<?xml version=\"1.0\" encoding=\"gbk\"?><worksheet/>",
        "<worksheet>\xFF</worksheet>"}) {
    EXPECT_THAT(first_row(workbook_of("", {{"xl/worksheets/sheet1.xml", part}})),
                ElementsAre("damaged_workbook"))
        << part;
  }
}

// Expat reads a token anew with every piece of it.
TEST(WorkbookTest, ATagBeyondAnyMeasureIsRefusedAndTakesNoTime) {
  const std::string endless = "<worksheet a=\"" + std::string(100U << 20U, 'x') + "\"/>";
  EXPECT_THAT(first_row(workbook_of("", {{"xl/worksheets/sheet1.xml", endless}})),
              ElementsAre("damaged_workbook"));
}

TEST(WorkbookTest, HiddenRowsAndColumnsAreBlankAndNoted) {
  const std::string workbook =
      workbook_of("", {{"xl/worksheets/sheet1.xml",
                        "<worksheet><cols><col min=\"2\" max=\"3\" hidden=\"1\"/></cols><sheetData>"
                        "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"C1\"><v>2</v></c></row>"
                        "<row r=\"2\" hidden=\"1\"><c r=\"A2\"><v>3</v></c></row>"
                        "<row r=\"3\" hidden=\"true\"/></sheetData></worksheet>"}});
  const auto sheets = read_workbook(workbook);
  ASSERT_TRUE(sheets);
  EXPECT_THAT(sheets->front().rows, ElementsAre(ElementsAre("1", "", ""), IsEmpty()));
  EXPECT_THAT(sheets->front().notes,
              ElementsAre(HasSubstr("隐藏的第 2 行没有读取"), HasSubstr("隐藏的 C 列没有读取")));
}

// A merged cell is seen as long as one of its rows is.
TEST(WorkbookTest, AMergedCellThatBeginsInAHiddenRowStandsInTheFirstThatIsSeen) {
  const std::string workbook = workbook_of(
      "", {{"xl/worksheets/sheet1.xml",
            "<worksheet><sheetData><row r=\"1\" hidden=\"1\"><c r=\"A1\"><v>1</v></c></row>"
            "<row r=\"2\"><c r=\"B2\"><v>2</v></c></row></sheetData>"
            "<mergeCells><mergeCell ref=\"A1:A3\"/></mergeCells></worksheet>"}});
  const auto sheets = read_workbook(workbook);
  ASSERT_TRUE(sheets);
  EXPECT_THAT(sheets->front().rows, ElementsAre(ElementsAre(""), ElementsAre("1", "2")));
}

TEST(WorkbookTest, AHiddenSheetHasNoCells) {
  for (const char* state : {"hidden", "veryHidden"}) {
    const auto sheets = read_workbook(workbook_of(
        "<row><c><v>1</v></c></row>",
        {{"xl/workbook.xml", "<workbook><sheets><sheet name=\"a\" state=\"" + std::string(state) +
                                 "\" r:id=\"s\"/></sheets></workbook>"}}));
    ASSERT_TRUE(sheets);
    EXPECT_TRUE(sheets->front().is_hidden);
    EXPECT_THAT(sheets->front().rows, IsEmpty());
  }
}

TEST(WorkbookTest, WhatOtherProgramsPackIsNamed) {
  for (const auto& [part, what] : std::vector<std::pair<std::string, std::string>>{
           {"xl/workbook.bin", "xlsb"}, {"content.xml", "ods"}, {"word/document.xml", "docx"}}) {
    const auto sheets = read_workbook(stored_zip({{part, "x"}}));
    ASSERT_FALSE(sheets);
    EXPECT_EQ(sheets.error().code, "other_workbook");
    EXPECT_THAT(sheets.error().message, HasSubstr(what));
    EXPECT_THAT(sheets.error().message, HasSubstr("另存为"));
  }
  const auto packed = read_workbook(stored_zip({{"6月.xlsx", "x"}}));
  ASSERT_FALSE(packed);
  EXPECT_THAT(packed.error().message, HasSubstr("解压"));
}

}  // namespace
}  // namespace districtd
