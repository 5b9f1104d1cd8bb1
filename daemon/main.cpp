// Subcommands only: the command line becomes options, and a command does the work.
#include <malloc.h>
#include <unistd.h>

#include <iostream>
#include <string>
#include <CLI/CLI.hpp>

#include "daemon/commands/confirm.h"
#include "daemon/commands/extract.h"
#include "daemon/commands/options.h"
#include "daemon/commands/printable_stream.h"
#include "daemon/commands/send.h"

namespace {

// Status, table and receipt carry Chinese and lights; colours only where a person looks.
bool wants_colour() { return isatty(STDOUT_FILENO) == 1; }

CLI::App* add(CLI::App& app, const std::string& name, const std::string& text) {
  CLI::App* const command = app.add_subcommand(name, text);
  command->fallthrough(false);
  return command;
}

template <typename Options>
void add_config(CLI::App* command, Options& options) {
  command->add_option("-c,--config", options.config, "the daemon's configuration (districtd.toml)")
      ->required();
}

template <typename Options>
void add_programme(CLI::App* command, Options& options) {
  command->add_option("--programme", options.programme,
                      "one programme's id, such as 2026; otherwise those that are open on the day");
}

void add_moment(CLI::App* command, districtd::MomentOptions& options) {
  command->add_option("--on", options.on, "judge as of the end of this day");
  command->add_option("--known-at", options.known_at,
                      "show what was shown at this date or RFC 3339 time: only what had been "
                      "received by then, and the catalogue of then");
}

void add_ca_file(CLI::App& command, std::string& file) {
  command
      .add_option("--ca-file", file,
                  "PEM file of the authority that vouches for an https server, instead of the "
                  "system's (a private CA)")
      ->check(CLI::ExistingFile);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace districtd;
  // A catalogue is parsed into very many small pieces that are freed together. glibc's fast bins
  // would walk all of them before each large allocation (docs/performance.md, start).
  ::mallopt(M_MXFAST, 0);

  CLI::App app{
      "districtd keeps a district's promises honest: it loads targets, takes in figures, "
      "judges them against their schedule and exports the result.",
      "districtd"};
  app.set_version_flag("--version", DISTRICTD_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit status: 0 good, 1 findings or refusal, 2 usage. Documentation: README.md, docs/.");
  int result = 0;
  PrintableStream out(std::cout);
  PrintableStream err(std::cerr);
  err.setf(std::ios::unitbuf);

  RunOptions run_options;
  CLI::App* const run_command = add(app, "run", "run the daemon in the foreground");
  add_config(run_command, run_options);
  run_command->callback([&] { result = run(run_options, err); });

  CheckOptions check_options;
  CLI::App* const check_command =
      add(app, "check", "check configuration and catalogue; prove the quotes against the report");
  add_config(check_command, check_options);
  check_command->add_option("--report", check_options.report,
                            "the report as text: each quote must stand in it");
  check_command->callback([&] { result = check(check_options, out, err); });

  StatusOptions status_options;
  CLI::App* const status_command =
      add(app, "status", "print how the targets stand, while the daemon runs or not");
  add_config(status_command, status_options);
  add_moment(status_command, status_options.moment);
  add_programme(status_command, status_options);
  status_command->add_option("--department", status_options.department, "one department's id");
  status_command->add_option("--format", status_options.format, "table, json or csv")
      ->check(CLI::IsMember({"table", "json", "csv"}))
      ->capture_default_str();
  CLI::Option* const changes_option = status_command->add_flag(
      "--changes", status_options.changes,
      "list what was changed of the promises instead: goals, deadlines, departments, additions and "
      "withdrawals");
  status_command
      ->add_option("--since", status_options.since,
                   "with --changes: only what was decided on this day or later")
      ->needs(changes_option);
  status_command->callback([&] {
    status_options.colour = wants_colour();
    result = status(status_options, std::cout, err);
  });

  ExplainOptions explain_options;
  CLI::App* const explain_command =
      add(app, "explain", "say how a target's status, or a department's score, came about");
  add_config(explain_command, explain_options);
  explain_command
      ->add_option("target", explain_options.subject,
                   "a target's id or Chinese name, or a department's id")
      ->required();
  add_moment(explain_command, explain_options.moment);
  add_programme(explain_command, explain_options);
  explain_command->add_option("--format", explain_options.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  explain_command->callback([&] { result = explain(explain_options, out, err); });

  BulletinOptions bulletin_options;
  CLI::App* const bulletin_command =
      add(app, "bulletin", "write the bulletins of a kind for a day (督查通报)");
  bulletin_command
      ->add_option("kind", bulletin_options.kind, "daily, weekly, monthly, quarterly or annual")
      ->required()
      ->check(CLI::IsMember({"daily", "weekly", "monthly", "quarterly", "annual"}));
  add_config(bulletin_command, bulletin_options);
  bulletin_command->add_option("--on", bulletin_options.on,
                               "the bulletin of this day, by what was known then; today");
  bulletin_command->add_option("--programme", bulletin_options.programme,
                               "of this programme; otherwise of the one of the bulletin's period");
  bulletin_command->add_option("-o,--out", bulletin_options.out, "the directory to write it to")
      ->required();
  bulletin_command->callback([&] { result = bulletin(bulletin_options, out, err); });

  ReloadOptions reload_options;
  CLI::App* const reload_command = add(
      app, "reload", "have the running daemon take over its configuration; wait for the outcome");
  add_config(reload_command, reload_options);
  reload_command->callback([&] { result = reload(reload_options, out, err); });

  ResendOptions resend_options;
  CLI::App* const resend_command =
      add(app, "resend", "have the running daemon send a bulletin to those who have not got it");
  resend_command
      ->add_option("id", resend_options.id, "the bulletin's id, such as monthly-2026-07-08")
      ->required();
  add_config(resend_command, resend_options);
  resend_command->add_option("--to", resend_options.to, "only recipients that contain this");
  resend_command->add_flag("--all", resend_options.all, "also those who have got it");
  resend_command->callback([&] { result = resend(resend_options, out, err); });

  BacktestOptions backtest_options;
  CLI::App* const backtest_command =
      add(app, "backtest", "measure the forecast on published years and on simulated ones");
  backtest_command->add_option("--years", backtest_options.years, "simulated years of each shape")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  backtest_command->add_option("--seed", backtest_options.seed, "the same seed, the same years")
      ->capture_default_str();
  backtest_command->add_option("--format", backtest_options.format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  backtest_command->callback([&] {
    backtest_options.shows_progress = isatty(STDERR_FILENO) == 1;
    result = backtest(backtest_options, std::cout, std::cerr);
  });

  SendOptions send_options;
  CLI::App* const send_command =
      add(app, "send", "send files of figures to a daemon and print the receipts (报送)");
  send_command->add_option("files", send_options.files, "CSV, xlsx or JSON files")->required();
  send_command->add_option("--server", send_options.server, "http(s)://HOST[:PORT]")->required();
  send_command
      ->add_option("--token-file", send_options.token_file, "file with the department's token")
      ->required();
  add_ca_file(*send_command, send_options.ca_file);
  send_command->add_flag("--dry-run", send_options.is_dry_run,
                         "keep nothing; print how each row would be read and what would become "
                         "of it (试报)");
  send_command->callback([&] { result = send_files(send_options, out, err); });

  ExtractOptions extract_options;
  CLI::App* const extract_command =
      add(app, "extract", "draw a draft catalogue out of a report's text (docs/extraction.md)");
  extract_command->add_option("report", extract_options.report, "the report as text")->required();
  extract_command
      ->add_option("--year", extract_options.year,
                   "the year that it plans for; default: as it says, else this year")
      ->check(CLI::Range(1990, 2100));
  extract_command->add_option("--format", extract_options.format, "toml or json")
      ->check(CLI::IsMember({"toml", "json"}))
      ->capture_default_str();
  extract_command->add_option("--rules", extract_options.rules,
                              "folder with rule files instead of the installed or built-in ones");
  extract_command->add_option("--against", extract_options.against,
                              "compare with this catalogue file instead of printing the drafts");
  extract_command->add_flag("--review", extract_options.review,
                            "walk through the drafts on the terminal; needs --out");
  extract_command->add_option("--out", extract_options.out,
                              "--review: the catalogue file of what was confirmed");
  extract_command->callback([&] {
    if (extract_options.review && extract_options.out.empty()) {
      throw CLI::RequiredError("--review: --out");
    }
    result = extract_report(extract_options, extract_options.review ? std::cout : out, err);
  });

  ConfirmOptions confirm_options;
  CLI::App* const confirm_command =
      add(app, "confirm", "confirm the rows of a submission that wait, or send them back");
  confirm_command->add_option("submission", confirm_options.submission, "the submission's id")
      ->required();
  confirm_command->add_flag("--reject", confirm_options.rejects, "send them back instead");
  confirm_command->add_option("--server", confirm_options.server, "http(s)://HOST[:PORT]")
      ->required();
  confirm_command
      ->add_option("--token-file", confirm_options.token_file,
                   "file with a token of the office (role = office)")
      ->required();
  add_ca_file(*confirm_command, confirm_options.ca_file);
  confirm_command->callback([&] { result = confirm_submission(confirm_options, out, err); });

  TokenOptions token_options;
  CLI::App* const token_command =
      add(app, "token", "tokens with which departments push and others read or operate");
  token_command->require_subcommand(1);
  CLI::App* const new_command =
      add(*token_command, "new", "make a token and print the block for the configuration");
  CLI::Option* const role =
      new_command
          ->add_option("--role", token_options.role,
                       "instead of a department's: office (confirms rows, reads, operates), "
                       "operator (reads, operates) or reader (reads)")
          ->check(CLI::IsMember({"office", "operator", "reader"}));
  CLI::Option* const office =
      new_command
          ->add_flag_callback(
              "--office", [&] { token_options.role = "office"; }, "the same as --role office")
          ->excludes(role);
  new_command->add_option("--department", token_options.department, "the department's id")
      ->excludes(office)
      ->excludes(role);
  new_command->callback([&] { result = new_token(token_options, out, err); });

  ConfigAlertmanagerOptions alertmanager_options;
  CLI::App* const config_command =
      add(app, "config", "write configurations of other programs from this one");
  config_command->require_subcommand(1);
  CLI::App* const alertmanager_command =
      add(*config_command, "alertmanager",
          "write Alertmanager's configuration: receivers and routes from the contacts");
  add_config(alertmanager_command, alertmanager_options);
  alertmanager_command->add_option("--out", alertmanager_options.out,
                                   "the file to write, whole or not at all (default: print it)");
  alertmanager_command->callback(
      [&] { result = write_alertmanager_file(alertmanager_options, std::cout, err); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, out, err) == 0 ? 0 : 2;
  }
  return result;
}
