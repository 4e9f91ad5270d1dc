"""The payment gateway of the national portal: a transaction is created, paid on its page, told of, looked up, sent back.

What is public of it are the words of a transaction, of its bill and of a look-up, and that each carries a keyed check
sum. Over what the sum is made, what a notification says and how money goes back are written here as we understand them,
and stand in one place each, to be changed with the contract of the provider.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors import http
from engine.base.ports import Bill, PaymentWord, WordNotTheirs

_VIETNAM, _TIME = ZoneInfo("Asia/Ho_Chi_Minh"), "%Y%m%d%H%M%S"
#: `MaDichVu` of a fee.
_FEE = "2"
#: What a payment that went through is called.
_PAID = "00"
#: Found, nothing found, an error.
_FOUND, _NONE = "1", "0"


class GatewayRefused(http.OutsideRefused):
    """The gateway answered that it does not do this, and why."""


def check_sum(secret: str, body: Mapping[str, Any]) -> str:
    """Over the plain values by the order of their names; the sum itself and what is nested stay out."""
    plain = [str(body[name]) for name in sorted(body) if name != "check_sum" and not isinstance(body[name], dict | list)]
    return hmac.new(secret.encode(), "|".join(plain).encode(), hashlib.sha256).hexdigest()


class KeyPay:
    """One agency's account at the gateway. Fulfils `engine.base.ports.PaymentGateway`."""

    name = "keypay"

    def __init__(self, url: str, client_id: str, secret: str):
        self._url, self._client_id, self._secret = url, client_id, secret

    def begin(self, bill: Bill) -> str:
        """The address of the page on which to pay."""
        body = {
            "transaction_id": bill.reference,
            "trans_amount": bill.amount,
            "command": "PAY",
            "version": "3.0",
            "locale": "vn",
            "currency": "VND",
            "environment": 1,
            "bill_info": {
                "MaDichVu": _FEE,
                "MaDonVi": bill.office,
                "TenDonVi": bill.office_name,
                "MaHoSo": bill.dossier,
                "MaTTHC": bill.procedure,
                "TenTTHC": bill.procedure_name,
                "NoiDungThanhToan": f"Nộp phí, lệ phí hồ sơ {bill.dossier}",
                "HoTenNguoiNop": bill.payer,
                "PhiLePhi": [
                    {"LoaiPhiLePhi": kind, "MaPhiLePhi": fee, "TenPhiLePhi": name, "SoTien": amount}
                    for kind, fee, name, amount in bill.lines
                ],
            },
        }
        return str(self._ask("/create-transaction", body, key=bill.reference)["payment_url"])

    def notification(self, body: Mapping[str, str]) -> PaymentWord | None:
        """Only what bears the sum over all that it says is believed."""
        if not hmac.compare_digest(str(body.get("check_sum", "")).encode(), check_sum(self._secret, body).encode()):
            raise WordNotTheirs
        return _word(body) if body.get("responseCode") == _PAID else None

    def query(self, reference: str) -> Sequence[PaymentWord]:
        """Every payment for this reference."""
        answer = self._ask("/dptracuuthanhtoanhs", {"MaTraCuuTT": reference}, key="")
        if str(answer.get("code")) == _NONE:
            return []
        if str(answer.get("code")) != _FOUND or not isinstance(answer.get("transactions"), list):
            raise http.OutsideSilent("/dptracuuthanhtoanhs: error")
        return [_word(one) for one in answer["transactions"] if one.get("responseCode") == _PAID]

    def refund(self, transaction_id: str, amount: int, *, key: str) -> str:
        """Back the way it came."""
        body = {"trans_ref_no": transaction_id, "trans_amount": amount, "command": "REFUND", "refund_id": key}
        return str(self._ask("/refund-transaction", body, key=key)["refund_no"])

    def _ask(self, path: str, body: Mapping[str, Any], *, key: str) -> dict[str, Any]:
        said = {"client_id": self._client_id, **body}
        answer = http.post(self._url, path, said | {"check_sum": check_sum(self._secret, said)}, key=key)
        if str(answer.get("error", "0")) != "0":
            raise GatewayRefused(f"{path}: {answer.get('msg')}")
        return answer


def _word(said: Mapping[str, Any]) -> PaymentWord:
    try:
        return PaymentWord(
            reference=str(said["transaction_id"]),
            transaction_id=str(said["trans_ref_no"]),
            amount=int(said["trans_amount"]),
            paid_at=datetime.strptime(str(said["pay_date"]), _TIME).replace(tzinfo=_VIETNAM),
        )
    except (KeyError, ValueError) as error:
        raise WordNotTheirs from error
