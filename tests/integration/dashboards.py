"""The dashboards as Grafana reads them: panels, queries, variables and how Grafana expands these."""

import json
import re
import urllib.parse

from servers import REPOSITORY

DIRECTORY = REPOSITORY / "dashboards" / "grafana"

# Grafana's own, for a page of six hours that Prometheus scrapes every 15 seconds.
GRAFANA = {"__rate_interval": "1m", "__interval": "15s", "__range": "6h"}


def load():
    """All dashboards, by uid, as their JSON says."""
    pages = [json.loads(path.read_text()) for path in sorted(DIRECTORY.glob("*.json"))]
    return {page["uid"]: page for page in pages}


def queries(page):
    """(panel, target) of each query of the page's panels."""
    return [(panel, target) for panel in page["panels"] for target in panel.get("targets", [])]


def variables(page):
    return page["templating"]["list"]


def expand(text, values):
    """The text with $name and ${name} replaced as Grafana's Prometheus data source does.

    All variables of these dashboards are single values, which it puts in as they are but for
    backslashes and single quotes.
    """

    def value(match):
        name = match[1] or match[2]
        if name in GRAFANA:
            return GRAFANA[name]
        if name not in values:
            return match[0]  # as in "$1" of label_replace
        return values[name].replace("\\", "\\\\").replace("'", "\\\\'")

    return re.sub(r"\$(?:\{(\w+)\}|(\w+))", value, text)


def query_result_text(sample):
    """One element of query_result() as Grafana turns it into text, for the variable's regex."""
    labels = dict(sample["metric"])
    name = labels.pop("__name__", "")
    pairs = ",".join(f'{key}="{value}"' for key, value in labels.items())
    return f"{name}{{{pairs}}} {sample['value'][1]} {sample['value'][0] * 1000:.0f}"


def options(ask, variable, values):
    """[(text, value)] of a query variable. `ask(path, parameters)` asks Prometheus."""
    query = expand(variable["query"]["query"], values)
    labels = re.fullmatch(r"label_values\((?:(.+), *)?(\w+)\)", query, re.S)
    if labels:
        match = {"match[]": labels[1]} if labels[1] else {}
        return [(each, each) for each in ask(f"/api/v1/label/{labels[2]}/values", match)]
    promql = re.fullmatch(r"query_result\((.+)\)", query, re.S)[1]
    texts = [query_result_text(each) for each in ask("/api/v1/query", {"query": promql})["result"]]
    found = []
    for text in texts:
        match = re.search(_javascript(variable["regex"]), text)
        found.append((match.groupdict().get("text", match["value"]), match["value"]))
    return sorted(set(found))


def _javascript(regex):
    return re.sub(r"\(\?<(\w+)>", r"(?P<\1>", re.fullmatch(r"/(.*)/", regex, re.S)[1])


def legend(target, metric):
    """The name of a series: the query's legend with the labels put in."""
    return re.sub(
        r"\{\{\s*(\w+)\s*\}\}", lambda match: metric.get(match[1], ""), target["legendFormat"]
    )


def legend_labels(target):
    return re.findall(r"\{\{\s*(\w+)\s*\}\}", target["legendFormat"])


def shown_names(panel):
    """Column names that the panel's transformations give, by the name of the field before."""
    renamed = {}
    for transformation in panel.get("transformations", []):
        if transformation["id"] == "organize":
            renamed |= transformation["options"]["renameByName"]
    return renamed


def value_field(panel, target):
    """What Grafana calls the value of a query in the format table."""
    tables = [each for each in panel["targets"] if each["format"] == "table"]
    return "Value" if len(tables) == 1 else f"Value #{target['refId']}"


def field_of(panel, target, name):
    """The field configuration that counts for a query's value that is shown under a name."""
    defaults = dict(panel["fieldConfig"]["defaults"])
    for override in panel["fieldConfig"]["overrides"]:
        matcher = override["matcher"]
        matches = (
            (matcher["id"] == "byName" and matcher["options"] == name)
            or (matcher["id"] == "byFrameRefID" and matcher["options"] == target["refId"])
            or (matcher["id"] == "byRegexp" and re.search(matcher["options"].strip("/"), name))
        )
        if matches:
            defaults |= {each["id"]: each["value"] for each in override["properties"]}
    return defaults


# ---- PromQL, as far as these expressions go ------------------------------------------------------

_STRING = r'"(?:[^"\\]|\\.)*"'
_WORDS = (
    "and or unless on ignoring by without group_left group_right bool offset sum max min avg count"
    " topk bottomk count_values"
).split()


def selectors(promql):
    """(metric, [labels in its matchers]) of each selector."""
    found = []
    plain = re.sub(_STRING, '""', promql)
    # Lists of labels are no metrics.
    plain = re.sub(r"\b(by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)", r"\1", plain)
    for match in re.finditer(r"\b([a-zA-Z_:][\w:]*)(?![\w:])\s*(\{[^}]*\})?", plain):
        name, matchers = match.groups()
        is_number_part = re.fullmatch(r"[smhdwy]", name) or name in _WORDS
        is_called = re.match(r"\s*\(", plain[match.end():])
        if is_number_part or is_called:
            continue
        found.append((name, re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", matchers or "")))
    return found


def listed_labels(promql):
    """Labels that by, on, group_left and their kin name."""
    lists = re.findall(
        r"\b(?:by|on|without|ignoring|group_left|group_right)\s*\(([^)]*)\)", re.sub(_STRING, '""', promql)
    )
    return {label.strip() for each in lists for label in each.split(",") if label.strip()}


def made_labels(promql):
    """Labels that the expression itself makes."""
    made = set(re.findall(r'count_values\s*(?:by\s*\([^)]*\)\s*)?\(\s*"(\w+)"', promql))
    made |= set(re.findall(r'label_join\(.*?,\s*"(\w+)"', promql, re.S))
    # The second string from the right of each label_replace(..., "made", "$1", "from", "regex").
    made |= set(re.findall(rf',\s*"(\w+)",\s*{_STRING},\s*"\w+",\s*{_STRING}\s*\)', promql))
    return made


def path(base, parameters):
    return base + ("?" + urllib.parse.urlencode(parameters) if parameters else "")
