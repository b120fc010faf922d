"""Who does what while the case is examined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yichuang.cases.rules.facts import SPECIALS
from yichuang.core.forms import ChoiceField, DateField

if TYPE_CHECKING:
    pass
from yichuang.cases.forms.acts.base import ActForm, long_text


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
