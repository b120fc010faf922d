"""An item of service and its versions."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yichuang.catalogue.rules import content, facts, publication
from yichuang.core.events import Event
from yichuang.core.models import Logged

DRAFT, PUBLISHED, RETIRED = "draft", "published", "retired"
STATES = [(DRAFT, "草稿"), (PUBLISHED, "已发布"), (RETIRED, "已废止")]
SUBMITTED, APPROVED = "submitted", "approved"

ELEMENT_COLUMNS: tuple[str, ...] = (
    *(e.name for e in content.ELEMENTS if e.name not in ("department", "aliases")),
    "licence",
    "publicity",
    "form",
    "situations",
)


class Item(Logged):
    """政务服务事项. code: local_task_code, else task_code: the key of imports. The card (name to mobile) is what lists and
    search show: of the published version, else of the newest draft. current: the published version, else the last one."""

    stream_kind: ClassVar[str] = "item"
    replayed: ClassVar[tuple[str, ...]] = (
        "division",
        "code",
        "name",
        "department_id",
        "task_type",
        "audience",
        "online",
        "mobile",
        "state",
        "current_id",
    )

    division = models.CharField("行政区划", max_length=12)
    code = models.CharField("事项编码", max_length=100)
    name = models.CharField("事项名称", max_length=1000)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="items")
    task_type = models.CharField("事项类型", max_length=2, blank=True)
    audience = models.CharField("主要服务对象", max_length=10, blank=True)
    online = models.BooleanField("网上可办", default=False)
    mobile = models.BooleanField("掌上可办", default=False)
    state = models.CharField("状态", max_length=10, choices=STATES, default=DRAFT)
    current = models.ForeignKey("catalogue.ItemVersion", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "code"], name="item_code"),
            models.CheckConstraint(condition=Q(state__in=[DRAFT, PUBLISHED, RETIRED]), name="item_state"),
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="item_state_id"),
            models.Index(fields=["department", "state", "id"], name="item_department"),
            models.Index(fields=["task_type", "state", "id"], name="item_type"),
        ]

    def __str__(self) -> str:
        return self.name

    def apply(self, event: Event) -> None:
        data = event.data
        if event.kind == "item.created":
            self.division, self.code, self.state = data["division"], data["code"], DRAFT
            self.created_at = event.at or self.created_at
        elif event.kind == "item.published":
            self.state, self.current_id = PUBLISHED, data["version"]
        elif event.kind == "item.retired":
            self.state = RETIRED
        elif event.kind != "item.described":
            raise ValueError(f"an item does not know {event.kind}")
        for name, value in data.get("card", {}).items():
            setattr(self, name, value)


class ItemVersion(Logged):
    """事项版本: the national elements as columns, by their national names. Changes only while it is a draft; at most one
    version of an item is published. digest: of the whole content (rules.content), nested lists included.

    stage: of a draft, how far it is on its way into force (rules.publication); effective_planned: the day it is to begin."""

    stream_kind: ClassVar[str] = "version"
    replayed: ClassVar[tuple[str, ...]] = (
        "item_id",
        "number",
        "state",
        "digest",
        "effective_on",
        "retired_on",
        "department_id",
        "drafted_by",
        "published_by",
        "stage",
        "submitted_by",
        "submitted_at",
        "effective_planned",
        "approved_by",
        *ELEMENT_COLUMNS,
    )

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本号")
    state = models.CharField("状态", max_length=10, choices=STATES, default=DRAFT)
    digest = models.CharField(max_length=64)
    drafted_by = models.CharField(max_length=80)
    published_by = models.CharField(max_length=80, blank=True)
    effective_on = models.DateField("实施日期", null=True, blank=True)
    retired_on = models.DateField("废止日期", null=True, blank=True)
    created_at = models.DateTimeField()
    stage = models.CharField("送审情况", max_length=10, choices=list(publication.STAGES.items()), blank=True)
    submitted_by = models.CharField(max_length=80, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    effective_planned = models.DateField("计划实施日期", null=True, blank=True)
    approved_by = models.CharField(max_length=80, blank=True)

    task_name = models.CharField("事项名称", max_length=1000)
    catalog_code = models.CharField("基本编码", max_length=12, blank=True)
    local_catalog_code = models.CharField("地方基本编码", max_length=80, blank=True)
    task_code = models.CharField("实施编码", max_length=31, blank=True)
    local_task_code = models.CharField("地方实施编码", max_length=100, blank=True)
    task_handle_item = models.CharField("业务办理项编码", max_length=33, blank=True)
    task_type = models.CharField("事项类型", max_length=2, blank=True)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="item_versions")
    dept_type = models.CharField("实施主体性质", max_length=1, blank=True)
    entrust_name = models.CharField("委托部门", max_length=200, blank=True)
    other_dept = models.CharField("联办机构", max_length=300, blank=True)
    use_level = models.CharField("行使层级", max_length=1, blank=True)
    power_source = models.CharField("权力来源", max_length=100, blank=True)
    is_filing = models.BooleanField("是否备案类", null=True)
    taken_over_from = models.CharField("划转前实施部门", max_length=80, blank=True)
    task_state = models.CharField("事项状态", max_length=1, blank=True)
    main_audience = models.CharField("主要服务对象", max_length=10, blank=True)
    server_type = models.JSONField("服务对象类别", default=list)
    summary = models.CharField("一句话说明", max_length=300, blank=True)
    by_law = models.TextField("设定依据", blank=True)
    concerns_safety = models.BooleanField("是否直接关系公共安全、人身健康、生命财产安全", null=True)
    duty = models.TextField("责任事项", blank=True)
    liability = models.TextField("追责情形", blank=True)
    remedy = models.TextField("救济途径", blank=True)
    reform_way = models.CharField("证照分离改革方式", max_length=1, blank=True)
    is_commitment = models.BooleanField("是否实行告知承诺", null=True)
    merged_into = models.CharField("多证合一并入事项编码", max_length=100, blank=True)
    project_type = models.CharField("办件类型", max_length=1, blank=True)
    anticipate_day = models.PositiveSmallIntegerField("法定办结时限", null=True, blank=True)
    anticipate_type = models.CharField("法定办结时限单位", max_length=10, blank=True)
    anticipate_explain = models.CharField("法定办结时限说明", max_length=1000, blank=True)
    promise_day = models.PositiveSmallIntegerField("承诺办结时限", null=True, blank=True)
    promise_type = models.CharField("承诺办结时限单位", max_length=10, blank=True)
    promise_explain = models.CharField("承诺办结时限说明", max_length=1000, blank=True)
    accept_condition = models.TextField("受理条件", blank=True)
    handle_flow = models.TextField("办理流程", blank=True)
    special_procedure = models.CharField("特别程序", max_length=1000, blank=True)
    handle_type = models.JSONField("办理形式", default=list)
    limit_scene_num = models.PositiveSmallIntegerField("到办事现场次数", null=True, blank=True)
    limit_scene_explain = models.CharField("必须现场办理原因", max_length=1000, blank=True)
    is_online = models.BooleanField("是否网上办理", null=True)
    online_handle_depth = models.JSONField("网上办理深度", default=list)
    online_handle_url = models.CharField("在线办理地址", max_length=500, blank=True)
    is_mobile = models.BooleanField("是否移动端办理", null=True)
    is_express = models.BooleanField("是否支持物流快递", null=True)
    is_entry_center = models.BooleanField("是否进驻政务大厅", null=True)
    is_service_terminals = models.BooleanField("是否支持自助终端办理", null=True)
    is_nearby = models.BooleanField("是否就近办理", null=True)
    is_schedule = models.BooleanField("是否支持预约办理", null=True)
    is_fee = models.BooleanField("是否收费", null=True)
    fee_basis = models.CharField("收费依据", max_length=1000, blank=True)
    is_pay_online = models.BooleanField("是否支持网上支付", null=True)
    handle_area = models.JSONField("通办范围", default=list)
    cross_modes = models.JSONField("跨区域办理方式", default=list)
    service_type = models.CharField("中介服务", max_length=1000, blank=True)
    limit_explain = models.CharField("数量限制", max_length=1000, blank=True)
    result_type = models.CharField("结果类型", max_length=60, blank=True)
    result_name = models.CharField("结果名称", max_length=200, blank=True)
    deliveries = models.JSONField("送达方式", default=list)
    link_addr = models.CharField("办理网址", max_length=500, blank=True)
    transact_addr = models.CharField("办理地点", max_length=500, blank=True)
    transact_time = models.CharField("办理时间", max_length=500, blank=True)
    link_way = models.CharField("咨询方式", max_length=300, blank=True)
    supervise_way = models.CharField("监督投诉方式", max_length=300, blank=True)
    user_topic_type = models.JSONField("面向自然人主题", default=list)
    corp_topic_type = models.JSONField("面向法人主题", default=list)

    licence = models.JSONField("证照结果", null=True, blank=True)
    publicity = models.JSONField("结果公开", null=True, blank=True)
    form = models.JSONField("申请表单", null=True, blank=True)
    situations = models.JSONField("情形引导", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="version_number"),
            models.UniqueConstraint(fields=["item"], condition=Q(state=PUBLISHED), name="version_one_published"),
            models.UniqueConstraint(fields=["item"], condition=Q(state=DRAFT), name="version_one_draft"),
            models.CheckConstraint(condition=Q(state__in=[DRAFT, PUBLISHED, RETIRED]), name="version_state"),
            models.CheckConstraint(
                condition=Q(state=DRAFT) | Q(effective_on__isnull=False), name="version_effective_on"
            ),
            models.CheckConstraint(
                condition=Q(stage="") | (Q(state=DRAFT) & Q(stage__in=[SUBMITTED, APPROVED]) & ~Q(submitted_by="")),
                name="version_stage",
            ),
            models.CheckConstraint(
                condition=(~Q(stage=APPROVED) | ~Q(approved_by=""))
                & (Q(approved_by="") | ~Q(approved_by=models.F("submitted_by"))),
                name="version_second_person",
            ),
            models.CheckConstraint(
                condition=Q(task_type="") | Q(task_type__in=list(facts.TASK_TYPES)), name="version_task_type"
            ),
            models.CheckConstraint(
                condition=Q(main_audience="") | Q(main_audience__in=list(facts.AUDIENCES)), name="version_main_audience"
            ),
            models.CheckConstraint(
                condition=Q(reform_way="") | Q(reform_way__in=list(facts.REFORM_WAYS)), name="version_reform_way"
            ),
            models.CheckConstraint(
                condition=~Q(state=PUBLISHED)
                | ~Q(promise_type=models.F("anticipate_type"))
                | Q(promise_day__isnull=True)
                | Q(anticipate_day__isnull=True)
                | Q(promise_day__lte=models.F("anticipate_day")),
                name="version_promise_within_statutory",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state"], name="version_department"),
            models.Index(fields=["stage", "submitted_at", "id"], name="version_reviews", condition=~Q(stage="")),
        ]

    def __str__(self) -> str:
        return f"{self.task_name} v{self.number}"

    def apply(self, event: Event) -> None:
        data = event.data
        if event.kind == "version.drafted":
            self.item_id, self.number, self.state = data["item"], data["number"], DRAFT
            self.created_at = event.at or self.created_at
            self._write(data)
            self.drafted_by = event.actor
        elif event.kind == "version.revised":
            self._write(data)
            self.drafted_by = event.actor
        elif event.kind == "version.submitted":
            self.stage, self.submitted_by, self.submitted_at = SUBMITTED, event.actor, event.at
            self.effective_planned = date.fromisoformat(data["effective_on"]) if data["effective_on"] else None
        elif event.kind == "version.approved":
            self.stage, self.approved_by = APPROVED, event.actor
        elif event.kind in ("version.returned", "version.submission_withdrawn"):
            self.stage = self.submitted_by = self.approved_by = ""
            self.submitted_at = self.effective_planned = None
        elif event.kind == "version.published":
            self.state, self.stage, self.published_by = PUBLISHED, "", event.actor
            self.effective_on = date.fromisoformat(data["effective_on"])
        elif event.kind == "version.retired":
            self.state, self.stage, self.retired_on = RETIRED, "", date.fromisoformat(data["retired_on"])
            self.effective_on = self.effective_on or self.retired_on
        elif event.kind not in ("version.remarked", "version.remark_settled"):  # rows of their own
            raise ValueError(f"a version does not know {event.kind}")

    def _write(self, data: dict[str, Any]) -> None:
        full = content.normalise(data["content"])
        for name in ELEMENT_COLUMNS:
            setattr(self, name, full[name])
        self.department_id, self.digest = data["department"], data["digest"]
