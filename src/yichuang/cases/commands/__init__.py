"""Every write of cases: one legal verb, one function, one transaction, at least one event. Import from here."""

from yichuang.cases.commands.acceptance import (
    accept,
    accept_and_decide,
    decline,
    deem_accepted,
    redirect,
    request_correction,
)
from yichuang.cases.commands.bars import lift_bar, record_bar
from yichuang.cases.commands.decision import grant, refuse, terminate, withdraw
from yichuang.cases.commands.delivery import archive, correct_clerical, deliver, deliver_notice, issue
from yichuang.cases.commands.desk import read_notice, set_thresholds
from yichuang.cases.commands.documents import render
from yichuang.cases.commands.drafts import attach, detach, discard_draft, save_draft, start_draft
from yichuang.cases.commands.forgetting import erase, forget, forget_applicant
from yichuang.cases.commands.intake import intake, resubmit, submit
from yichuang.cases.commands.review import (
    assign,
    end_special,
    extend,
    pass_step,
    return_step,
    start_special,
    supply_deferred,
    take,
)
from yichuang.cases.commands.sweeps import attend, open_cases, recompute

__all__ = [
    "accept",
    "accept_and_decide",
    "archive",
    "assign",
    "attach",
    "attend",
    "correct_clerical",
    "decline",
    "deem_accepted",
    "deliver",
    "deliver_notice",
    "detach",
    "discard_draft",
    "end_special",
    "erase",
    "extend",
    "forget",
    "forget_applicant",
    "grant",
    "intake",
    "issue",
    "lift_bar",
    "open_cases",
    "pass_step",
    "read_notice",
    "recompute",
    "record_bar",
    "redirect",
    "refuse",
    "render",
    "request_correction",
    "resubmit",
    "return_step",
    "save_draft",
    "set_thresholds",
    "start_draft",
    "start_special",
    "submit",
    "supply_deferred",
    "take",
    "terminate",
    "withdraw",
]
