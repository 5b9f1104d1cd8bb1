"""The statuses, read from the daemon's one table of them."""

import re

import servers

TABLE = servers.REPOSITORY / "daemon/domain/status.h"


def by_chinese():
    """{"已完成": "achieved", ...} in the table's order."""
    rows = re.findall(r'StatusRow\{Status::(\w+), \d+, "(\w+)", "(\w+)"', TABLE.read_text())
    assert rows and all(name == word for name, word, _ in rows), rows
    return {chinese: word for _, word, chinese in rows}
