from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "yichuang.site"
    label = "site"
    verbose_name = "站点"
