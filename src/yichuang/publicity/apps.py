from django.apps import AppConfig


class PublicityConfig(AppConfig):
    name = "yichuang.publicity"
    label = "publicity"
    verbose_name = "公示"
