"""What belongs to a version, row by row, so that it can be queried, counted and pointed at."""

from __future__ import annotations

from django.db import models


class Material(models.Model):
    """申请材料. points: what the window checks. when: condition on the form's answers under which it is asked."""

    version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.CASCADE, related_name="materials")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    material_name = models.CharField("材料名称", max_length=200)
    is_need = models.CharField("必要性", max_length=1)
    material_type = models.CharField("材料类型", max_length=40)
    material_format = models.CharField("材料形式", max_length=1)
    source_type = models.CharField("来源渠道", max_length=2)
    source_explain = models.CharField("来源渠道说明", max_length=300, blank=True)
    page_num = models.PositiveSmallIntegerField("份数", default=1)
    page_format = models.CharField("纸质材料规格", max_length=60, blank=True)
    fill_explain = models.CharField("填报须知", max_length=1000, blank=True)
    accept_stand = models.CharField("受理标准", max_length=2000, blank=True)
    points = models.JSONField("核对要点", default=list)
    by_law = models.CharField("要求提供材料的依据", max_length=1000, blank=True)
    exempt = models.CharField("免提交说明", max_length=300, blank=True)
    justified = models.CharField("保留理由", max_length=300, blank=True)
    certificate = models.CharField("证明事项编码", max_length=40, blank=True)
    intermediary = models.CharField("中介服务编码", max_length=40, blank=True)
    when = models.JSONField("适用条件", null=True, blank=True)
    form_guid = models.CharField("空白表格", max_length=64, blank=True)
    example_guid = models.CharField("示例样表", max_length=64, blank=True)
    remark = models.CharField("备注", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="material_code"),
            models.CheckConstraint(condition=models.Q(is_need__in=["1", "2", "3"]), name="material_is_need"),
        ]


class Step(models.Model):
    """办理环节. Steps of one group run side by side; department is null for the item's own."""

    version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    group = models.PositiveSmallIntegerField(default=1)
    days = models.PositiveSmallIntegerField(default=0)
    department = models.ForeignKey(
        "identity.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    standard = models.CharField("审查标准", max_length=2000, blank=True)
    required = models.BooleanField(default=True)
    when = models.JSONField("适用条件", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="step_code")]


class Condition(models.Model):
    """申请条件: who may."""

    version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.CASCADE, related_name="conditions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=1000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="condition_position")]


class Fee(models.Model):
    """收费项目. is_desc: reduction (national name)."""

    version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.CASCADE, related_name="fees")
    position = models.PositiveSmallIntegerField()
    fee_name = models.CharField("收费项目名称", max_length=200)
    fee_stand = models.CharField("收费标准", max_length=1000, blank=True)
    by_law = models.CharField("收费依据", max_length=1000, blank=True)
    is_desc = models.CharField("减免说明", max_length=1000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="fee_position")]


class Question(models.Model):
    """常见问题."""

    version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=500)
    answer = models.CharField(max_length=3000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="question_position")]


class Alias(models.Model):
    """俗称: what people call it."""

    version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.CASCADE, related_name="alias_rows")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="alias_position")]
        indexes = [models.Index(fields=["text"], name="alias_text")]


class Handling(models.Model):
    """业务办理项: what is really handled under an item, each an implementation item of its own (实施事项 where there is one only).

    implied: the content names none, the item itself is the one; so that counting implementation items counts rows."""

    version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.CASCADE, related_name="handlings")
    position = models.PositiveSmallIntegerField()
    implied = models.BooleanField(default=False)
    code = models.CharField(max_length=40)
    name = models.CharField("名称", max_length=1000)
    task_handle_item = models.CharField("业务办理项编码", max_length=33, blank=True)
    is_online = models.BooleanField("网上可办")
    is_window = models.BooleanField("大厅窗口办理")
    only_online = models.BooleanField("只在网上办理", default=False)
    exempt = models.CharField("不进驻理由", max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="handling_code")]
