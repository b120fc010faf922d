"""The case, its steps and its suspensions: rows that only `apply` changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from yichuang.cases.rules import apply as applying
from yichuang.cases.rules import turn
from yichuang.cases.rules.facts import CHANNELS, FINAL, LIGHTS, SPECIALS, STATES, CaseFacts, Step, Suspension
from yichuang.core import compiled
from yichuang.core.events import Event
from yichuang.core.models import Logged

_FACTS = tuple(f.name for f in fields(CaseFacts) if f.name not in ("steps", "suspensions", "flags", "deferred"))


AWAITS = tuple(f"awaits_{role}" for role in turn.ROLES)


class Case(Logged):
    """办件. The columns of `replayed` follow from the log alone; the others are for lists and can be made again.

    Its steps and suspensions belong to it: `load_parts()` (or `of(case, parts=True)` of the commands) brings them,
    `apply` changes them and `save` writes the changed ones, so that no command can forget a row.
    """

    stream_kind = "case"
    stream_field = "number"
    replayed = (*_FACTS, "flags", "deferred", "open", "sorted_on", "specials", *AWAITS)

    number = models.CharField("办件编号", max_length=40, unique=True)
    division = models.CharField(max_length=6)
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    point = models.CharField("服务点代码", max_length=20, blank=True)
    channel = models.CharField("申请方式", max_length=10, choices=list(CHANNELS.items()))
    applicant = models.ForeignKey("identity.Applicant", on_delete=models.PROTECT, related_name="cases")
    agent = models.ForeignKey(
        "identity.Applicant", null=True, blank=True, on_delete=models.PROTECT, related_name="cases_as_agent"
    )
    instant = models.BooleanField("即办件", default=False)
    licensed = models.BooleanField("结果为证照", default=False)
    acceptance_days = models.PositiveSmallIntegerField(default=5)
    statutory_days = models.PositiveSmallIntegerField(default=20)
    statutory_type = models.CharField(max_length=10, default="working")
    promised_days = models.PositiveSmallIntegerField(default=20)
    promised_type = models.CharField(max_length=10, default="working")
    handling = models.CharField("业务办理项", max_length=40, blank=True)

    state = models.CharField(max_length=12, choices=list(STATES.items()))
    open = models.BooleanField(default=True)
    received_at = models.DateTimeField("收件时间")
    accepted_at = models.DateTimeField("受理时间", null=True, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    issued_at = models.DateTimeField("制证时间", null=True, blank=True)
    delivered_at = models.DateTimeField("送达时间", null=True, blank=True)
    closed_at = models.DateTimeField("终结时间", null=True, blank=True)
    deemed = models.BooleanField("逾期视为受理", default=False)
    handler = models.ForeignKey("identity.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    corrections = models.PositiveSmallIntegerField("补正次数", default=0)
    correction_due_on = models.DateField(null=True, blank=True)
    lapse_warnings = models.PositiveSmallIntegerField(default=0)
    warned_on = models.DateField(null=True, blank=True)
    extended_days = models.PositiveSmallIntegerField(default=0)
    decision = models.CharField(max_length=10, blank=True, choices=[("granted", "准予"), ("refused", "不予")])
    decision_number = models.CharField("决定文书号", max_length=80, blank=True)
    licence = models.ForeignKey("licences.Licence", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    deferred = models.JSONField("容缺材料及补交日期", default=dict, blank=True)
    flags = models.JSONField("亮灯记录", default=list, blank=True)

    acceptance_due_on = models.DateField(null=True, blank=True)
    statutory_due_on = models.DateField(null=True, blank=True)
    promised_due_on = models.DateField(null=True, blank=True)
    delivery_due_on = models.DateField(null=True, blank=True)
    due_on = models.DateField("当前期限", null=True, blank=True)
    provisional = models.BooleanField(default=False)
    moving = models.BooleanField("特别程序中，期限顺延", default=False)
    moving_from = models.DateField("顺延中期限的计算日", null=True, blank=True)
    light = models.CharField(max_length=8, blank=True, choices=list(LIGHTS.items()))
    attention_on = models.DateField("下次须由系统检查的日期", null=True, blank=True)

    # for lists: made from the columns above with every event
    sorted_on = models.DateField("期限（无期限的排在最后）", default=date.max)
    awaits_window_clerk = models.BooleanField(default=False)
    awaits_handler = models.BooleanField(default=False)
    awaits_reviewer = models.BooleanField(default=False)
    awaits_head = models.BooleanField(default=False)
    specials = models.PositiveSmallIntegerField("特别程序次数", default=0)

    # of other rows, not of the log
    title = models.CharField("事项名称", max_length=300)
    applicant_name = models.CharField(max_length=200, blank=True)
    submission_key = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission_key"], condition=~Q(submission_key=""), name="case_submitted_once"
            ),
            models.CheckConstraint(condition=Q(state__in=[s for s in STATES if s != "draft"]), name="case_state"),
            models.CheckConstraint(
                condition=Q(open=True, state__in=[s for s in STATES if s not in FINAL])
                | Q(open=False, state__in=list(FINAL)),
                name="case_open_by_state",
            ),
            models.CheckConstraint(
                condition=Q(promised_days__lte=F("statutory_days")) | ~Q(promised_type=F("statutory_type")),
                name="case_promise",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["granted", "refused", "closed", "archived"])
                | Q(accepted_at__isnull=False, decided_at__isnull=False) & ~Q(decision=""),
                name="case_decided_after_acceptance",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(decided_at__gte=F("accepted_at")), name="case_times_in_order"
            ),
            models.CheckConstraint(condition=Q(extended_days__lte=15), name="case_extension_limit"),
        ]
        indexes = [
            models.Index(fields=["department", "sorted_on", "id"], condition=Q(open=True), name="case_work_department"),
            models.Index(fields=["handler", "sorted_on", "id"], condition=Q(open=True), name="case_work_handler"),
            models.Index(fields=["point", "sorted_on", "id"], condition=Q(open=True), name="case_work_point"),
            models.Index(fields=["division", "sorted_on", "id"], condition=Q(open=True), name="case_work_division"),
            models.Index(
                fields=["department", "sorted_on", "id"],
                condition=Q(open=True, awaits_window_clerk=True),
                name="case_awaits_clerk",
            ),
            models.Index(
                fields=["department", "sorted_on", "id"],
                condition=Q(open=True, awaits_handler=True, handler__isnull=True),
                name="case_awaits_handler",
            ),
            models.Index(
                fields=["department", "sorted_on", "id"],
                condition=Q(open=True, awaits_reviewer=True),
                name="case_awaits_reviewer",
            ),
            models.Index(
                fields=["department", "sorted_on", "id"],
                condition=Q(open=True, awaits_head=True),
                name="case_awaits_head",
            ),
            models.Index(fields=["attention_on", "id"], condition=Q(open=True), name="case_attention"),
            models.Index(fields=["department", "-received_at", "-id"], name="case_department_received"),
            models.Index(fields=["division", "-received_at", "-id"], name="case_division_received"),
            models.Index(fields=["point", "-received_at", "-id"], condition=~Q(point=""), name="case_point_received"),
            models.Index(fields=["applicant", "-received_at", "-id"], name="case_applicant"),
            models.Index(fields=["agent", "-received_at", "-id"], condition=Q(agent__isnull=False), name="case_agent"),
            models.Index(fields=["item", "-received_at"], name="case_item"),
            models.Index(fields=["applicant_name"], opclasses=["varchar_pattern_ops"], name="case_applicant_name"),
        ]

    # what `apply` keeps beside the columns: None means "not brought from the database"
    parts_: tuple[tuple[Step, ...], tuple[Suspension, ...]] | None = None
    saved_: tuple[tuple[Step, ...], tuple[Suspension, ...]] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.pk is None:
            self.parts_ = self.saved_ = ((), ())

    @property
    def scopes(self) -> tuple[str, str]:
        return (f"department:{self.department_id}", f"point:{self.point}")

    def load_parts(self) -> Case:
        """Bring steps and suspensions, once: one query, two where there was a special procedure."""
        if self.parts_ is None:
            self.parts_ = self.saved_ = (
                tuple(s.value() for s in compiled.rows(_steps_of, self.pk)),
                tuple(s.value() for s in compiled.rows(_suspensions_of, self.pk)) if self.specials else (),
            )
        return self

    def facts(self) -> CaseFacts:
        """The case as a value. Steps and suspensions are in it only when `load_parts` brought them."""
        steps, suspensions = self.parts_ or ((), ())
        return CaseFacts(
            **{name: getattr(self, name) for name in _FACTS},
            flags=tuple(self.flags),
            deferred=tuple(self.deferred.items()),
            steps=steps,
            suspensions=suspensions,
        )

    def apply(self, event: Event) -> None:
        if self.parts_ is None and event.kind in applying.NEEDS_PARTS:
            raise RuntimeError(f"{event.kind} moves steps or suspensions: load_parts() first")
        before = self.facts()
        self._take(applying.apply(before if before.number else before.but(state="draft"), event))

    @classmethod
    def replay(cls, events: Iterable[Event]) -> Case:
        case, facts = cls(), CaseFacts()
        for event in events:
            facts = applying.apply(facts, event)
            case.seq = event.seq
        case._take(facts)
        return case

    def _take(self, after: CaseFacts) -> None:
        """The columns that follow from the facts."""
        for name in _FACTS:
            setattr(self, name, getattr(after, name))
        self.flags, self.deferred = list(after.flags), dict(after.deferred)
        self.open = after.state not in FINAL
        self.sorted_on = after.due_on or date.max
        if self.parts_ is not None:
            self.parts_ = (after.steps, after.suspensions)
            self.specials = len(after.suspensions)
        if self.parts_ is not None or after.state != "accepted":
            roles = turn.awaits(after)
            for role in turn.ROLES:
                setattr(self, f"awaits_{role}", role in roles)

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        if self.parts_ is not None and self.parts_ != self.saved_:
            _write(self, CaseStep, self.parts_[0], self.saved_[0] if self.saved_ else ())
            _write(self, CaseSuspension, self.parts_[1], self.saved_[1] if self.saved_ else ())
            self.saved_ = self.parts_


class CaseStep(models.Model):
    """A step (环节) of a case, as its version had it when the case was accepted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=30)
    kind = models.CharField(max_length=20)
    group = models.PositiveSmallIntegerField()
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField(default=0)
    required = models.BooleanField(default=True)
    joint = models.BooleanField("由其他部门办理", default=False)
    state = models.CharField(max_length=10)
    round = models.PositiveSmallIntegerField(default=1)
    conclusion = models.CharField(max_length=10, blank=True)
    by = models.CharField(max_length=80, blank=True)
    staff = models.JSONField(default=list)
    opened_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)

    KEY = "code"

    class Meta:
        ordering = ["group", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "code"], name="case_step_once")]
        indexes = [
            models.Index(fields=["department", "role", "case"], condition=Q(state="open"), name="case_step_open"),
            models.Index(fields=["department", "case"], condition=Q(joint=True), name="case_step_joint"),
        ]

    def value(self) -> Step:
        return Step(
            **{f.name: getattr(self, f.name) for f in fields(Step) if f.name != "staff"}, staff=tuple(self.staff)
        )


class CaseSuspension(models.Model):
    """A special procedure (特别程序) of a case: [started_on, ended_on)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="suspensions")
    no = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=list(SPECIALS.items()))
    needed_days = models.PositiveSmallIntegerField()
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    KEY = "no"

    class Meta:
        ordering = ["no"]
        constraints = [
            models.UniqueConstraint(fields=["case", "no"], name="case_suspension_once"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")), name="case_suspension_order"
            ),
            models.CheckConstraint(condition=Q(needed_days__gt=0), name="case_suspension_needed_time"),
        ]

    def value(self) -> Suspension:
        return Suspension(**{f.name: getattr(self, f.name) for f in fields(Suspension)})


def _steps_of(case: int) -> models.QuerySet[CaseStep]:
    return CaseStep.objects.filter(case=case)


def _suspensions_of(case: int) -> models.QuerySet[CaseSuspension]:
    return CaseSuspension.objects.filter(case=case)


def _write(
    case: Case,
    table: type[CaseStep] | type[CaseSuspension],
    now: tuple[Any, ...],
    before: tuple[Any, ...],
) -> None:
    """Insert the parts that are new, update those that differ: one statement."""
    old = {getattr(part, table.KEY): part for part in before}
    rows = []
    for part in now:
        if old.get(getattr(part, table.KEY)) != part:
            values = {f.name: getattr(part, f.name) for f in fields(part)}
            if table is CaseStep:
                values |= {"staff": list(part.staff), "joint": part.department_id != case.department_id}
            rows.append(table(case=case, **values))
    if rows:
        names = [f.name for f in table._meta.concrete_fields if f.name not in ("id", "case", table.KEY)]
        table._default_manager.bulk_create(
            rows,  # type: ignore[arg-type]  # one table, one kind of row
            update_conflicts=bool(old),
            unique_fields=["case", table.KEY] if old else None,
            update_fields=names if old else None,
        )
