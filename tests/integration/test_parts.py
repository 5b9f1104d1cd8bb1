"""A target that is the sum of its parts, from outside: in, shown, corrected, withdrawn, and as it was."""

import datetime
import time
import unittest

from district import CULTURE, HEALTH, OBSERVATIONS, TARGETS, TOKENS, csv
from servers import Districtd, run_districtd

SUM = "culture-tourism.all"
PARTS = """
[[target]]
id = "culture-tourism.all"
name = "服务业投资"
kind = "cumulative"
goal = 40
unit = "亿元"
sum_of_parts = true
with = ["health"]
leader = "张三"
owner = "李四"
start = 2026-01-01
deadline = 2026-12-31
section = "区文旅局"
quote = "服务业投资40亿元"

[[target]]
id = "culture-tourism.north"
name = "北片投资"
kind = "cumulative"
goal = 25
unit = "亿元"
parent = "culture-tourism.all"
start = 2026-01-01
deadline = 2026-12-31
section = "区文旅局"
quote = "北片25亿元"

[[target]]
id = "health.south"
name = "南片投资"
kind = "cumulative"
goal = 15
unit = "亿元"
parent = "culture-tourism.all"
start = 2026-01-01
deadline = 2026-12-31
section = "区卫健局"
quote = "南片15亿元"
"""


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")


class PartsTest(unittest.TestCase):
    def setUp(self):
        self.daemon = Districtd(targets=TARGETS + PARTS, tokens=TOKENS)
        self.addCleanup(self.daemon.stop)
        self.daemon.start()

    def push(self, *rows, department=CULTURE, status=200):
        answer = self.daemon.post(OBSERVATIONS, csv(*rows), token=TOKENS[department])
        self.assertEqual(answer.status, status, answer.text)
        return answer.json()

    def whole(self, moment=""):
        answer = self.daemon.get(f"/api/v1/targets/{SUM}{moment}")
        self.assertEqual(answer.status, 200, answer.text)
        return answer.json()

    def metrics(self, family):
        return [line for line in self.daemon.get("/metrics").text.splitlines()
                if line.startswith(family + "{")]

    def a_later_millisecond(self):
        said = now().replace("+", "%2B")
        before = time.time_ns() // 1_000_000
        while time.time_ns() // 1_000_000 == before:
            pass
        return said

    def test_a_figure_for_the_sum_is_refused_with_the_parts(self):
        error = self.push("服务业投资,2026-06-30,20亿元", status=422)["errors"][0]
        self.assertEqual((error["code"], error["column"]), ("sum_of_parts", "target"))
        self.assertIn("北片投资、南片投资（区卫健局）", error["message"])
        self.assertIsNone(self.whole()["actual"])

    def test_it_is_judged_when_whole_and_follows_its_parts(self):
        self.push("北片投资,2026-05-31,10亿元")
        self.push("南片投资,2026-05-31,7亿元", department=HEALTH)
        may = self.whole("?on=2026-06-08")
        self.assertEqual((may["as_of"], may["actual"]), ("2026-05-31", 17))
        self.push("北片投资,2026-06-30,13亿元")
        partial = self.whole("?on=2026-07-08")
        self.assertEqual((partial["as_of"], partial["actual"], partial["status"]),
                         ("2026-05-31", 17, may["status"]))
        self.assertEqual(partial["partial_sum"], {"as_of": "2026-06-30", "actual": 13})
        self.assertEqual([part["target"] for part in partial["missing_parts"]], ["health.south"])
        self.assertEqual([(part["target"], part["as_of"], part["actual"], part["goal"])
                          for part in partial["parts"]],
                         [("culture-tourism.north", "2026-06-30", 13, 25),
                          ("health.south", "2026-05-31", 7, 15)])
        self.assertIn(" 1", self.metrics("district_target_parts_missing")[0])

        known_at = self.a_later_millisecond()
        self.push("南片投资,2026-06-30,8亿元", department=HEALTH)
        june = self.whole("?on=2026-07-08")
        self.assertEqual((june["as_of"], june["actual"], june["partial_sum"]),
                         ("2026-06-30", 21, None))
        self.assertEqual(june["status"], "on_track")
        then = self.whole(f"?on=2026-07-08&known_at={known_at}")
        self.assertEqual(then, partial)

        self.push("北片投资,2026-06-30,9亿元")  # a correction
        self.assertEqual(self.whole("?on=2026-07-08")["actual"], 17)
        self.push("南片投资,2026-06-30,撤回", department=HEALTH)
        back = self.whole("?on=2026-07-08")
        self.assertEqual((back["as_of"], back["partial_sum"]["actual"]), ("2026-05-31", 9))
        text = self.daemon.get(f"/api/v1/targets/{SUM}/explanation?on=2026-07-08").json()
        steps = {step["title"]: step["text"] for step in text["steps"]}
        self.assertIn("尚缺 南片投资；未齐之前，亮灯仍按截至 2026-05-31 的合计", steps["分项"])
        self.assertEqual(steps["分工"], "配合单位：区卫健局；分管领导：张三；责任人：李四。")

    def test_parts_are_counted_under_their_parent_alone(self):
        self.push("北片投资,2026-06-30,13亿元")
        self.push("南片投资,2026-06-30,1亿元", department=HEALTH)
        counts = 0
        for line in self.metrics("district_department_targets"):
            counts += int(line.split()[-1])
        elements = self.daemon.get("/api/v1/targets").json()
        self.assertEqual(len(elements) - 2, counts)
        self.assertEqual({t["target"]: t["parent"] for t in elements if t["parent"]},
                         {"culture-tourism.north": SUM, "health.south": SUM})
        departments = {d["department"]: d for d in self.daemon.get("/api/v1/departments").json()}
        self.assertNotIn("health.south", [t["target"] for t in departments[HEALTH]["targets"]])
        table = run_districtd("status", "--config", str(self.daemon.config_path)).stdout
        self.assertIn(f"共 {counts} 项（分项 2 项不另计）", table)
        everything = self.daemon.get("/metrics").text
        self.assertIn(f'parent="{SUM}"', everything)
        self.assertIn('with="health"', everything)
        self.assertNotIn("张三", everything)
        self.assertNotIn("李四", everything)


if __name__ == "__main__":
    unittest.main()
