"""One small form per verb of the desk. Its fields are named as the command's refusals name them; `arguments()` is what
the command takes. `ACTS` is the table verb -> form; a verb that is not in it has no form on the case page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from yichuang.cases.rules.face import Line, face
from yichuang.cases.rules.facts import GROUNDS, SPECIALS, WAYS
from yichuang.core.forms import ChoiceField, DateField, Form
from yichuang.core.refusal import Refusal

if TYPE_CHECKING:
    from yichuang.cases.queries import CasePage

Words = Any


def long_text(
    label: Words, *, required: bool = True, help: Words = "", rows: int = 3, initial: str = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help,
        initial=initial,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": _("请填写%(label)s。") % {"label": label}},
    )


class ActForm(Form):
    """A verb on a case. page: the case as the actor sees it. staff: (key, name) who may be named, where the verb names
    somebody. tone: "seal" for official acts, "danger" for an end, "primary" else. layout: template of the fields, "" for one below the other.
    button: its words, where the verb's own say too little."""

    verb: ClassVar[str] = ""
    tone: ClassVar[str] = "primary"
    lead: ClassVar[Words] = ""
    layout: ClassVar[str] = ""
    button: ClassVar[Words] = ""
    multipart: ClassVar[bool] = False
    names_staff: ClassVar[bool] = False
    error_title = _("还不能办理")

    def __init__(
        self, page: CasePage, data: Any = None, *, staff: Iterable[tuple[int, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.page = page
        self.staff = tuple((str(key), name) for key, name in staff)
        self.build()

    def build(self) -> None:
        """Fields that depend on the case."""

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of the command, from a valid form."""
        return dict(self.cleaned_data)

    @property
    def parts(self) -> list[Any]:
        """For a form that shows its fields in groups (material by material); empty for a plain one."""
        return []


class Checklist(ActForm):
    """Material by material: points to tick, paper copies, the day by which a deferrable one follows."""

    layout = "cases/acts/checklist.html"

    def build(self) -> None:
        for line in self.page.materials:
            facts = self.page.version.material(line.code)
            if not line.applies or facts is None:
                continue
            if facts.points:
                self.fields[f"material.{line.code}"] = forms.MultipleChoiceField(
                    label=line.name,
                    required=False,
                    choices=[(p, p) for p in facts.points],
                    initial=list(line.ticks),
                    widget=forms.CheckboxSelectMultiple,
                )
            if not facts.exempt:
                self.fields[f"paper.{line.code}"] = forms.IntegerField(
                    label=_("纸质份数"),
                    required=False,
                    min_value=0,
                    max_value=99,
                    initial=line.copies or None,
                    widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "yc-w-short"}),
                )
            if line.need == "3" and line.state not in ("provided", "paper"):
                self.fields[f"deferred.{line.code}"] = DateField(label=_("约定补交日期"), required=False)
        self.fields["note"] = forms.CharField(label=_("备注"), required=False, max_length=500)

    @property
    def parts(self) -> list[Any]:
        return [
            {
                "line": line,
                "facts": self.page.version.material(line.code),
                "points": self[f"material.{line.code}"] if f"material.{line.code}" in self.fields else None,
                "paper": self[f"paper.{line.code}"] if f"paper.{line.code}" in self.fields else None,
                "deferred": self[f"deferred.{line.code}"] if f"deferred.{line.code}" in self.fields else None,
            }
            for line in self.page.materials
            if line.applies and self.page.version.material(line.code)
        ]

    def _of(self, prefix: str) -> dict[str, Any]:
        """code -> what was given under "prefix.<code>"."""
        return {
            name.partition(".")[2]: value
            for name, value in self.cleaned_data.items()
            if name.startswith(f"{prefix}.") and value not in (None, "", [])
        }

    def arguments(self) -> dict[str, Any]:
        return {"ticks": self._of("material"), "paper": self._of("paper"), "note": self.cleaned_data["note"]}

    def take(self, refusal: Refusal | Mapping[str, str], *, prefix: str = "") -> None:
        """As the kit does; what names a material lands beside its copies, or beside the day that was to be agreed."""
        if isinstance(refusal, Refusal) and refusal.fields:
            refusal = {self._beside(path): message for path, message in refusal.fields.items()}
        super().take(refusal, prefix=prefix)

    def _beside(self, path: str) -> str:
        code = path.removeprefix("material.")
        return next((name for name in (f"deferred.{code}", f"paper.{code}") if name in self.fields), path)


class Accept(Checklist):
    verb = "accept"
    tone = "seal"
    lead = _("逐项核对材料。受理后出具受理通知书，办理期限从今天的次日起算。")

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "deferred": self._of("deferred")}


class AcceptAndDecide(Checklist):
    verb = "accept_and_decide"
    tone = "seal"
    lead = _("即办件：材料齐全、符合法定形式的，当场受理并作出准予决定。")


class RequestCorrection(ActForm):
    """What is to be mended, per material and per field, all at once. What is lacking is filled in already."""

    verb = "request_correction"
    layout = "cases/acts/correction.html"
    lead = _("一次性告知全部需要补正的内容。没有写在这里的，不得再要求补正。")
    SPARE = 2

    def build(self) -> None:
        for line in self.page.materials:
            facts = self.page.version.material(line.code)
            if not line.applies or facts is None:
                continue
            lacking = line.need == "1" and line.state == "missing"
            if facts.points:
                self.fields[f"fails.{line.code}"] = forms.MultipleChoiceField(
                    label=_("不符合的核对点"),
                    required=False,
                    choices=[(p, p) for p in facts.points],
                    widget=forms.CheckboxSelectMultiple,
                )
            self.fields[f"material.{line.code}"] = forms.CharField(
                label=_("怎样补正"),
                required=False,
                max_length=500,
                initial=_("未提交，请补交。") if lacking else "",
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        choices: list[tuple[str, Any]] = [("", _("（不涉及）"))]
        definition = self.page.version.form
        for group, item in definition.walk():
            path = f"{group.code}.0.{item.code}" if group.repeat else f"{group.code}.{item.code}"
            choices.append((path, f"{group.title}：{item.label}"))
        for n in range(self._rows()):
            self.fields[f"field.{n}"] = forms.ChoiceField(
                label=_("表中的一栏"), required=False, choices=choices, widget=forms.Select
            )
            self.fields[f"what.{n}"] = forms.CharField(label=_("怎样修改"), required=False, max_length=500)
        self.fields["due_on"] = DateField(
            label=_("补正期限"), required=False, help_text=_("不填的，按部门规定的补正期限。")
        )
        if self.page.case.corrections:
            self.fields["reason"] = long_text(_("再次补正的理由"), help=_("本件已告知过补正，再次要求补正须说明理由。"))

    def _rows(self) -> int:
        used = [n for n in range(50) if self.data.get(f"field.{n}") or self.data.get(f"what.{n}")]
        return min(50, max(self.SPARE, (used[-1] + 2) if used else 0))

    @property
    def parts(self) -> list[Any]:
        return [
            {
                "line": line,
                "facts": self.page.version.material(line.code),
                "fails": self[f"fails.{line.code}"] if f"fails.{line.code}" in self.fields else None,
                "what": self[f"material.{line.code}"],
            }
            for line in self.page.materials
            if f"material.{line.code}" in self.fields
        ]

    @property
    def field_rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"field.{n}"], self[f"what.{n}"]) for n in range(self._rows())]

    def points(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = []
        for line in self.page.materials:
            if f"material.{line.code}" not in self.fields:
                continue
            fails = self.cleaned_data.get(f"fails.{line.code}") or []
            said = (self.cleaned_data.get(f"material.{line.code}") or "").strip()
            what = "；".join([*(f"“{point}”未达到要求" for point in fails), *([said] if said else [])])
            if what:
                found.append({"material": line.code, "what": what})
        for n in range(self._rows()):
            path, what = self.cleaned_data.get(f"field.{n}", ""), (self.cleaned_data.get(f"what.{n}") or "").strip()
            if path or what:
                found.append({"field": path, "what": what} if path else {"what": what})
        return found

    def arguments(self) -> dict[str, Any]:
        return {
            "points": self.points(),
            "due_on": self.cleaned_data.get("due_on"),
            "reason": self.cleaned_data.get("reason", ""),
        }


class Decline(ActForm):
    verb = "decline"
    tone = "seal"
    lead = _("依法不需要取得行政许可，或者不符合受理条件的，出具不予受理决定书。")

    def build(self) -> None:
        self.fields["reasons"] = long_text(_("不予受理的理由"))
        self.fields["basis"] = forms.CharField(label=_("依据"), required=False, max_length=500)


class Redirect(ActForm):
    verb = "redirect"
    tone = "seal"
    lead = _("不属于本机关职权的，当场决定不予受理，并告知向哪个机关申请。")

    def build(self) -> None:
        self.fields["to"] = forms.CharField(
            label=_("应当向哪个机关申请"), max_length=200, error_messages={"required": _("请写明有权机关的名称。")}
        )
        self.fields["reasons"] = long_text(_("说明"), required=False)


class Assign(ActForm):
    verb = "assign"
    names_staff = True

    def build(self) -> None:
        self.fields["staff_id"] = ChoiceField(
            label=_("承办人"), choices=self.staff, error_messages={"required": _("请选择承办人。")}
        )

    def arguments(self) -> dict[str, Any]:
        return {"staff_id": int(self.cleaned_data["staff_id"])}


class PassStep(ActForm):
    verb = "pass_step"
    layout = "cases/acts/step.html"
    button = _("提交意见")
    names_staff = True

    def steps(self) -> list[Any]:
        return [s for s in self.page.steps if s.state == "open" and s.kind != "decide"]

    def build(self) -> None:
        steps = self.steps()
        self.fields["step"] = ChoiceField(
            label=_("环节"), choices=[(s.code, s.name) for s in steps], initial=steps[0].code if steps else None
        )
        if len(steps) == 1:
            self.fields["step"].widget = forms.HiddenInput()
        self.fields["conclusion"] = ChoiceField(
            label=_("结论"), choices=[("grant", _("建议准予")), ("refuse", _("建议不予"))], initial="grant"
        )
        if any(s.kind == "site_check" for s in steps):
            self.fields["staff"] = forms.MultipleChoiceField(
                label=_("参加核查的人员"),
                help_text=_("实地核查须两名以上工作人员。"),
                required=False,
                choices=self.staff,
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields["opinion"] = long_text(_("办理意见"))

    @property
    def standards(self) -> list[tuple[str, str]]:
        """What each open step is to check."""
        told = {s.code: s.standard for s in self.page.version.steps}
        return [(s.name, told.get(s.code, "")) for s in self.steps() if told.get(s.code)]

    def arguments(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        found["staff"] = tuple(int(key) for key in found.pop("staff", ()))
        return found


class ReturnStep(ActForm):
    verb = "return_step"

    def build(self) -> None:
        open_steps = [s for s in self.page.steps if s.state == "open"]
        passed = [s for s in self.page.steps if s.state == "passed"]
        self.fields["step"] = ChoiceField(
            label=_("从哪个环节退回"),
            choices=[(s.code, s.name) for s in open_steps],
            initial=open_steps[0].code if open_steps else None,
        )
        if len(open_steps) == 1:
            self.fields["step"].widget = forms.HiddenInput()
        self.fields["to"] = ChoiceField(
            label=_("退回到"),
            choices=[(s.code, s.name) for s in passed],
            initial=passed[-1].code if len(passed) == 1 else None,
            error_messages={"required": _("请选择退回到哪个环节。")},
        )
        self.fields["reason"] = long_text(_("退回理由"))


class Supply(ActForm):
    """A deferred material has come: on paper here; files are added on the same form."""

    verb = "supply"
    multipart = True

    def build(self) -> None:
        named = {m.code: m.name for m in self.page.materials}
        self.fields["material"] = ChoiceField(
            label=_("补交的材料"),
            choices=[(code, named.get(code, code)) for code in self.page.case.deferred],
            initial=next(iter(self.page.case.deferred), None) if len(self.page.case.deferred) == 1 else None,
        )
        self.fields["copies"] = forms.IntegerField(
            label=_("纸质份数"), required=False, min_value=0, max_value=99,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "yc-w-short"}),
        )  # fmt: skip

    def arguments(self) -> dict[str, Any]:
        return {"material": self.cleaned_data["material"], "copies": self.cleaned_data["copies"] or 0}


class StartSpecial(ActForm):
    verb = "start_special"
    lead = _("听证、检验、检测、鉴定、专家评审等所需时间不计入办理期限，须把所需时间书面告知申请人。")

    def build(self) -> None:
        self.fields["kind"] = ChoiceField(label=_("特别程序"), choices=list(SPECIALS.items()), widget=forms.Select)
        self.fields["needed_days"] = forms.IntegerField(
            label=_("所需时间（工作日）"),
            min_value=1,
            max_value=400,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "yc-w-short"}),
            error_messages={"required": _("请填写所需时间，并书面告知申请人。")},
        )
        self.fields["started_on"] = DateField(label=_("启动日期"), required=False, help_text=_("不填的，从今天起。"))
        self.fields["reason"] = long_text(_("启动理由"))


class EndSpecial(ActForm):
    verb = "end_special"

    def build(self) -> None:
        running = [s for s in self.page.suspensions if s.ended_on is None]
        self.fields["no"] = ChoiceField(
            label=_("结束哪一项"),
            choices=[(str(s.no), f"{s.get_kind_display()}（{s.started_on}）") for s in running],
            initial=str(running[0].no) if running else None,
        )
        if len(running) == 1:
            self.fields["no"].widget = forms.HiddenInput()
        self.fields["ended_on"] = DateField(
            label=_("结束日期"), required=False, help_text=_("不填的，为今天。结束当天恢复计时。")
        )
        self.fields["result"] = long_text(_("结果"), required=False)

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data, "no": int(self.cleaned_data["no"])}


class Extend(ActForm):
    verb = "extend"
    tone = "seal"
    lead = _("只能延长一次，须在法定期限届满前作出，并把理由告知申请人。")

    def build(self) -> None:
        self.fields["days"] = forms.IntegerField(
            label=_("延长天数（工作日）"),
            min_value=1,
            max_value=15,
            help_text=_("最多十个；统一办理、联合办理的最多十五个。"),
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "yc-w-short"}),
        )
        self.fields["joint"] = forms.BooleanField(label=_("统一办理、联合办理或者集中办理"), required=False)
        self.fields["approval"] = forms.CharField(
            label=_("政府批准文号"), required=False, max_length=80, help_text=_("统一办理、联合办理的必填。")
        )
        self.fields["reason"] = long_text(_("延长理由"))


class Grant(ActForm):
    verb = "grant"
    tone = "seal"

    def build(self) -> None:
        against = any(s.conclusion == "refuse" for s in self.page.steps)
        help = _("审查环节建议不予，决定准予的须说明理由。") if against else ""
        self.fields["opinion"] = long_text(_("决定意见"), required=against, help=help)


class Refuse(ActForm):
    verb = "refuse"
    tone = "seal"
    lead = _("不予许可须书面说明理由，决定书会写明申请行政复议（60日）和提起行政诉讼（6个月）的权利。")

    def build(self) -> None:
        self.fields["reasons"] = long_text(_("不予许可的理由"), rows=5)
        self.fields["basis"] = forms.CharField(label=_("依据"), required=False, max_length=500)
        self.fields["false_statement"] = forms.BooleanField(
            label=_("申请人隐瞒有关情况或者提供虚假材料（行政许可法第七十八条）"), required=False
        )
        self.fields["bar"] = forms.BooleanField(
            label=_("并且该事项直接关系公共安全、人身健康、生命财产安全：一年内不得再次申请该项许可"), required=False
        )


class Issue(ActForm):
    verb = "issue"
    layout = "cases/acts/issue.html"
    button = _("制作并签章")
    tone = "seal"
    lead = _("制作证照或决定文书并签章。证照上的内容取自核定的申请表。")

    def arguments(self) -> dict[str, Any]:
        return {}

    @property
    def face(self) -> tuple[Line, ...]:
        """What the licence will show."""
        declared = self.page.form
        return face(self.page.version, declared.values, declared.content.get("applicant", {})) if declared else ()


class Deliver(ActForm):
    verb = "deliver"

    def build(self) -> None:
        wanted = self.page.form.content.get("delivery", {}) if self.page.form else {}
        self.fields["way"] = ChoiceField(
            label=_("送达方式"), choices=list(WAYS.items()), initial=wanted.get("way") or "counter"
        )
        self.fields["recipient"] = forms.CharField(
            label=_("领取人（签收人）"), required=False, max_length=80, initial=wanted.get("recipient", ""),
            help_text=_("窗口领取的必填。"),
        )  # fmt: skip
        self.fields["recipient_id"] = forms.CharField(
            label=_("领取人证件号码"),
            required=False,
            max_length=40,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        self.fields["tracking"] = forms.CharField(
            label=_("运单号"), required=False, max_length=40, help_text=_("邮寄送达的必填。")
        )
        self.fields["note"] = forms.CharField(label=_("备注"), required=False, max_length=200)


class DeliverNotice(Deliver):
    verb = "deliver_notice"


class Withdraw(ActForm):
    verb = "withdraw"
    tone = "danger"
    lead = _("应申请人要求撤回。请核验申请人身份并留存书面申请。")

    def build(self) -> None:
        self.fields["reason"] = long_text(_("撤回原因"), required=False)


class Terminate(ActForm):
    verb = "terminate"
    tone = "danger"
    lead = _("申请人不复存在，或容缺材料逾期未补等法定情形。提供虚假材料的，应当作出不予许可决定，不得终止。")

    def build(self) -> None:
        self.fields["ground"] = ChoiceField(
            label=_("终止事由"), choices=list(GROUNDS.items()), error_messages={"required": _("请选择终止事由。")}
        )
        self.fields["reasons"] = long_text(_("具体理由"))


class CorrectClerical(ActForm):
    verb = "correct_clerical"

    def build(self) -> None:
        self.fields["document_id"] = ChoiceField(
            label=_("哪份文书"),
            choices=[
                (str(d.pk), f"{d.get_kind_display()} {d.number}") for d in self.page.documents if d.kind != "clerical"
            ],
            widget=forms.Select,
        )
        self.fields["was"] = forms.CharField(label=_("更正前"), max_length=500)
        self.fields["now"] = forms.CharField(label=_("更正后"), max_length=500)

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data, "document_id": int(self.cleaned_data["document_id"])}


class Archive(ActForm):
    verb = "archive"
    lead = _("归档后不再变更。")

    def arguments(self) -> dict[str, Any]:
        return {}


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
