"""The gateway's side of the talk, for tests: takes requests, lets people pay, and misbehaves as gateways do.

A payer called Bận finds it busy, Hỏng gets half an answer, Từ Chối is refused; the money of one called Không Hoàn does
not go back. What it tells is signed as `connectors.payments.keypay` expects; tests carry it, once, twice, late or never.
"""

from collections.abc import Callable, Mapping
from typing import Any

from connectors.payments.keypay import check_sum

#: What both sides know in tests.
CLIENT, SECRET = "motcua", "not-a-secret"


class PayDesk:
    """What the simulated gateway knows."""

    def __init__(self, moment: Callable[[], str]) -> None:
        #: The time as it writes it.
        self._moment = moment
        #: reference -> what was asked for
        self.asked: dict[str, Mapping[str, Any]] = {}
        #: its own number -> what was paid
        self.paid: dict[str, dict[str, Any]] = {}
        #: number of a refund -> its own number of the payment
        self.refunded: dict[str, str] = {}

    def answer(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """What it says to one question."""
        if body.get("check_sum") != check_sum(SECRET, body) or body.get("client_id") != CLIENT:
            return {"error": "97", "msg": "Sai mã kiểm tra"}
        match path:
            case "/payments/create-transaction":
                return self._create(body)
            case "/payments/dptracuuthanhtoanhs":
                found = [one for one in self.paid.values() if one["transaction_id"] == body["MaTraCuuTT"]]
                return {"code": "1", "transactions": found} if found else {"code": "0"}
            case "/payments/refund-transaction":
                return self._refund(body)
        raise KeyError(path)

    def pay(self, reference: str, amount: int | None = None, *, failed: bool = False) -> dict[str, str]:
        """Somebody pays; what the gateway tells of it."""
        number = f"KP{len(self.paid) + 1:08d}"
        said = {
            "transaction_id": reference,
            "trans_ref_no": number,
            "trans_amount": str(self.asked[reference]["trans_amount"] if amount is None else amount),
            "pay_date": self._moment(),
            "responseCode": "01" if failed else "00",
        }
        if not failed:
            self.paid[number] = dict(said)
        return said | {"check_sum": check_sum(SECRET, said)}

    def payer(self, body: Mapping[str, Any]) -> str:
        """Whose money a question is about: how it misbehaves follows from the name."""
        reference = body.get("transaction_id") or body.get("MaTraCuuTT")
        if number := body.get("trans_ref_no"):
            reference = self.paid[str(number)]["transaction_id"]
        bill = body.get("bill_info") or self.asked.get(str(reference), {}).get("bill_info", {})
        return str(bill.get("HoTenNguoiNop", ""))

    def _create(self, body: Mapping[str, Any]) -> dict[str, Any]:
        if self.payer(body).endswith(" Từ Chối"):
            return {"error": "11", "msg": "Đơn vị chưa đăng ký tài khoản thụ hưởng"}
        self.asked.setdefault(body["transaction_id"], body)
        return {"error": "0", "msg": "", "payment_url": f"https://thanhtoan.example/{body['transaction_id']}"}

    def _refund(self, body: Mapping[str, Any]) -> dict[str, Any]:
        payment = self.paid.get(str(body["trans_ref_no"]))
        if payment is None or int(payment["trans_amount"]) < int(body["trans_amount"]) or self.payer(body).endswith(" Không Hoàn"):
            return {"error": "21", "msg": "Không hoàn được giao dịch này"}
        number = f"HT{len(self.refunded) + 1:06d}"
        self.refunded[number] = str(body["trans_ref_no"])
        return {"error": "0", "msg": "", "refund_no": number}
