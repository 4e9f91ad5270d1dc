"""A small honest simulation of the outside systems, for the demo and the tests: a real HTTP server.

It answers as the documents of those systems say, keeps what it was told under the idempotency key, and
misbehaves on request: a personal id that ends with 404 is unknown, 409 has other data, 500 breaks the
answer, 503 is busy. The registry refuses it in production.
"""

import hashlib
import json
import threading
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import structlog

from connectors.payments.standin import PayDesk

#: Where the demo's stand-in listens; a production that points here does not start.
PORT = 8009

log = structlog.get_logger()


class Busy(Exception):
    """The simulated system is down for this question."""


class Broken(Exception):
    """The simulated system sends half an answer."""


class StandIn:
    """What the simulated systems know. `today` dates their entries."""

    def __init__(self, today: date | None = None):
        self._today = today
        self._answers: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()
        self._serial = 0
        #: Dossiers that a ministry decides: reference -> (owner, questions so far, code there).
        self._followed: dict[str, tuple[str, int, str]] = {}
        #: The payment gateway, which has ways of its own.
        self.till = PayDesk(self._moment)

    #: What a ministry's system says of a dossier, one question after the other; a name that ends so has another story.
    _COURSE = ("DA_TIEP_NHAN", "DANG_XU_LY", "DA_CO_KET_QUA", "DA_TRA_KET_QUA")
    _STORIES = {
        " Bổ Sung": ("DA_TIEP_NHAN", "YEU_CAU_BO_SUNG", "DANG_XU_LY", "DA_CO_KET_QUA", "DA_TRA_KET_QUA"),
        " Từ Chối": ("MOI_DANG_KY", "TU_CHOI"),
        " Rút": ("DA_TIEP_NHAN", "CONG_DAN_RUT"),
        " Dừng": ("DA_TIEP_NHAN", "DANG_XU_LY", "DUNG_XU_LY"),
        " Lệ Phí": ("CHO_NOP_LE_PHI", "DANG_XU_LY", "DA_CO_KET_QUA", "DA_TRA_KET_QUA"),
        " Nộp Sau": ("DA_TIEP_NHAN", "CHO_NOP_LE_PHI", "DANG_XU_LY", "DA_CO_KET_QUA", "DA_TRA_KET_QUA"),
        " Chưa Đủ": ("YEU_CAU_BO_SUNG", "DA_TIEP_NHAN", "DANG_XU_LY", "DA_CO_KET_QUA", "DA_TRA_KET_QUA"),
        " Ngày Hẹn": ("MOI_DANG_KY", "DA_TIEP_NHAN", "YEU_CAU_BO_SUNG", "DANG_XU_LY", "DA_CO_KET_QUA", "DA_TRA_KET_QUA"),
        " Lạ": ("DA_TIEP_NHAN", "KHONG_CO_TRONG_TAI_LIEU"),
        " Lùi": ("DANG_XU_LY", "DA_TIEP_NHAN"),
    }
    #: What bears a code: the dossier is accepted then, not while something is asked for before it.
    _ACCEPTED = frozenset({"DA_TIEP_NHAN", "DANG_XU_LY", "DA_CO_KET_QUA", "DA_TRA_KET_QUA"})
    #: Of the story that tells its times: when it did what, and in how many days it promises the result.
    _TIMES = {"DA_TIEP_NHAN": ("10:15", 9), "DANG_XU_LY": ("13:40", 11), "DA_CO_KET_QUA": ("15:50", 11)}
    #: The words of that course and those stories, as each of the systems has them.
    _WORDS = tuple("MOI_DANG_KY DA_TIEP_NHAN DANG_XU_LY YEU_CAU_BO_SUNG CHO_NOP_LE_PHI DA_CO_KET_QUA DA_TRA_KET_QUA TU_CHOI CONG_DAN_RUT DUNG_XU_LY".split())
    _SYSTEMS = {
        "business": ("HKD", "NEW RECEIVED CHECKING AMENDMENT_REQUIRED FEE_DUE GRANTED DELIVERED REFUSED WITHDRAWN CLOSED"),
        "residence": ("CT", " ".join(_WORDS)),
        "insurance": ("BHXH", "TAO_MOI TIEP_NHAN XU_LY TRA_LAI_BO_SUNG CHO_THANH_TOAN HOAN_THANH DA_TRA KHONG_TIEP_NHAN DA_RUT DUNG"),
        "home-affairs": (
            "NCC", "HS_MOI HS_DA_NHAN HS_THAM_DINH HS_BO_SUNG HS_CHO_NOP_PHI HS_DA_DUYET HS_DA_TRA HS_TU_CHOI HS_RUT HS_DUNG"
        ),
    }  # fmt: skip

    def answer(self, path: str, key: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The same key always gets the same answer: one entry, one personal id."""
        with self._lock:
            if path.startswith("/payments/"):
                _misbehave(self.till.payer(body))
            if not key:  # a question that changes nothing is answered anew each time
                return self._fresh(path, body)
            if key not in self._answers:
                self._answers[key] = self._fresh(path, body)
            return self._answers[key]

    def _moment(self) -> str:
        day = self._today or date.today()  # noqa: DTZ011  a simulated system has a clock of its own
        return datetime(day.year, day.month, day.day, 9, 41).strftime("%Y%m%d%H%M%S")  # noqa: DTZ001  Vietnam's, as it writes it

    def _fresh(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        match path:
            case "/population/lookups":
                return {"persons": [_looked_up(one) for one in body["persons"]]}
            case "/population/personal-ids":
                return {"personal_id": self._personal_id(body["child"])}
            case "/civil-status/searches":
                return {"entries": _entries(body["declaration"])}
            case "/civil-status/entries":
                return self._entry(body["declaration"])
            case "/social/entitlements":
                return _entitlement(body["person"])
            case "/social/pay-list" | "/social/payments" | "/social/moves" | "/portal/results" | "/portal/publications" | "/food/failures":
                self._serial += 1
                return {"receipt": f"BN-{self._serial:06d}"}
        return self._sector(path, body)

    def _driving(self, path: str, number: str) -> dict[str, Any]:
        """A licence whose number ends with 404 or 9999 is not there; with 409 a violation is pending."""
        if number.endswith("503"):
            raise Busy
        if path == "/driving/licences":
            self._serial += 1
            return {"licence_no": f"99{self._serial:010d}"}
        state = "not_found" if number.endswith(("404", "9999")) else "found"
        return {"state": state, "violations": "open" if number.endswith("409") else "clear"}

    def _sector(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Land and tax office, laboratory, licences, payments; the systems in which ministries decide themselves."""
        if path.startswith("/payments/"):
            return self.till.answer(path, body)
        if path.startswith(("/business/", "/residence/", "/insurance/", "/home-affairs/")):
            return self._follow(path.split("/")[1], path, body)
        if path == "/food/samples":
            failed = "Không Đạt" in body["site"]["name"]
            return {"state": "failed" if failed else "passed", "values": ["Vi sinh vượt mức"] if failed else []}
        if path in ("/driving/lookups", "/driving/licences"):
            return self._driving(path, str(body["licence"]["no"]))
        if not path.startswith("/land/"):
            raise KeyError(path)
        if path == "/land/tax-slips":
            return self._tax(body)
        _misbehave(body["owner"])
        self._serial += 1
        if path == "/land/surveys":
            return {"drawing_no": f"TĐ-{self._serial:04d}", "surveyed_m2": body["plot"]["area_m2"]}
        return {"receipt": f"ĐĐ-{self._serial:06d}"}

    def _follow(self, system: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        prefix, words = self._SYSTEMS[system]
        if path.endswith("/dossiers"):
            declared = body["declaration"]
            owner = next(declared[one] for one in ("owner", "mover", "person") if one in declared)["full_name"]
            _misbehave(owner)
            self._serial += 1
            self._followed.setdefault(body["reference"], (owner, -1, f"{prefix}-{self._serial:06d}"))
        owner, asked, code = self._followed[body["reference"]]
        story = next((one for tail, one in self._STORIES.items() if owner.endswith(tail)), self._COURSE)
        asked = min(asked + 1, len(story) - 1)
        self._followed[body["reference"]] = (owner, asked, code)
        state = story[asked]
        told: dict[str, Any] = {"state": dict(zip(self._WORDS, words.split(), strict=True)).get(state, state), "sequence": asked}
        if self._ACCEPTED.intersection(story[: asked + 1]):
            told["code"] = code
        if owner.endswith(" Ngày Hẹn") and state in self._TIMES:
            hour, days = self._TIMES[state]
            today = self._today or date.today()  # noqa: DTZ011  a simulated system has a clock of its own
            told |= {"changed_at": f"{today}T{hour}", "due_at": f"{today + timedelta(days)}T17:00"}
        match state:
            case "YEU_CAU_BO_SUNG":
                told["items"] = [{"what": "Hợp đồng thuê địa điểm", "why": "Bản chụp không đọc được"}]
            case "TU_CHOI":
                told |= {"ground": "barred", "reason": "Chỗ ở nằm trong khu vực không được đăng ký thường trú mới."}
            case "DA_CO_KET_QUA":
                told["result_number"] = f"KQ-{code}"
        return told

    def _tax(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Half a percent on registration, two percent on a sale; nothing for close family or relief."""
        _misbehave(body["owner"])
        self._serial += 1
        worth = int(body["price"] or 1_000_000 * body["plot"]["area_m2"])
        rates = {"registration_fee": 5} | ({"personal_income_tax": 20} if body["change"] == "transfer" else {})
        amounts = [{"kind": kind, "amount": 0 if body["relief"] else worth * rate // 1000} for kind, rate in rates.items()]
        today = self._today or date.today()  # noqa: DTZ011  a simulated system has a clock of its own
        return {"notice_no": f"{self._serial}/TB-CCT", "notice_on": today.isoformat(), "amounts": amounts}

    def _personal_id(self, child: Mapping[str, Any]) -> str:
        born = str(child["birth_date"])
        sex = {"male": "2", "female": "3"}[child["sex"]]
        tail = int(hashlib.sha256(json.dumps(child, sort_keys=True).encode()).hexdigest(), 16) % 1_000_000
        return f"099{sex}{born[2:4]}{tail:06d}"

    def _entry(self, declaration: Mapping[str, Any]) -> dict[str, Any]:
        child = declaration.get("child") or {}
        if "Từ Chối" in str(child.get("full_name", "")):
            return {"state": "rejected", "reason": "Họ tên trẻ không hợp lệ"}
        self._serial += 1
        today = self._today or date.today()  # noqa: DTZ011  a simulated system has a clock of its own
        return {
            "state": "accepted",
            "entry_no": f"{self._serial}/{today.year}",
            "book_no": f"01/{today.year}",
            "entered_on": today.isoformat(),
        }


def _misbehave(owner: str) -> None:
    """For systems that know people by name alone: whoever is called Bận finds it busy, Hỏng gets half an answer."""
    if owner.endswith(" Bận"):
        raise Busy
    if owner.endswith(" Hỏng"):
        raise Broken


def _looked_up(person: Mapping[str, Any]) -> dict[str, Any]:
    tail = str(person.get("personal_id") or "")[-3:]
    if tail == "503":
        raise Busy
    if tail == "500":
        raise Broken
    outcome = {"404": "missing", "409": "mismatch"}.get(tail, "found" if tail else "missing")
    return {"role": person["role"], "full_name": person["full_name"], "outcome": outcome}


def _entitlement(person: Mapping[str, Any]) -> dict[str, Any]:
    tail = str(person.get("personal_id") or "")[-3:]
    if tail == "503":
        raise Busy
    held = {"404": "none", "409": "pension_or_survivor", "731": "social_allowance"}.get(tail, "social_pension")
    return {"benefit": held, "paid_elsewhere": tail == "409", "death_registered": tail != "404"}


def _entries(declaration: Mapping[str, Any]) -> list[dict[str, Any]]:
    subject = declaration.get("subject") or {}
    if str(subject.get("personal_id") or "").endswith("404") or not subject.get("personal_id"):
        return []
    return [{"full_name": subject["full_name"], "kind": declaration.get("record_kind"), "entry_no": "31/1996"}]


def server(host: str = "127.0.0.1", port: int = PORT, *, today: date | None = None) -> ThreadingHTTPServer:
    """A server that is not yet serving; port 0 takes a free one."""
    return serve(StandIn(today), host, port)


def serve(stand_in: StandIn, host: str = "127.0.0.1", port: int = 0) -> ThreadingHTTPServer:
    """The same over a stand-in whose knowledge the caller looks into."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            try:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                value = stand_in.answer(self.path, self.headers["Idempotency-Key"], body)
                self._send(200, json.dumps(value).encode())
            except Busy:
                self._send(503, b"{}")
            except Broken:
                self._send(200, b'{"persons": [')
            except (KeyError, TypeError, ValueError):
                self._send(400, b"{}")

        def _send(self, status: int, data: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library's name
            log.debug("stand-in", path=self.path)

    return ThreadingHTTPServer((host, port), Handler)
