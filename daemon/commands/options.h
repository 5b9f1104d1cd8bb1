// What the command line says, one struct a subcommand. Every command returns its exit status:
// 0 good, 1 findings or refusal; 2, usage, is main's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace districtd {

struct CheckOptions {
  std::filesystem::path config;
  std::optional<std::filesystem::path> report;
};
// Loads everything that `run` would and prints each finding with its place; with a report, proves
// each quote against it.
int check(const CheckOptions& options, std::ostream& out, std::ostream& err);

// Which moment a command looks at.
struct MomentOptions {
  std::string on;        // a date; "" is the day of known_at, or today
  std::string known_at;  // RFC 3339, or a date for the end of that day in the district; "" is now
};

struct StatusOptions {
  std::filesystem::path config;
  MomentOptions moment;
  std::string programme;  // id; "" is those that are open on the day, else the one settled last
  std::string department;
  std::string format = "table";  // table, json, csv
  bool changes = false;          // what was changed of the promises, instead
  std::string since;             // with `changes`: a date; "" is from the beginning
  bool colour = false;
};
// Prints how the targets stand, from the store, whether or not the daemon runs.
int status(const StatusOptions& options, std::ostream& out, std::ostream& err);

struct ExplainOptions {
  std::filesystem::path config;
  std::string subject;    // a target's id or name, or a department's id
  std::string programme;  // as of StatusOptions
  MomentOptions moment;
  std::string format = "text";  // text, json
};
// Prints how a target's status, or a department's score, came about.
int explain(const ExplainOptions& options, std::ostream& out, std::ostream& err);

struct BulletinOptions {
  std::string kind;  // daily, weekly, monthly, quarterly, annual
  std::filesystem::path config;
  std::string on;         // a date; "" is today
  std::string programme;  // id; "" is the one whose period holds the bulletin's
  std::filesystem::path out;
};
// Writes the bulletins of a kind for a day into a directory, from the store, whether or not the
// daemon runs: 1 where a format could not be made.
int bulletin(const BulletinOptions& options, std::ostream& out, std::ostream& err);

struct ResendOptions {
  std::string id;  // of the bulletin: "monthly-2026-07-08"
  std::filesystem::path config;
  std::string to;    // one recipient; "" is each that has not got it
  bool all = false;  // also those that have
};
// Asks the running daemon to send a bulletin again.
int resend(const ResendOptions& options, std::ostream& out, std::ostream& err);

struct ReloadOptions {
  std::filesystem::path config;
};
// Has the running daemon take over its configuration, and waits: 1 with the findings where it
// refuses it.
int reload(const ReloadOptions& options, std::ostream& out, std::ostream& err);

struct BacktestOptions {
  std::uint32_t years = 2000;  // simulated, of each shape
  std::uint64_t seed = 2026;
  std::string format = "table";  // table, json
  bool shows_progress = false;   // on `err`
};
// Prints how well the forecast does on years that were published and on simulated ones: 0 where it
// beats the lines and its interval holds what it says on both, else 1.
int backtest(const BacktestOptions& options, std::ostream& out, std::ostream& err);

struct TokenOptions {
  std::string department;
  std::string role;  // office, operator or reader, as the configuration writes it; "": department
};
// Prints a new token and the [[token]] block for the configuration.
int new_token(const TokenOptions& options, std::ostream& out, std::ostream& err);

struct ConfigAlertmanagerOptions {
  std::filesystem::path config;
  std::optional<std::filesystem::path> out;  // empty: standard output
};
// Writes Alertmanager's configuration from the contacts; with a finding it writes nothing.
int write_alertmanager_file(const ConfigAlertmanagerOptions& options, std::ostream& out,
                            std::ostream& err);

struct RunOptions {
  std::filesystem::path config;
};
// The daemon: returns when it was told to stop (0) or could not start (1).
int run(const RunOptions& options, std::ostream& err);

}  // namespace districtd
