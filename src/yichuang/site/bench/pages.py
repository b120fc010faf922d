"""`yichuang bench guide` and `bench search`: pages that everybody opens, per second."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from yichuang.site.bench.running import plans, play, running
from yichuang.site.bench.world import child, databases, server

QUESTIONS = (
    "开个小饭馆要办什么证", "理发店", "宾馆卫生许可", "注册个体工商户", "户外广告牌", "办学许可", "开网吧", "取水",
    "道路货运", "劳务派遣", "诊所备案", "人力资源", "食品经营", "身份证丢了", "小吃店", "ktv", "xiaochi", "公共场所",
)  # fmt: skip


def bench(
    kind: str, *, requests: int, items: int, clients: int, workers: int, threads: int | None = None
) -> dict[str, Any]:
    """{"requests_per_second", "requests": {...}}. kind: "guide" or "search". items: published items in the catalogue,
    the model district's at least."""
    with databases(server(), kind) as (url,):
        there = json.loads(child(url, "many", "items", str(items)).strip().splitlines()[-1])
        if kind == "guide":
            pages = [["guide", f"/items/{key}/", name] for key, name in there["items"][:500]]
        else:
            pages = [["search", f"/search/?q={quote(words)}", "</html>"] for words in QUESTIONS]
        plan = {"pages": pages, "password": "", "play": "pages"}
        with running(url, workers=workers, threads=threads) as site:
            play(site, plans(plan, max(clients * 20, len(pages)), clients, visitors=True))  # warm
            played = play(site, plans(plan, requests, clients, visitors=True))
    return {"items": there["count"], "clients": clients, "web_processes": workers, **played.told()}
