"""Reloading by SIGHUP and by POST: all or nothing."""

import signal
import unittest

from district import CULTURE, HEALTH, OBSERVATIONS, TARGETS, TOKENS, csv
from servers import Districtd, eventually, free_port


class Reload(unittest.TestCase):
    def setUp(self):
        self.daemon = Districtd(targets=TARGETS, tokens=TOKENS).start()
        self.addCleanup(self.daemon.stop)
        row = csv("文旅投资,2026-06-30,12.6亿元")
        self.daemon.post(OBSERVATIONS, row, token=TOKENS[CULTURE])

    def goal(self):
        return self.daemon.metric("district_target_goal", target="culture-tourism.investment")

    def test_new_catalogue_is_judged_from_what_is_stored(self):
        self.daemon.write_targets(TARGETS.replace("goal = 30\n", "goal = 20\n"))
        self.assertEqual(self.daemon.reload().status, 200)
        self.assertEqual(self.goal(), 2e9)
        self.assertAlmostEqual(
            self.daemon.metric("district_target_progress_ratio", target="culture-tourism.investment"), 0.63
        )
        self.assertEqual(self.daemon.metric("districtd_config_last_reload_successful"), 1)

    def test_sighup_reloads_too(self):
        self.daemon.write_targets(TARGETS.replace("goal = 30\n", "goal = 20\n"))
        self.daemon.process.send_signal(signal.SIGHUP)
        eventually(lambda: self.goal() == 2e9)

    def test_bad_catalogue_is_refused_with_its_place_and_the_old_one_stays(self):
        self.daemon.write_targets(TARGETS.replace("goal = 30\n", "gaol = 30\n"))
        answer = self.daemon.reload()
        self.assertEqual(answer.status, 422, answer)
        message = answer.json()["error"]["message"]
        self.assertIn("targets.toml:23:1: unknown key 'gaol'", message)
        self.assertEqual(self.goal(), 3e9)
        self.assertEqual(self.daemon.metric("districtd_config_last_reload_successful"), 0)
        eventually(lambda: [r for r in self.daemon.log_lines() if r["event"] == "reload_refused"])
        # And once it is right again, all is well.
        self.daemon.write_targets(TARGETS)
        self.assertEqual(self.daemon.reload().status, 200)
        self.assertEqual(self.daemon.metric("districtd_config_last_reload_successful"), 1)

    def test_tokens_are_exchanged(self):
        self.daemon.configure(targets=TARGETS, tokens={CULTURE: "new"})
        self.daemon.reload()
        row = csv("文旅投资,2026-06-30,12.6亿元")
        self.assertEqual(self.daemon.post(OBSERVATIONS, row, token=TOKENS[CULTURE]).status, 401)
        self.assertEqual(self.daemon.post(OBSERVATIONS, row, token="new").status, 200)

    def test_what_cannot_change_is_refused_by_name(self):
        self.daemon.configure('[store]\npath = "other.db"\n', targets=TARGETS, tokens=TOKENS)
        answer = self.daemon.reload()
        self.assertEqual(answer.status, 422)
        self.assertIn("[store] path", answer.json()["error"]["message"])

    def test_inbox_added_by_a_reload_is_watched(self):
        self.daemon.configure('[[csv_drop]]\ndirectory = "inbox"\n', targets=TARGETS, tokens=TOKENS)
        (self.daemon.directory / "inbox").mkdir()
        self.assertEqual(self.daemon.reload().status, 200)
        folder = self.daemon.directory / "inbox" / HEALTH
        eventually(folder.is_dir)
        (folder / "a.csv").write_text(csv("大学生村医,2026-06-30,60"))
        eventually(lambda: self.daemon.metric("district_target_actual", target="health.doctors") == 60)

    def test_new_pull_while_the_store_cannot_be_read_is_adopted_and_ends_nothing(self):
        store = self.daemon.directory / "districtd.db"
        store.rename(store.with_name("away.db"))
        self.daemon.configure(f"""
[[http_pull]]
name = "portal"
department = "{HEALTH}"
url = "http://127.0.0.1:{free_port()}/figures.csv"
""", targets=TARGETS.replace("goal = 30\n", "goal = 20\n"), tokens=TOKENS)
        self.assertEqual(self.daemon.reload().status, 200)
        self.assertEqual(self.goal(), 2e9)
        eventually(lambda: self.daemon.metric("districtd_pull_success", name="portal") == 0)
        self.assertTrue(self.daemon.running())

    def test_target_that_leaves_and_returns_keeps_its_figures(self):
        self.daemon.write_targets(TARGETS[: TARGETS.index("[[target]]")] + TARGETS[TARGETS.index('[[target]]\nid = "health.rate"'):])
        self.assertEqual(self.daemon.reload().status, 200)
        self.assertIsNone(self.goal())
        self.daemon.write_targets(TARGETS)
        self.daemon.reload()
        self.assertAlmostEqual(
            self.daemon.metric("district_target_actual", target="culture-tourism.investment"), 1.26e9
        )


if __name__ == "__main__":
    unittest.main()
