"""Service topic -> the adapter that asks for it. Refuses stand-ins in production."""

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from connectors.ministries.civil_status import CivilStatus
from connectors.ministries.driving import Driving
from connectors.ministries.food import Food
from connectors.ministries.land import Land
from connectors.ministries.shadow import Shadowed
from connectors.ministries.social import Social
from connectors.payments.keypay import KeyPay
from connectors.population.client import Population
from connectors.portal.client import Portal
from connectors.standin import PORT
from engine.base.ports import PaymentGateway
from engine.dossiers.service_steps import Question


class StandInInProduction(RuntimeError):
    """An outside address is that of the demo's stand-in; a real administration must not run on it."""


class Adapter(Protocol):
    def ask(self, question: Question) -> dict[str, Any]:
        """The answer; its `routing` sets variables of the diagram, all of it is kept with the dossier."""


class Addresses(Protocol):
    """The part of the settings that says where the outside is."""

    @property
    def production(self) -> bool: ...
    @property
    def population_url(self) -> str: ...
    @property
    def civil_status_url(self) -> str: ...
    @property
    def portal_url(self) -> str: ...
    @property
    def social_url(self) -> str: ...
    @property
    def land_url(self) -> str: ...
    @property
    def business_url(self) -> str: ...
    @property
    def residence_url(self) -> str: ...
    @property
    def driving_url(self) -> str: ...
    @property
    def food_url(self) -> str: ...
    @property
    def insurance_url(self) -> str: ...
    @property
    def home_affairs_url(self) -> str: ...
    @property
    def payment_url(self) -> str: ...
    @property
    def payment_client(self) -> str: ...
    @property
    def payment_secret(self) -> str: ...


def gateway(addresses: Addresses) -> PaymentGateway | None:
    """The provider of online payment; None: none is connected."""
    if not addresses.payment_url:
        return None
    if addresses.production and urlsplit(addresses.payment_url).port == PORT:
        raise StandInInProduction
    return KeyPay(addresses.payment_url, addresses.payment_client, addresses.payment_secret)


def adapters(addresses: Addresses) -> Mapping[str, Adapter]:
    """Every topic that a diagram may name for the outside."""
    urls = (addresses.population_url, addresses.civil_status_url, addresses.portal_url, addresses.social_url)
    urls += (addresses.land_url, addresses.business_url, addresses.residence_url, addresses.driving_url, addresses.food_url)
    urls += (addresses.insurance_url, addresses.home_affairs_url)
    if addresses.production and any(urlsplit(url).port == PORT for url in urls):
        raise StandInInProduction
    population = Population(addresses.population_url)
    civil_status = CivilStatus(addresses.civil_status_url)
    social = Social(addresses.social_url)
    police, insurance = addresses.residence_url, addresses.insurance_url
    ministry = Shadowed({
        "1.001612": addresses.business_url,
        **dict.fromkeys(("1.004222", "3.000722.04", "2.002913.02"), police),
        **dict.fromkeys(("3.000722.03", "2.002913.03"), insurance),
        "2.002913.05": addresses.home_affairs_url,
    })
    driving, food = Driving(addresses.driving_url), Food(addresses.food_url)
    land, portal = Land(addresses.land_url), Portal(addresses.portal_url)
    return {
        "population.lookup": population,
        "population.issue_id": population,
        "civil_status.search": civil_status,
        "civil_status.register": civil_status,
        "social.entitlements": social,
        "social.paylist": social,
        "social.pay_once": social,
        "social.move_file": social,
        "driving.lookup": driving,
        "driving.issue": driving,
        "lab.result": food,
        "food.watch": food,
        "ministry.lodge": ministry,
        "ministry.query": ministry,
        "land.survey": land,
        "land.update": land,
        "tax.notice": land,
        "portal.deliver_result": portal,
        "portal.publish": portal,
    }
