from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "yichuang.reviews"
    label = "reviews"
    verbose_name = "好差评"
