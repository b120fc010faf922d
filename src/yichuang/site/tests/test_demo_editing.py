"""Every content of the model district goes through the editor's fields unharmed."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace

from stdnum.cn import uscc

from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import editing
from yichuang.site.demo import district


def test_every_item_of_the_model_district_goes_there_and_back():
    base = "11610114MB2925000"
    issuer = SimpleNamespace(uscc=base + uscc.calc_check_digit(base))
    contents = [shape.normalise(one) for one in district.items(defaultdict(lambda: issuer), whole=True)]
    assert len(contents) > 600
    for content in contents:
        posted = editing.settle(editing.spread(content).items())
        assert shape.normalise(editing.gather(posted, content)) == content, content["task_name"]
