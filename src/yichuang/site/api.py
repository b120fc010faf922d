"""/api/v1: the one API, put together from the packages' routers."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from ninja import NinjaAPI

from yichuang.core.api import frame

PACKAGES = ("identity", "catalogue", "cases", "licences", "publicity", "reviews", "reports")

api: NinjaAPI = frame()
for package in PACKAGES:
    if find_spec(f"yichuang.{package}.api"):
        module = import_module(f"yichuang.{package}.api")
        if hasattr(module, "router"):
            api.add_router("", module.router)
