from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "yichuang.reports"
    label = "reports"
    verbose_name = "年报和指标"
