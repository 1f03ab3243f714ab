"""The web application: webhooks, health, metrics, the page to try and the staff console."""

from __future__ import annotations

from flask import Flask, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from app import metrics, posting
from app.running import Running
from console import feeds, staff, tryout
from console.staff import Parts
from sms_gateway.web import blueprint as sms_blueprint
from store import schema


def create_app(running: Running) -> Flask:
    """The application over the parts of one process."""
    neighbour = running.neighbour
    app = Flask("mezobeli", static_folder=None)
    app.register_blueprint(
        sms_blueprint(
            running.sms,
            running.sms_settings,
            neighbour.database,
            running.dispatcher,
            running.outages,
            running.text_carriers,
        )
    )
    if running.telegram is not None and neighbour.settings.telegram_mode == "webhook":
        app.register_blueprint(running.telegram.blueprint())
    if neighbour.settings.try_page:
        app.register_blueprint(tryout.blueprint(neighbour.assistant, running.sms_settings))
    app.register_blueprint(feeds.blueprint(neighbour.database, lambda: neighbour.knowledge.current))
    staff.install(app, _parts(running))
    _add_health(app, running)
    app.after_request(_secure)
    proxies = neighbour.settings.trusted_proxies
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, proxies, proxies, proxies)  # type: ignore[method-assign]
    return app


def _parts(running: Running) -> Parts:
    """What the staff console is made of."""
    neighbour = running.neighbour
    settings = neighbour.settings
    return Parts(
        database=neighbour.database,
        knowledge=lambda: neighbour.knowledge.current,
        tell=neighbour.tell,
        post=posting.post,
        assistant=neighbour.assistant,
        reader=lambda: neighbour.reader,
        sms=running.sms_settings,
        price_tetri=settings.sms_price_tetri,
        approval_from=settings.approval_from,
        public_url=settings.public_url,
        secret_key=settings.secret_key.get_secret_value() if settings.secret_key else None,
        bot_name=lambda: settings.telegram_name or (running.telegram.username if running.telegram else ""),
    )


def _secure(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    return response


def _add_health(app: Flask, running: Running) -> None:
    neighbour = running.neighbour

    @app.get("/healthz")
    def healthz() -> Response:
        """The process lives."""
        return Response("ok\n", content_type="text/plain")

    @app.get("/readyz")
    def readyz() -> tuple[Response, int]:
        """The process can answer: the database is there and as the program expects it."""
        checks: dict[str, str] = {}
        try:
            at = schema.current_revision(neighbour.database)
            checks["database"] = (
                "ok" if at == schema.newest_revision() else f"at revision {at}: run mezobeli db upgrade"
            )
        except SQLAlchemyError as error:
            checks["database"] = type(error).__name__
        checks["knowledge"] = f"version {neighbour.knowledge.current.version}"
        if running.telegram is not None:
            checks["telegram"] = running.telegram.health().outage or "ok"
        return jsonify(checks), 200 if checks["database"] == "ok" else 503

    @app.get("/metrics")
    def told() -> Response:
        """Prometheus: what this process counted, and what waits in the database and the spool."""
        return Response(metrics.page(running), content_type=CONTENT_TYPE_LATEST)
