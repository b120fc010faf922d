"""One small form per verb of the desk. Its fields are named as the command's refusals name them; `arguments()` is what
the command takes. `ACTS` is the table verb -> form; a verb that is not in it has no form on the case page."""

from __future__ import annotations

from yichuang.cases.forms.acts.acceptance import Accept, AcceptAndDecide, Decline, Redirect, RequestCorrection
from yichuang.cases.forms.acts.base import ActForm
from yichuang.cases.forms.acts.decision import (
    Archive,
    CorrectClerical,
    Deliver,
    DeliverNotice,
    Grant,
    Issue,
    Refuse,
    Terminate,
    Withdraw,
)
from yichuang.cases.forms.acts.review import Assign, EndSpecial, Extend, PassStep, ReturnStep, StartSpecial, Supply

__all__ = ["ACTS", "COMMANDS", "ActForm"]

ACTS: dict[str, type[ActForm]] = {
    form.verb: form
    for form in (
        Accept,
        AcceptAndDecide,
        RequestCorrection,
        Decline,
        Redirect,
        Assign,
        PassStep,
        ReturnStep,
        Supply,
        StartSpecial,
        EndSpecial,
        Extend,
        Grant,
        Refuse,
        Issue,
        Deliver,
        DeliverNotice,
        Withdraw,
        Terminate,
        CorrectClerical,
        Archive,
    )
}
COMMANDS: dict[str, str] = {"supply": "supply_deferred"}
"""Where a command is not called as its verb."""
