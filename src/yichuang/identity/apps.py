from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "yichuang.identity"
    label = "identity"
    verbose_name = "身份"
