#include "daemon/config/configuration.h"

#include <gmock/gmock.h>

#include "base/digest.h"
#include "base/toml_values.h"
#include "collectors/csv_drop.h"
#include "collectors/http_pull.h"
#include "tests/unit/fixture/catalogue_text.h"
#include "tests/unit/fixture/files_test.h"

namespace districtd {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr std::string_view kNeeded = R"([district]
name = "金东"
[catalogue]
files = ["targets/c.toml"]
[store]
path = "d.db"
)";

class ConfigurationTest : public FilesTest {
 protected:
  ConfigurationTest() { write("targets/c.toml", small_catalogue()); }
  Result<Loaded, Findings> load(std::string_view more) {
    return load_configuration(write("districtd.toml", std::string{kNeeded} + std::string{more}));
  }
  Configuration good(std::string_view more) {
    auto loaded = load(more);
    if (!loaded) {
      ADD_FAILURE() << to_string(loaded.error().front());
      return {};
    }
    return std::move(loaded->configuration);
  }
  std::string finding(std::string_view more) {
    auto loaded = load(more);
    return loaded ? "no finding" : to_string(loaded.error().front());
  }
};

TEST_F(ConfigurationTest, PathsAreRelativeToTheFileThatNamesThem) {
  const Configuration c = good("");
  EXPECT_EQ(c.store_path, folder_ / "d.db");
  EXPECT_EQ(c.catalogue_files.at(0), folder_ / "targets/c.toml");
  EXPECT_EQ(c.http.listen, std::vector<std::string>{"127.0.0.1:9480"});
  EXPECT_EQ(c.http.max_body_bytes, 16U << 20);
  EXPECT_EQ(c.http.tls, std::nullopt);
}

TEST_F(ConfigurationTest, AbsolutePathStaysAsItIs) {
  const Configuration c = good("[[csv_drop]]\ndirectory = \"/in/box\"\n");
  EXPECT_EQ(entries_of<CsvDropConfig>(c.collectors).at(0)->inbox.directory, "/in/box");
}

TEST_F(ConfigurationTest, TheDayOnWhichTheClockIsRightIsADate) {
  EXPECT_EQ(good("").clock_correct_on, std::nullopt);
  EXPECT_EQ(good("[clock]\ncorrect_on = 2026-07-08\n").clock_correct_on, date_of(2026, 7, 8));
  EXPECT_THAT(finding("[clock]\ncorrect_on = \"today\"\n"), HasSubstr("correct_on"));
  EXPECT_THAT(finding("[clock]\n"), HasSubstr("correct_on"));
}

TEST_F(ConfigurationTest, WhatADaysRefusalsMayTakeIsASize) {
  EXPECT_EQ(good("").refusals_per_day, 8U << 20);
  EXPECT_EQ(good("refusals_per_day = \"1MiB\"\n").refusals_per_day, 1U << 20);
  EXPECT_THAT(finding("refusals_per_day = \"much\"\n"), HasSubstr("'much' is no size"));
}

TEST_F(ConfigurationTest, ReceiptsAreKeptForEverOrForAsLongAsIsSaid) {
  EXPECT_EQ(good("").keep_receipts, std::nullopt);
  EXPECT_EQ(good("keep_receipts = \"400d\"\n").keep_receipts, std::chrono::days(400));
  for (const char* bad : {"\"30d\"", "\"400\"", "\"for ever\"", "\"\"", "400"}) {
    EXPECT_THAT(finding("keep_receipts = " + std::string(bad) + "\n"), HasSubstr("keep_receipts"));
  }
}

TEST_F(ConfigurationTest, EverySectionIsRead) {
  const Configuration c = good(R"(
[http]
listen = ["[::1]:9999"]
max_body = "1MiB"
max_header = "8KiB"
request_timeout = "5s"
idle_timeout = "10s"
max_connections = 64
max_connections_per_client = 8
answer_timeout = "7s"
least_rate = "4KiB"
memory = "1GiB"
pushes_per_minute = 30
[http.tls]
listen = ["0.0.0.0:9443", "[::]:9443"]
certificate = "tls/fullchain.pem"
key = "/etc/districtd/key.pem"
[log]
level = "debug"
format = "text"
sink = "file"
path = "d.log"
[[token]]
department = "culture-tourism"
sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
[[http_pull]]
name = "portal"
department = "culture-tourism"
url = "http://127.0.0.1:8080/figures.csv"
every = "1h"
)");
  EXPECT_EQ(c.http.listen, std::vector<std::string>{"[::1]:9999"});
  EXPECT_EQ(c.http.max_body_bytes, 1U << 20);
  EXPECT_EQ(c.http.max_header_bytes, 8U << 10);
  EXPECT_EQ(c.http.request_timeout, 5s);
  EXPECT_EQ(c.http.idle_timeout, 10s);
  EXPECT_EQ(c.http.max_connections, 64U);
  EXPECT_EQ(c.http.max_connections_per_client, 8U);
  EXPECT_EQ(c.http.answer_timeout, 7s);
  EXPECT_EQ(c.http.least_bytes_per_second, 4096U);
  EXPECT_EQ(c.http.memory_bytes, 1U << 30);
  EXPECT_EQ(c.http.pushes_per_minute, 30U);
  ASSERT_TRUE(c.http.tls);
  EXPECT_EQ(c.http.tls->listen, (std::vector<std::string>{"0.0.0.0:9443", "[::]:9443"}));
  EXPECT_EQ(c.http.tls->certificate, folder_ / "tls/fullchain.pem");
  EXPECT_EQ(c.http.tls->key, "/etc/districtd/key.pem");
  EXPECT_FALSE(c.http.tls->serves_all) << "what departments reach shows no more than they need";
  EXPECT_EQ(c.log.format, LogFormat::text);
  EXPECT_EQ(c.log.path, folder_ / "d.log");
  EXPECT_EQ(c.tokens.at(0).department, "culture-tourism");
  EXPECT_EQ(entries_of<HttpPullConfig>(c.collectors).at(0)->source.every, 3600s);
}

TEST_F(ConfigurationTest, TokensMayStandInAFileOfTheirOwn) {
  write("t.toml",
        "[[token]]\ndepartment = \"culture-tourism\"\n"
        "sha256 = \"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"\n");
  EXPECT_EQ(good("[http]\ntoken_files = [\"t.toml\"]\n").tokens.size(), 1U);
}

TEST_F(ConfigurationTest, CatalogueFindingsComeWithTheConfigurations) {
  write("targets/c.toml", std::string{small_catalogue()} + "gaol = 1\n");
  auto loaded = load("[htp]\n");
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().size(), 2U);
}

TEST_F(ConfigurationTest, WhatIsWrongIsNamedWithItsPlace) {
  EXPECT_THAT(finding("[http]\nlisten = [\"localhost\"]\n"),
              HasSubstr("districtd.toml:8:10: 'localhost' is no address"));
  EXPECT_THAT(
      finding("[http]\nlisen = []\n"),
      HasSubstr("districtd.toml:8:1: unknown key 'lisen' in [http] (did you mean 'listen'?)"));
  EXPECT_THAT(finding("[log]\nlevel = \"loud\"\n"), HasSubstr("expected one of: trace, debug"));
  EXPECT_THAT(finding("[log]\nsink = \"file\"\n"), HasSubstr("'path' is missing in [log]"));
  EXPECT_THAT(finding("[http]\nmax_body = \"lots\"\n"), HasSubstr("'lots' is no size"));
  EXPECT_THAT(
      finding("[[token]]\ndepartment = \"sports\"\nsha256 = \"" + std::string(64, 'a') + "\"\n"),
      HasSubstr("department 'sports' is not in the catalogue"));
  EXPECT_THAT(finding("[[token]]\ndepartment = \"culture-tourism\"\nsha256 = \"secret\"\n"),
              HasSubstr("64 lower-case hex digits"));
  EXPECT_THAT(
      finding(
          "[[http_pull]]\nname = \"a\"\ndepartment = \"culture-tourism\"\nurl = \"ftp://x/\"\n"),
      HasSubstr("'url' is no URL; expected http://... or https://..."));
  EXPECT_THAT(finding("[[http_pull]]\nname = \"a\"\ndepartment = \"culture-tourism\"\n"
                      "url = \"http://x/\"\nevery = \"soon\"\n"),
              HasSubstr("'soon' is no duration"));
}

TEST_F(ConfigurationTest, WhatRunWouldRefuseIsFoundByCheck) {
  for (const std::string address :
       {"localhost:9480", "::1:9480", "[127.0.0.1]:9480", "[::1]", ":1"}) {
    EXPECT_THAT(finding("[http]\nlisten = [\"" + address + "\"]\n"), HasSubstr("is no address"));
  }
  EXPECT_THAT(finding("[[http_pull]]\nname = \"a\"\ndepartment = \"culture-tourism\"\n"
                      "url = \"http://user:secret@x/\"\n"),
              HasSubstr("a user or password in 'url'"));
  const std::string token =
      "[[token]]\ndepartment = \"culture-tourism\"\nsha256 = \"" + std::string(64, 'a') + "\"\n";
  EXPECT_THAT(finding(token + token), HasSubstr("two [[token]] have this 'sha256'"));
  EXPECT_THAT(finding("[[csv_drop]]\ndirectory = \"in\"\n[[csv_drop]]\ndirectory = \"./in/\"\n"),
              HasSubstr("two [[csv_drop]] have this directory"));
}

TEST_F(ConfigurationTest, WhatTlsNeedsIsAskedFor) {
  const std::string files = "certificate = \"c.pem\"\nkey = \"k.pem\"\n";
  EXPECT_THAT(finding("[http.tls]\n" + files), HasSubstr("[http.tls] needs 'listen'"));
  EXPECT_THAT(finding("[http.tls]\nlisten = [\"0.0.0.0:9443\"]\nkey = \"k.pem\"\n"),
              HasSubstr("'certificate' is missing in [http.tls]"));
  EXPECT_THAT(finding("[http.tls]\nlisten = [\"0.0.0.0:9443\"]\ncertificate = \"c.pem\"\n"),
              HasSubstr("'key' is missing in [http.tls]"));
  EXPECT_THAT(finding("[http.tls]\nlisten = [\"127.0.0.1:9480\"]\n" + files),
              HasSubstr("TLS needs a port of its own"));
  EXPECT_THAT(finding("[http.tls]\nlisten = [\"0.0.0.0:9443\"]\nserves = \"some\"\n" + files),
              HasSubstr("expected one of: tokens, all"));
  EXPECT_TRUE(
      good("[http]\nmetrics_from = [\"10.1.2.3\"]\n[http.tls]\nlisten = [\"0.0.0.0:9443\"]\n"
           "serves = \"all\"\n" +
           files)
          .http.tls->serves_all);
}

std::string token_of(const std::string& role) {
  return "[[token]]\nrole = \"" + role + "\"\nsha256 = \"" + sha256_hex(role) + "\"\n";
}

TEST_F(ConfigurationTest, AListenerBeyondLoopbackNeedsAWayToTheMetrics) {
  const std::string beyond = "[http]\nlisten = [\"127.0.0.1:9480\", \"10.1.2.3:9480\"]\n";
  const std::string said = finding(beyond);
  EXPECT_THAT(said,
              HasSubstr("districtd.toml:7:1: '10.1.2.3:9480' is reached from other machines"));
  for (const char* way : {"metrics_from", "metrics_password_file", "--role reader"}) {
    EXPECT_THAT(said, HasSubstr(way));
  }
  EXPECT_THAT(finding(beyond + token_of("operator")), HasSubstr("is reached from other machines"));
  for (const char* address : {"0.0.0.0:1", "[::]:1"}) {
    EXPECT_THAT(finding("[http]\nlisten = [\"" + std::string(address) + "\"]\n"),
                HasSubstr("is reached from other machines"));
  }
  const std::string tls =
      "[http.tls]\nlisten = [\"0.0.0.0:9443\"]\ncertificate = \"c.pem\"\n"
      "key = \"k.pem\"\nserves = ";
  EXPECT_THAT(finding(tls + "\"all\"\n"), HasSubstr("'0.0.0.0:9443' is reached"));

  write("password", "secret\n");
  good(beyond + "metrics_password_file = \"password\"\n");
  good(beyond + "metrics_from = [\"10.1.0.0/16\"]\n");
  good(beyond + token_of("reader"));
  good(tls + "\"tokens\"\n");
  good("[http]\nlisten = [\"127.0.0.2:9480\", \"[::1]:9480\"]\n");
  good("[http.bulletins]\nlisten = [\"0.0.0.0:9481\"]\n");
}

TEST_F(ConfigurationTest, WhoReadsTheMetricsIsRead) {
  write("password", "se cret \nsecond\n");
  const Configuration c = good(
      "[http]\nmetrics_password_file = \"password\"\nmetrics_from = [\"10.1.0.0/16\", "
      "\"fd00::1\"]\n");
  EXPECT_EQ(c.http.metrics.password_sha256, sha256_hex("se cret"));
  ASSERT_EQ(c.http.metrics.from.size(), 2U);
  EXPECT_EQ(c.http.metrics.from[0], *AddressRange::parse("10.1.0.0/16"));
  EXPECT_THAT(finding("[http]\nmetrics_from = [\"10.1.2.3/16\"]\n"),
              HasSubstr("districtd.toml:8:16: '10.1.2.3/16' has bits behind its prefix"));
  EXPECT_THAT(finding("[http]\nmetrics_password_file = \"none\"\n"),
              HasSubstr("none cannot be read, or its first line is empty"));
  write("empty", "\n");
  EXPECT_THAT(finding("[http]\nmetrics_password_file = \"empty\"\n"),
              HasSubstr("its first line is empty"));
}

TEST_F(ConfigurationTest, HostsAreNamesAndAddressesWithoutAPort) {
  EXPECT_EQ(good("[http]\nhosts = [\"a.example\", \"10.1.2.3\", \"fd00::1\"]\n").http.hosts.size(),
            3U);
  for (const char* wrong : {"a.example:80", "http://a.example", "", "*.example", "[::1]:1"}) {
    EXPECT_THAT(finding("[http]\nhosts = [\"" + std::string(wrong) + "\"]\n"),
                HasSubstr("is no host"))
        << wrong;
  }
}

TEST_F(ConfigurationTest, BulletinsMayHaveAListenerOfTheirOwn) {
  EXPECT_EQ(good("[http.bulletins]\nlisten = [\"10.1.2.3:9481\"]\n").http.bulletin_listen,
            std::vector<std::string>{"10.1.2.3:9481"});
  EXPECT_THAT(finding("[http.bulletins]\n"), HasSubstr("[http.bulletins] needs 'listen'"));
  EXPECT_THAT(finding("[http.bulletins]\nlisten = [\"127.0.0.1:9480\"]\n"),
              HasSubstr("bulletins need a port of their own"));
  EXPECT_THAT(finding("[http.bulletins]\nlisten = [\"x\"]\n"), HasSubstr("is no address"));
}

TEST_F(ConfigurationTest, TokensHaveRoles) {
  const Configuration c = good(token_of("office") + token_of("reader") + token_of("operator"));
  ASSERT_EQ(c.tokens.size(), 3U);
  EXPECT_EQ(c.tokens[0].role, TokenRole::office);
  EXPECT_EQ(c.tokens[1].role, TokenRole::reader);
  EXPECT_EQ(c.tokens[2].role, TokenRole::operation);
  EXPECT_THAT(finding("[[token]]\nrole = \"leader\"\nsha256 = \"" + std::string(64, 'a') + "\"\n"),
              HasSubstr("expected one of: department, office, operator, reader"));
}

TEST_F(ConfigurationTest, TheStoresPathIsReadWhateverElseIsWrong) {
  const auto file = write("broken.toml", "[htp]\n[store]\npath = \"d.db\"\n");
  EXPECT_EQ(*read_store_path(file), folder_ / "d.db");
  EXPECT_THAT(to_string(read_store_path(write("none.toml", "[http]\n")).error().front()),
              HasSubstr("[store] with the database's path is missing"));
  EXPECT_FALSE(read_store_path(write("no.toml", "[store\n")));
}

TEST_F(ConfigurationTest, LimitsOfHttpHaveLimits) {
  EXPECT_THAT(finding("[http]\nmax_header = \"10\"\n"), HasSubstr("1KiB to 1MiB"));
  EXPECT_THAT(finding("[http]\nmax_connections = 0\n"), HasSubstr("max_connections"));
  EXPECT_THAT(finding("[http]\nmemory = \"64MiB\"\n"),
              HasSubstr("'memory' has to be at least 12 times 'max_body'"));
  EXPECT_THAT(finding("[http]\nidle_timeout = \"never\"\n"), HasSubstr("'never' is no duration"));
}

TEST_F(ConfigurationTest, UnknownTimeZoneIsAFinding) {
  const auto loaded = load_configuration(
      write("z.toml",
            "[district]\nname = \"n\"\ntime_zone = \"Asia/Jinhua\"\n"
            "[catalogue]\nfiles = [\"targets/c.toml\"]\n[store]\npath = \"d\"\n"));
  ASSERT_FALSE(loaded);
  EXPECT_THAT(to_string(loaded.error()[0]), HasSubstr("z.toml:3:13: time zone"));
}

TEST_F(ConfigurationTest, EmptyFileAsksForWhatIsNeeded) {
  const auto loaded = load_configuration(write("e.toml", ""));
  EXPECT_EQ(loaded.error().size(), 3U);
}

TEST(DurationTest, TakesSecondsMinutesHoursAndDays) {
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("15m"), 900s);
  EXPECT_EQ(parse_duration("1d"), 86400s);
  for (const auto* const bad : {"", "1", "h", "-1s", "0s", "1.5h", "1h30m", "999999999d"}) {
    EXPECT_EQ(parse_duration(bad), std::nullopt) << bad;
  }
}

TEST(SizeTest, TakesBytesAndBinaryMultiples) {
  EXPECT_EQ(parse_size("512"), 512U);
  EXPECT_EQ(parse_size("16MiB"), 16U << 20);
  for (const auto* const bad : {"", "0", "16MB", "MiB", "-1", "99999999999999999999"}) {
    EXPECT_EQ(parse_size(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace districtd
