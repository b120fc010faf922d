"""Configuration by environment: typed, with safe defaults for development. `YICHUANG_...` names only."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_KEY = "development-only-key-that-never-leaves-this-machine"


class Config(BaseSettings):
    """One field per environment variable, e.g. `YICHUANG_DATABASE_URL`."""

    model_config = SettingsConfigDict(env_prefix="YICHUANG_", extra="ignore")

    env: Literal["development", "production", "test"] = "development"
    database_url: str = ""
    data_dir: Path = Path("var")
    secret_key: str = ""
    base_url: str = "http://127.0.0.1:8000"
    division: str = Field(default="610114", pattern=r"^\d{6}$")
    division_name: str = "西安市阎良区"
    platform_name: str = "阎良区政务服务一窗平台"
    organ_name: str = "西安市阎良区行政审批服务局"
    phone: str = "12345"
    complaint_phone: str = "12345"
    address: str = ""
    hosts: str = ""
    metrics_from: str = "127.0.0.1,::1"
    sms_url: str = ""
    real_name_url: str = ""
    session_hours: int = Field(default=12, ge=1)
    staff_idle_minutes: int = Field(default=30, ge=1)
    staff_password_days: int = Field(default=-1, ge=-1, description="-1: 90 in production, 0 (never) elsewhere")
    staff_mfa: bool | None = None
    lock_after: int = Field(default=5, ge=3)
    lock_minutes: int = Field(default=30, ge=1)
    proxies: int = Field(default=0, ge=0, description="how many proxies stand in front and set X-Forwarded-For")
    credit_url: str = ""
    credit_token: str = ""
    credit_file: bool = Field(default=True, description="also lay 双公示 records down in DATA_DIR/exchange/credit")
    publicity_person_names: Literal["masked", "full"] = "masked"
    archive_years: int = Field(default=30, ge=1, description="how long the file of a finished case is kept")
    review_days: int = Field(default=60, ge=1, description="how long an invitation to rate can be used")
    law_review_days: int = Field(default=20, ge=1, description="working days to look at an item whose law changed")
    signing_p12: Path | None = None
    signing_p12_password: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_id_claim: str = "id_number"
    upload_limit_mib: int = 20
    map_tiles: str = Field(default="", description="address of map tiles with {z}, {x}, {y}, in WGS 84 or CGCS2000")
    map_credit: str = Field(default="", description="whose map it is and its approval number (审图号)")
    map_boundary: Path | None = Field(default=None, description="GeoJSON file of the district's outline")
    demo: bool = False

    @property
    def tiles_origin(self) -> str:
        """The origin of the map's tiles, for the content security policy; "" without tiles or with our own."""
        parts = urlsplit(self.map_tiles)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            return ""
        first, _, rest = parts.netloc.partition(".")
        return f"{parts.scheme}://{'*.' + rest if '{s}' in first else parts.netloc}"

    @property
    def production(self) -> bool:
        return self.env == "production"


def load() -> Config:
    """The configuration; ends the program with one line that names what is missing or wrong."""
    try:
        config = Config()
    except ValidationError as error:
        first = error.errors()[0]
        name = "YICHUANG_" + str(first["loc"][0]).upper()
        raise SystemExit(f"{name}: {first['msg']}") from None
    if config.production:
        for name in ("secret_key", "database_url", "base_url"):
            if name not in config.model_fields_set or not getattr(config, name):
                raise SystemExit(f"YICHUANG_{name.upper()} is not set: production does not start without it")
    config.data_dir = config.data_dir.absolute()
    try:
        config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(f"YICHUANG_DATA_DIR: cannot make {config.data_dir}: {error.strerror}") from None
    config.secret_key = config.secret_key or DEVELOPMENT_KEY
    if config.staff_mfa is None:
        config.staff_mfa = config.production
    if config.staff_password_days < 0:
        config.staff_password_days = 90 if config.production else 0
    if config.demo and config.map_boundary is None:
        config.map_boundary = Path(__file__).with_name("demo") / "outline.json"
    config.database_url = config.database_url or f"sqlite:///{config.data_dir}/yichuang.sqlite3"
    return config
