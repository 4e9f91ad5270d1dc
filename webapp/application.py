"""The Flask application: its parts put together, its blueprints registered."""

from flask import Flask, redirect, url_for
from flask_security import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as BaseResponse

from webapp import auth, desk, errors, filters, health, language, limits, logins, places, security, unit
from webapp.again import Application
from webapp.calendar.views import bp as calendar
from webapp.cashier.views import bp as cashier
from webapp.catalogue.views import bp as catalogue
from webapp.coordination.views import bp as coordination
from webapp.counter.views import bp as counter
from webapp.declaration.views import bp as declaration
from webapp.delegations.views import bp as delegations
from webapp.dossiers.views import bp as dossiers
from webapp.handovers.views import bp as handovers
from webapp.hooks.views import bp as hooks
from webapp.inbox.views import bp as inbox
from webapp.incidents.views import bp as incidents
from webapp.metadata.views import bp as metadata
from webapp.offices.views import bp as offices
from webapp.portal.views import assist, kiosk
from webapp.portal.views import bp as portal
from webapp.postings.views import bp as postings
from webapp.registers.views import bp as registers
from webapp.tracking.views import bp as tracking
from webapp.uploading.views import bp as uploading
from webapp.warehouse.views import bp as warehouse
from webapp.wiring import House, build


def create_app(house: House | None = None) -> Flask:
    """The application on a house; without one, on that of the environment."""
    house = house or build()
    app = Application("webapp")
    app.extensions["house"] = house
    app.config["MAX_CONTENT_LENGTH"] = (house.settings.upload_mb * 10 + 2) * 1024 * 1024
    app.config["MAX_FORM_MEMORY_SIZE"] = 4 * 1024 * 1024
    app.config["MAX_FORM_PARTS"] = 5_000
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    if proxies := house.settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    auth.init_app(app, house)
    limits.limiter.init_app(app)
    logins.init_app(app)
    CSRFProtect(app).exempt(hooks)  # no browser of ours, no cookie: these are signed
    language.Words(app, locale_selector=language.chosen, default_translation_directories="translations")
    unit.init_app(app)
    filters.init_app(app)
    desk.init_app(app)
    errors.init_app(app)
    security.init_app(app)
    _blueprints(app)
    return app


def _blueprints(app: Flask) -> None:
    for blueprint in (inbox, dossiers, counter, catalogue, portal, kiosk, assist, tracking, postings, registers, cashier, handovers, offices, coordination, incidents, calendar, declaration, delegations, uploading, metadata, warehouse, hooks, language.bp, places.bp, health.bp):
        app.register_blueprint(blueprint)

    @app.get("/")
    @auth.public
    def home() -> BaseResponse:
        return redirect(url_for("inbox.index" if current_user.is_authenticated else "catalogue.index"))
