#include "daemon/intake/zip_directory.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/intake/stored_zip.h"

namespace districtd {
namespace {

std::optional<std::string> content_of(const std::string& archive) {
  const auto directory = read_zip_directory(archive);
  if (!directory || directory->entries.empty()) return std::nullopt;
  return unpack(archive, directory->entries.front());
}

// APPNOTE.TXT 4.3.
TEST(ZipDirectoryTest, EntriesAreListedAndUnpacked) {
  const std::string archive = stored_zip({{"a.xml", "一"}, {"b/c.xml", ""}});
  const auto directory = read_zip_directory(archive);
  ASSERT_TRUE(directory);
  ASSERT_EQ(directory->entries.size(), 2U);
  EXPECT_EQ(directory->entries[1].name, "b/c.xml");
  EXPECT_EQ(directory->unpacked, 3U);
  EXPECT_FALSE(directory->is_encrypted);
  EXPECT_EQ(unpack(archive, directory->entries[0]), "一");
  EXPECT_EQ(unpack(archive, directory->entries[1]), "");
}

// A digit that was turned over on the way is another number: the checksum knows.
TEST(ZipDirectoryTest, WhatItsChecksumIsNotOfIsDamaged) {
  std::string archive = stored_zip({{"a.xml", "<v>12.6</v>"}});
  EXPECT_EQ(content_of(archive), "<v>12.6</v>");
  archive[archive.find("12.6")] = '9';
  EXPECT_EQ(content_of(archive), std::nullopt);
}

TEST(ZipDirectoryTest, AnArchiveThatIsCutOffAnywhereIsNone) {
  const std::string whole = stored_zip({{"a.xml", "<a/>"}, {"b.xml", "<b/>"}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(read_zip_directory(std::string_view(whole).substr(0, size))) << size;
  }
}

TEST(ZipDirectoryTest, AnEntryThatLiesOutsideIsDamaged) {
  const std::string archive = stored_zip({{"a.xml", "<a/>"}});
  auto directory = read_zip_directory(archive);
  ASSERT_TRUE(directory);
  for (const std::uint64_t offset :
       {std::uint64_t{1}, std::uint64_t{40}, std::uint64_t{0xFFFFFFFF}}) {
    ZipEntry entry = directory->entries[0];
    entry.offset = offset;
    EXPECT_FALSE(unpack(archive, entry)) << offset;
  }
  ZipEntry larger = directory->entries[0];
  larger.packed = larger.unpacked = 1000;
  EXPECT_FALSE(unpack(archive, larger));
}

}  // namespace
}  // namespace districtd
