"""Every setting of the product, typed, from the environment, in one place."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from webapp.postgres import ROOT, made_once


class SettingMissing(RuntimeError):
    """A setting without a safe default is missing; the product does not start."""


@dataclass(frozen=True)
class Settings:
    """What an installation decides. Names in the environment are the same in capitals: MOTCUA_UPLOAD_MB."""

    #: DATABASE_URL: a PostgreSQL server; the embedded one when not set.
    database_url: str | None = None
    #: Signs sessions and CSRF tokens. Production must set it; else one is made and kept in var/.
    secret_key: str = ""
    #: Mixed into password hashes.
    password_salt: str = ""
    #: Where uploads are kept, by their SHA-256.
    blob_folder: Path = ROOT / "var" / "blobs"
    #: Where the scanners of the counters put their files: a folder for each office, in it one for each desk.
    scan_folder: Path = ROOT / "var" / "scans"
    #: The largest upload, in megabytes.
    upload_mb: int = 20
    #: Where applicants reach this installation; printed on slips and in their QR codes.
    public_url: str = "http://127.0.0.1:8000"
    #: Reverse proxies in front, each of which adds to X-Forwarded-For; with 0 nobody's word is taken for an address.
    proxies: int = 0
    #: Whether a real administration runs on it: then secrets must be set and stand-ins are refused.
    production: bool = False
    #: What is written of the product's doings: debug, info, warning or error; a line of JSON each.
    log_level: str = "info"
    #: The outside systems; a stand-in serves them all in the demo.
    population_url: str = "http://127.0.0.1:8009/population"
    civil_status_url: str = "http://127.0.0.1:8009/civil-status"
    portal_url: str = "http://127.0.0.1:8009/portal"
    social_url: str = "http://127.0.0.1:8009/social"
    #: Land registration and the tax office that it asks.
    land_url: str = "http://127.0.0.1:8009/land"
    #: Where the ministries of finance and of public security decide in their own software.
    business_url: str = "http://127.0.0.1:8009/business"
    residence_url: str = "http://127.0.0.1:8009/residence"
    driving_url: str = "http://127.0.0.1:8009/driving"
    food_url: str = "http://127.0.0.1:8009/food"
    #: Social insurance, and benefits of persons with merit.
    insurance_url: str = "http://127.0.0.1:8009/insurance"
    home_affairs_url: str = "http://127.0.0.1:8009/home-affairs"
    #: The payment gateway, our name there, and what both sign with; without an address nothing is paid online.
    payment_url: str = ""
    payment_client: str = ""
    payment_secret: str = ""
    #: Set by tests only: forms without CSRF tokens, cheap password hashes.
    testing: bool = False


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this environment; refuses to start a production without its secrets."""
    production = environment.get("MOTCUA_PRODUCTION", "") == "1"
    if production:
        for name in ("MOTCUA_SECRET_KEY", "MOTCUA_PASSWORD_SALT", "DATABASE_URL", "MOTCUA_PUBLIC_URL"):
            if not environment.get(name):
                raise SettingMissing(f"{name} must be set in production")
    if environment.get("MOTCUA_PAYMENT_URL") and not environment.get("MOTCUA_PAYMENT_SECRET"):
        raise SettingMissing("MOTCUA_PAYMENT_SECRET must be set with MOTCUA_PAYMENT_URL: without it anybody could say that they paid")
    default = Settings()
    return Settings(
        database_url=environment.get("DATABASE_URL"),
        secret_key=environment.get("MOTCUA_SECRET_KEY") or _kept("secret_key"),
        password_salt=environment.get("MOTCUA_PASSWORD_SALT") or _kept("password_salt"),
        blob_folder=Path(environment.get("MOTCUA_BLOB_FOLDER", default.blob_folder)),
        scan_folder=Path(environment.get("MOTCUA_SCAN_FOLDER", default.scan_folder)),
        upload_mb=int(environment.get("MOTCUA_UPLOAD_MB", default.upload_mb)),
        public_url=environment.get("MOTCUA_PUBLIC_URL", default.public_url).rstrip("/"),
        proxies=int(environment.get("MOTCUA_PROXIES", default.proxies)),
        production=production,
        log_level=environment.get("MOTCUA_LOG_LEVEL", default.log_level).lower(),
        population_url=environment.get("MOTCUA_POPULATION_URL", default.population_url),
        civil_status_url=environment.get("MOTCUA_CIVIL_STATUS_URL", default.civil_status_url),
        portal_url=environment.get("MOTCUA_PORTAL_URL", default.portal_url),
        social_url=environment.get("MOTCUA_SOCIAL_URL", default.social_url),
        land_url=environment.get("MOTCUA_LAND_URL", default.land_url),
        business_url=environment.get("MOTCUA_BUSINESS_URL", default.business_url),
        residence_url=environment.get("MOTCUA_RESIDENCE_URL", default.residence_url),
        driving_url=environment.get("MOTCUA_DRIVING_URL", default.driving_url),
        food_url=environment.get("MOTCUA_FOOD_URL", default.food_url),
        insurance_url=environment.get("MOTCUA_INSURANCE_URL", default.insurance_url),
        home_affairs_url=environment.get("MOTCUA_HOME_AFFAIRS_URL", default.home_affairs_url),
        payment_url=environment.get("MOTCUA_PAYMENT_URL", default.payment_url),
        payment_client=environment.get("MOTCUA_PAYMENT_CLIENT", default.payment_client),
        payment_secret=environment.get("MOTCUA_PAYMENT_SECRET", default.payment_secret),
    )


def _kept(name: str) -> str:
    """A secret of this checkout, so that sessions outlive a restart."""
    return made_once(ROOT / "var" / name)
