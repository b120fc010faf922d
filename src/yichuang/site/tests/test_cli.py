"""The command line: what it prints, and that whatever does not go is one line and a status other than 0."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.db import connection, transaction

from yichuang.catalogue.models import Item
from yichuang.core import log as logs
from yichuang.core import seal, triggers
from yichuang.core.events import Event
from yichuang.core.models import LogEvent
from yichuang.core.rules import seal as seal_rules
from yichuang.core.rules.check37 import mod37_36
from yichuang.core.tests.things import CLERK, NOW
from yichuang.identity.tests import given
from yichuang.site.cli import COMMANDS, main


@pytest.fixture
def run(capsys):
    """Run the command line; returns status, stdout, stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main([str(a) for a in arguments])
        out, err = capsys.readouterr()
        return int(end.value.code or 0), out, err

    return run


def one_line(err: str) -> str:
    (line,) = err.splitlines()
    return line


# --- frame -----------------------------------------------------------------------------------------------------


def test_help_names_every_group(run):
    status, out, _ = run("--help")
    assert status == 0
    assert all(name in out for name in COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(run, name):
    status, out, _ = run(name, "--help")
    assert status == 0
    assert "Usage: yichuang" in out


@pytest.mark.parametrize(
    "arguments", [("log", "nonsense"), ("clock", "due"), ("id", "check", "x", "1"), ("serve", "--port", "x")]
)
def test_wrong_usage_is_one_line(run, arguments):
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert "usage" in one_line(err)


def test_djangos_own_commands_pass_through(capsys):
    main(["check"])
    assert "no issues" in capsys.readouterr().out


# --- log -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_log_verify(run):
    with transaction.atomic():
        for n in range(3):
            logs.append("run:1", Event("run.told", {"n": n}), by=CLERK, at=NOW)
    status, out, err = run("log", "verify")
    assert (status, err) == (0, "")
    assert "3 条记录" in out
    status, out, _ = run("log", "verify", "--json")
    told = json.loads(out)
    assert (status, told["clean"], told["events"], told["faults"]) == (0, True, 3, [])


@pytest.mark.django_db
def test_log_verify_names_the_first_bad_event_of_each_broken_stream(run):
    with transaction.atomic():
        for stream in ("run:1", "run:2", "run:3"):
            for n in range(3):
                logs.append(stream, Event("run.told", {"n": n}), by=CLERK, at=NOW)
    triggers.drop(connection)
    LogEvent.objects.filter(stream="run:1", seq__gte=2).update(data='{"n":7}')
    LogEvent.objects.filter(stream="run:3", seq=2).delete()
    triggers.create(connection)
    status, out, _ = run("log", "verify")
    assert status == 1
    assert "run:1 第 2 条" in out
    assert "run:3 第 2 条" in out
    assert "run:2" not in out
    status, out, _ = run("log", "verify", "--json")
    assert [(f["stream"], f["seq"], f["code"]) for f in json.loads(out)["faults"]] == [
        ("run:1", 2, "altered"),
        ("run:3", 2, "gap"),
    ]
    assert run("log", "verify", "--stream", "run:2")[0] == 0
    assert run("log", "verify", "--stream", "run:1")[0] == 1


@pytest.mark.django_db
def test_a_refusal_is_one_line_with_the_next_step(run):
    status, out, err = run("log", "verify", "--stream", "case:nowhere")
    assert (status, out) == (1, "")
    assert "下一步" in one_line(err)


@pytest.mark.django_db
def test_log_proof_is_checked_without_the_database(run, monkeypatch):
    monkeypatch.setattr(logs.timezone, "now", lambda: NOW)
    with transaction.atomic():
        for n in range(5):
            logs.append(f"run:{n}", Event("run.told"), by=CLERK, at=NOW)
    seal.sweep(NOW.replace(day=4))
    status, out, _ = run("log", "proof", "run:3")
    told = json.loads(out)
    assert status == 0
    assert seal_rules.climbs(
        told["leaf"].encode(), told["position"], told["streams"], told["path"], told["root"], told["algorithm"]
    )
    assert run("log", "proof", "run:3", "--day", "2026-03-01")[0] == 1


# --- clock, calendar ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_clock_due_is_the_example_of_the_calendar(run):
    status, out, _ = run("clock", "due", "--from", "2026-02-10", "--days", "5", "--json")
    told = json.loads(out)
    assert status == 0
    assert told["due_on"] == "2026-02-24"
    assert told["provisional"] is False
    assert told["days"] == ["2026-02-11", "2026-02-12", "2026-02-13", "2026-02-14", "2026-02-24"]
    assert [(e["from"], e["to"]) for e in told["excluded"]] == [("2026-02-15", "2026-02-23")]
    assert "2026年2月24日" in run("clock", "due", "--from", "2026-02-10", "--days", "5")[1]


@pytest.mark.django_db
def test_clock_due_with_suspensions_and_extension(run):
    _, out, _ = run(
        "clock", "due", "--from", "2026-03-02", "--days", "5", "--suspend", "2026-03-04:2026-03-06",
        "--suspend", "2026-03-05:2026-03-09", "--extend", "2", "--json",
    )  # fmt: skip
    assert json.loads(out)["due_on"] == "2026-03-16"  # 3, 9, 10, 11, 12 + 13, 16


@pytest.mark.parametrize("span", ["2026-03-04", "2026-03-04:x", "2026-03-09:2026-03-04"])
@pytest.mark.django_db
def test_clock_refuses_an_impossible_span(run, span):
    status, _, err = run("clock", "due", "--from", "2026-03-02", "--days", "5", "--suspend", span)
    assert status != 0
    one_line(err)


@pytest.mark.django_db
def test_clock_minutes(run):
    _, out, _ = run("clock", "minutes", "--from", "2026-03-02T09:30", "--to", "2026-03-03T10:00", "--json")
    assert json.loads(out) == {"minutes": 450}
    _, out, _ = run("clock", "minutes", "--from", "2026-03-02T01:30+00:00", "--to", "2026-03-02T02:00Z", "--json")
    assert json.loads(out) == {"minutes": 30}
    assert run("clock", "minutes", "--from", "2026-03-03", "--to", "2026-03-02", "--json")[0] == 1


@pytest.mark.django_db(transaction=True)
def test_calendar_import_and_show(run, tmp_path):
    notice = tmp_path / "2027.csv"
    days = ["2027-01-01,元旦,holiday", "2027-05-01,劳动节,holiday", "2027-10-01,国庆节,holiday"]
    more = [f"2027-02-{d:02d},春节,holiday" for d in range(5, 12)] + ["2027-04-05,清明节,holiday"]
    more += ["2027-06-09,端午节,holiday", "2027-09-15,中秋节,holiday", "2027-02-20,春节,makeup_workday"]
    notice.write_text("\n".join(["date,name,kind", *days, *more]))
    assert json.loads(run("calendar", "show", "2027", "--json")[1])["published"] is False
    status, out, err = run("calendar", "import", notice, "--source", "通知", "--json")
    assert (status, err) == (0, "")
    told = json.loads(out)
    assert (told["years"], told["moved"]) == ([2027], 0)
    assert json.loads(run("calendar", "show", "2027", "--json")[1])["published"] is True
    assert "没有变化" in run("calendar", "import", notice)[1]
    assert run("calendar", "import", tmp_path / "none.csv")[0] == 2


# --- id ----------------------------------------------------------------------------------------------------------

CASE = "610114-20261124-000123-O"
LICENCE = "1.2.156.3005.2.11100000000013338W011.11110000000021135M.20230329701.003.Y"


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("case", CASE, CASE[:-1] + "P"),
        ("case", CASE.replace("-", ""), "610114-20261324-000123-O"),
        ("uscc", given.organisation_code(7), given.organisation_code(7)[:-1] + "!"),
        ("citizen", given.citizen_number(7), given.citizen_number(7)[:-2] + "00"),
        ("licence", "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0", LICENCE[:-1] + "X"),
        ("licence", LICENCE, "1.2.156.3005.2.1"),
    ],
)
def test_id_check(run, kind, right, wrong):
    assert run("id", "check", kind, right)[:2] == (0, "有效 / valid\n")
    status, out, _ = run("id", "check", kind, wrong)
    assert status == 1
    assert len(out.splitlines()) == 1


def test_the_check_character_of_the_example():
    assert mod37_36(CASE.replace("-", "")[:-1]) == "O"


# --- items -------------------------------------------------------------------------------------------------------


def table(rows: list[dict[str, str]], heading: list[str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, heading)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


HEADING = ["code", "title", "type", "organ", "url"]
COLUMNS = "local_task_code=code,task_name=title,task_type=type,dept_name=organ"


def foreign(count: int = 20, bad: tuple[int, ...] = ()) -> list[dict[str, str]]:
    return [
        {
            "code": "" if n in bad else f"610114-T-{n:04d}",
            "title": f"测试事项第{n}号",
            "type": "1",
            "organ": "阎良区测试局",
            "url": "http://example.invalid",
        }
        for n in range(count)
    ]


@pytest.mark.django_db
def test_items_import_of_a_foreign_table(run, tmp_path):
    file = tmp_path / "items.csv"
    file.write_text(table(foreign(20, bad=(3, 7, 19)), HEADING))
    status, out, err = run("items", "import", file, "--columns", COLUMNS, "--json")
    told = json.loads(out)
    assert status == 0
    assert (told["created"], told["updated"], told["unchanged"]) == (17, 0, 0)
    assert [line["row"] for line in told["rejected"]] == [5, 9, 21]
    assert all(line["reason"] for line in told["rejected"])
    assert "url" in one_line(err)  # what was left out is said
    assert Item.objects.count() == 17
    told = json.loads(run("items", "import", file, "--columns", COLUMNS, "--json")[1])
    assert (told["created"], told["updated"], told["unchanged"]) == (0, 0, 17)
    hits = json.loads(run("items", "search", "测试事项第5号", "--limit", "3", "--json")[1])
    assert (hits[0]["code"], hits[0]["department"], hits[0]["draft"]) == ("610114-T-0005", "阎良区测试局", True)
    assert {"code", "name", "department", "score"} <= hits[0].keys()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "columns", "says"),
    [
        (b"code,title\n1,2\n", "", "不认识的要素"),
        (b"code,title\n1,2\n", "task_name=name", "没有列：name"),
        (b"task_name,task_name\n1,2\n", "", "重复的列"),
        (b"", "", "空的"),
        (b"PK\x03\x04 no workbook", "", "XLSX"),
        (b"\xff\xfe\xff", "", "编码"),
    ],
)
def test_items_import_refuses_what_is_no_table(run, tmp_path, content, columns, says):
    file = tmp_path / "items.csv"
    file.write_bytes(content)
    status, out, err = run("items", "import", file, "--columns", columns)
    assert (status, out) == (1, "")
    assert says in one_line(err)
    assert not Item.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_items_export_comes_back_unchanged(run, tmp_path, suffix):
    file, back = tmp_path / "items.csv", tmp_path / f"back{suffix}"
    file.write_text(table(foreign(5), HEADING), encoding="gb18030")
    run("items", "import", file, "--columns", COLUMNS)
    assert run("items", "export", back)[0] == 0
    told = json.loads(run("items", "import", back, "--json")[1])
    assert (told["created"], told["updated"], told["unchanged"], told["rejected"]) == (0, 0, 5, [])
    assert run("items", "export", tmp_path / "items.doc")[0] == 2


@pytest.mark.django_db
def test_items_lint_tells_errors_by_its_status(run, tmp_path):
    assert run("items", "lint")[0] == 0
    file = tmp_path / "items.csv"
    file.write_text(table(foreign(1), HEADING))
    run("items", "import", file, "--columns", COLUMNS)
    status, out, _ = run("items", "lint", "--json")
    assert status == 1
    assert any(f["level"] == "error" for f in json.loads(out))


# --- licence -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_licence_verify_of_what_is_no_licence(run, tmp_path):
    status, out, _ = run("licence", "verify", LICENCE)
    assert status == 1
    assert "没有查到" in out
    file = tmp_path / "x.pdf"
    file.write_bytes(b"no pdf")
    status, out, _ = run("licence", "verify", file, "--json")
    assert (status, json.loads(out)["valid"]) == (1, False)
