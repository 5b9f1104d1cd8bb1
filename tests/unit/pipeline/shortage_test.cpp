// Where memory is short, nobody is told that what he sent is bad, and nothing is kept of it.
//
// Every allocation of C++ goes through the operators below. Armed, the one with a number fails, or
// every one from a size on.
#include <iconv.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <zlib.h>
#include <xlsxwriter.h>

#include "base/gzip.h"
#include "collectors/pull/json_mapping.h"
#include "daemon/pipeline/decode_submission.h"
#include "tests/unit/fixture/catalogue_text.h"
#include "tests/unit/fixture/temporary_folder.h"
#include "tests/unit/pipeline/living.h"

namespace {

thread_local std::size_t allocations_left = 0;  // until one fails; 0: none does
thread_local std::size_t allocations_made = 0;
std::atomic<std::size_t> largest = 0;  // that succeeds, on any thread; 0: all do

void* allocate(std::size_t size) {
  ++allocations_made;
  if (allocations_left > 0 && --allocations_left == 0) throw std::bad_alloc();
  const std::size_t most = largest.load();
  if (most > 0 && size > most) throw std::bad_alloc();
  void* const memory = std::malloc(size > 0 ? size : 1);  // NOLINT(cppcoreguidelines-no-malloc)
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

// Not inlined: GCC would take the malloc of one and the free of the other for a mismatch where it
// inlines one of them alone.
[[gnu::noinline]] void* operator new(std::size_t size) { return allocate(size); }
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }  // NOLINT
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);  // NOLINT
}

namespace districtd {
namespace {

using testing::HasSubstr;
using testing::Not;

LoadedCatalogue one_target() {
  return parsed_catalogue(catalogue_head() + target_text("culture-tourism.investment", "文旅投资",
                                                         "cumulative",
                                                         "goal = 30\nunit = \"亿元\"\n"));
}

std::string gb18030(std::string text) {
  const iconv_t converter = iconv_open("GB18030", "UTF-8");
  std::string bytes(2 * text.size(), '\0');
  char* in = text.data();
  char* out = bytes.data();
  std::size_t in_left = text.size();
  std::size_t out_left = bytes.size();
  EXPECT_EQ(iconv(converter, &in, &in_left, &out, &out_left), 0U);
  iconv_close(converter);
  bytes.resize(bytes.size() - out_left);
  return bytes;
}

std::string workbook() {
  const TemporaryFolder folder;
  const auto file = folder.path() / "figures.xlsx";
  lxw_workbook* const book = workbook_new(file.c_str());
  lxw_worksheet* const sheet = workbook_add_worksheet(book, nullptr);
  lxw_row_t row = 0;
  for (const auto& cells : {std::array{"指标", "截至日期", "数值", "备注"},
                            std::array{"文旅投资", "2026-06-30", "12.6亿元", "含文化中心"},
                            std::array{"文旅投资", "2026-05-31", "约九", ""}}) {
    lxw_col_t column = 0;
    for (const char* cell : cells) worksheet_write_string(sheet, row, column++, cell, nullptr);
    ++row;
  }
  EXPECT_EQ(workbook_close(book), LXW_NO_ERROR);
  std::ifstream written(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(written), {}};
}

std::string gzipped(const std::string& content) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, content.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));  // NOLINT
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  return packed;
}

// Runs `work` with its first allocation failing, then with its second, and so on; `work` has run
// whole once it made fewer. What it returns must be nullopt or what it returns with all memory.
template <typename Work>
void try_each_allocation(Work work) {
  allocations_made = 0;
  const auto whole = work();
  const std::size_t count = allocations_made;
  ASSERT_TRUE(whole.has_value());
  ASSERT_GT(count, 0U);
  std::size_t refused = 0;
  for (std::size_t fails = 1; fails <= count; ++fails) {
    allocations_left = fails;
    const auto result = work();
    allocations_left = 0;
    if (result) {
      EXPECT_EQ(*result, *whole) << "without allocation " << fails << " of " << count;
    } else {
      ++refused;
    }
  }
  EXPECT_GT(refused, 0U);
}

// Of a store without figures.
class NoFigures : public KnownFigures {
 public:
  std::span<const Reading> of(Catalogue::Index) const override { return {}; }
};

// Outcome, counts and codes, as one text. It is made with all memory.
std::optional<std::string> verdict(const Submission& submission, const Catalogue& catalogue) {
  const auto decoded =
      decode_submission(submission, catalogue, IntakeDay{}, kNoMapping, NoFigures());
  allocations_left = 0;
  if (!decoded) return std::nullopt;
  std::string text{to_string(decoded->outcome)};
  text += " " + std::to_string(decoded->observations.size());
  for (const RowError& error : decoded->receipt.errors) text += " " + error.code;
  return text;
}

TEST(ShortageTest, NoFailedAllocationMakesAnotherVerdictOfAnyFormat) {
  log_errors_only();
  const LoadedCatalogue loaded = one_target();
  const std::string rows =
      "指标,截至日期,数值\n文旅投资,2026-06-30,12.6亿元\n文旅投资,2026-05-31,约九\n";
  const std::vector<Submission> submissions = {
      {"culture-tourism", "http_push", "text/csv", "plain",
       "target,as_of,value,note\nculture-tourism.investment,2026-06-30,12.6,of a longer note\n"
       "culture-tourism.investment,2026-05-31,about nine,\n"},
      {"culture-tourism", "http_push", "text/csv", "Chinese", rows},
      {"culture-tourism", "http_push", "text/csv", "GB18030", gb18030(rows)},
      {"culture-tourism", "http_push", "application/json", "JSON",
       R"({"observations":[{"target":"文旅投资","as_of":"2026-06-30","value":"12.6亿元"},)"
       R"({"target":"文旅投资","as_of":"2026-05-31","value":"约九"}]})"},
      {"culture-tourism", "http_push", "", "workbook", workbook()}};
  for (const Submission& submission : submissions) {
    SCOPED_TRACE(submission.name);
    try_each_allocation([&] { return verdict(submission, loaded.catalogue); });
  }
}

TEST(ShortageTest, NoFailedAllocationMakesADamagedGzip) {
  std::string content;
  for (int i = 0; i < 200'000; ++i) content += std::to_string(i);
  const std::string packed = gzipped(content);
  try_each_allocation([&]() -> std::optional<std::string> {
    Unpacked unpacked = gunzip(packed, 16U << 20U);
    allocations_left = 0;
    if (unpacked.fault == Unpacked::Fault::no_memory) return std::nullopt;
    EXPECT_EQ(unpacked.fault, Unpacked::Fault::none);
    return std::move(unpacked.body);
  });
}

TEST(ShortageTest, NoFailedAllocationMakesAPortalsJsonUnreadable) {
  const JsonMapping mapping{"/rows", "/t", "/d", "/v", ""};
  const std::string page = R"({"rows":[{"t":"文旅投资与文化中心","d":"2026-06-30","v":12.60}]})";
  try_each_allocation([&]() -> std::optional<std::string> {
    try {
      auto mapped = mapped_json(page, mapping);
      EXPECT_TRUE(mapped.has_value());
      return mapped;
    } catch (const std::bad_alloc&) {
      return std::nullopt;  // PullLoop knows that
    }
  });
}

// On the way through the whole daemon: 503, nothing recorded, and the same key may be used again.
TEST(ShortageTest, WhatCouldNotBeReadIsUnavailableAndLeavesNothing) {
  log_errors_only();
  const TemporaryFolder folder;
  Living living(
      folder.path() / "districtd.db",
      [] { return Time{std::chrono::sys_days{std::chrono::year{2026} / 7 / 8}}; }, one_target());
  Submission large{"culture-tourism",
                   "http_push",
                   "text/csv",
                   "10.0.0.7",
                   gb18030("指标,截至日期,数值\n文旅投资,2026-06-30,12.6亿元\n"),
                   "key"};
  large.body.append(Pipeline::kInlineBytes, '\n');
  for (const std::size_t most : {large.body.size() * 5 / 4, std::size_t{0}}) {
    Submission sent = large;
    largest = most;
    const SubmissionResult result = living.submit(std::move(sent));
    largest = 0;
    if (most > 0) {
      EXPECT_EQ(result.outcome, Outcome::unavailable);
      EXPECT_THAT(result.reason, HasSubstr("内存不足"));
      EXPECT_THAT(living.metrics(), HasSubstr("districtd_store_submissions_total 0"));
    } else {
      EXPECT_EQ(result.outcome, Outcome::taken);
      EXPECT_FALSE(result.is_repeat);
    }
  }
  EXPECT_EQ(living.pipeline().in_flight(), 0U);
}

}  // namespace
}  // namespace districtd
