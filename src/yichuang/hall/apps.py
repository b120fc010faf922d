from django.apps import AppConfig


class HallConfig(AppConfig):
    name = "yichuang.hall"
    label = "hall"
    verbose_name = "大厅"
