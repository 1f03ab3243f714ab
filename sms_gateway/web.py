"""The routes that the providers call. Each checks a signature first.

While the database is away messages and receipts are kept in the spool; what cannot be kept is answered with 503.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import structlog
from flask import Blueprint, Response, abort, request
from sqlalchemy.exc import SQLAlchemyError

from desk.carriers import Carrier
from desk.messages import Inbound
from sms_gateway import receipts, smsgate_webhook, twilio_webhook
from sms_gateway.dispatch import ReplyDispatcher
from sms_gateway.front import SmsFront
from sms_gateway.outages import Outages
from sms_gateway.receipts import Receipt
from sms_gateway.settings import SmsSettings
from sms_gateway.spool import is_outage
from sms_gateway.twilio_webhook import Unreadable
from store.database import Database

log = structlog.get_logger()

BODY_LIMIT = 64 * 1024
"""Bytes of a request. Twilio's longest message is 1,600 characters."""


def blueprint(
    front: SmsFront,
    settings: SmsSettings,
    database: Database,
    dispatcher: ReplyDispatcher | None = None,
    outages: Outages | None = None,
    ways: Sequence[Carrier] = (),
) -> Blueprint:
    """The three webhooks: ``/sms/inbound`` and ``/sms/status`` for Twilio, ``/sms/smsgate`` for the phone.

    403 without the provider's signature, 400 for what lacks its parts, 413 beyond BODY_LIMIT, 503 while the
    database cannot be reached (the provider tries again), unless ``outages`` keeps what came. ``dispatcher``
    sends the phone's answers at once; without one they wait for the delivery loop. ``ways`` are our carriers, of
    whom receipts tell how they fare.
    """
    made = Blueprint("sms", __name__)
    known = {carrier.name: carrier for carrier in ways}

    @made.before_request
    def limit_body() -> None:
        request.max_content_length = BODY_LIMIT

    @made.post("/sms/inbound")
    def inbound() -> Response:
        _check_twilio(settings)
        message = twilio_webhook.read_inbound(request.form)
        texts = _reply(front, outages, message, request.form.get("OptOutType", ""))
        return Response(twilio_webhook.twiml(texts), content_type="text/xml; charset=utf-8")

    @made.post("/sms/status")
    def status() -> Response:
        _check_twilio(settings)
        receipt = twilio_webhook.read_receipt(request.form, request.args.get("id", ""))
        if receipt is not None:
            _apply(database, known, outages, receipt)
        return Response(status=204)

    @made.post("/sms/smsgate")
    def smsgate() -> Response:
        body = request.get_data(cache=False)
        timestamp = request.headers.get(smsgate_webhook.TIMESTAMP, "")
        signature = request.headers.get(smsgate_webhook.SIGNATURE, "")
        if not smsgate_webhook.is_signed(settings, body, timestamp, signature):
            log.warning("signature_refused", path=request.path)
            abort(403)
        for item in smsgate_webhook.read(body):
            if isinstance(item, Receipt):
                _apply(database, known, outages, item)
            else:
                _answer(front, dispatcher, outages, item)
        return Response(status=204)

    made.register_error_handler(Unreadable, _refuse)
    made.register_error_handler(SQLAlchemyError, _try_again)
    made.register_error_handler(OSError, _try_again)  # the spool cannot be written either
    return made


def _check_twilio(settings: SmsSettings) -> None:
    # Not request.url: behind a TLS proxy that would be another one than Twilio signed.
    query = request.query_string.decode("ascii", "replace")
    path = request.path + (f"?{query}" if query else "")
    signature = request.headers.get(twilio_webhook.SIGNATURE, "")
    if not twilio_webhook.is_signed(settings, path, request.form, signature):
        log.warning("signature_refused", path=request.path)
        abort(403)


def _reply(front: SmsFront, outages: Outages | None, message: Inbound, opt_out_type: str) -> list[str]:
    try:
        return front.receive(message, opt_out_type)
    except SQLAlchemyError as error:
        if outages is None or not is_outage(error):
            raise
        return outages.take(message, opt_out_type)


def _answer(
    front: SmsFront, dispatcher: ReplyDispatcher | None, outages: Outages | None, message: Inbound
) -> None:
    try:
        outgoing = front.receive_and_queue(message, dispatcher.lease if dispatcher else None)
    except SQLAlchemyError as error:
        if outages is None or not is_outage(error):
            raise
        outages.take_for_phone(message)
        return
    if outgoing is not None and dispatcher is not None:
        dispatcher.submit(outgoing)


def _apply(database: Database, ways: Mapping[str, Carrier], outages: Outages | None, receipt: Receipt) -> None:
    try:
        with database.write() as session:
            receipts.apply(session, receipt, ways)
    except SQLAlchemyError as error:
        if outages is None or not is_outage(error):
            raise
        outages.take_receipt(receipt)


def _refuse(error: Unreadable) -> Response:
    return Response(f"{error}\n", status=400, content_type="text/plain; charset=utf-8")


def _try_again(error: SQLAlchemyError | OSError) -> Response:
    log.error("webhook_without_database", path=request.path, error=type(error).__name__)
    return Response(status=503, headers={"Retry-After": "10"})
