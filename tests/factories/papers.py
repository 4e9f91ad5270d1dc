"""One sample of each paper, as its data lie in a slip: for pictures, and for tests of how they look."""

from types import SimpleNamespace
from typing import Any

from engine.base.ids import digest_of
from engine.base.money import in_words
from engine.documents import templates

CENTRE = "Trung tâm Phục vụ hành chính công phường Hạc Thành"
COMMITTEE = "Ủy ban nhân dân phường Hạc Thành"
APPLICANT = {
    "name": "Hoàng Văn Thiện",
    "personal_id": "099091000217",
    "phone": "0990 345 678",
    "email": "thien.hv@example.vn",
    "address": "Số 12 phố Lê Hoàn, phường Hạc Thành, tỉnh Thanh Hóa",
}
PROXY = {
    "is_proxy": True,
    "submitter": {
        "name": "Lê Thị Hòa",
        "personal_id": "099190000111",
        "phone": "0990 000 111",
        "email": "",
        "address": "",
        "relation": "grandparent",
        "authorisation_no": "12/GUQ",
        "authorisation_date": "2026-11-20",
    },
}
HEAD: dict[str, Any] = {
    "parent_office": COMMITTEE,
    "office": CENTRE,
    "office_phone": "0237 000 0000",
    "office_address": "Phường Hạc Thành, tỉnh Thanh Hóa",
    "receiving_office": CENTRE,
    "competent_office": COMMITTEE,
    "place": "Hạc Thành",
    "province": "38",
    "code": "H56.101-261123-0017",
    "reference": "N261123-ABCDEF",
    "secret": "T9WW3MHZ",
    "procedure": {"code": "1.001193", "name": "Thủ tục đăng ký khai sinh"},
    "channel": "in_person",
    "submitter": APPLICANT,
    "applicant": APPLICANT,
    "is_proxy": False,
    "owner": {"name": "Hoàng Nguyễn Minh Khang", "address": ""},
    "lodged_at": "2026-11-23T02:40:00+00:00",
    "accepted_at": "2026-11-23T02:42:00+00:00",
    "made_on": "2026-11-23",
    "officer": "Lê Thị Ngọc Bích",
}
#: A decision comes from the committee, not from its counter.
DECIDES = {"parent_office": "Ủy ban nhân dân tỉnh Thanh Hóa", "office": COMMITTEE, "officer": "Nguyễn Quang Hải"}
DUE = "2026-11-23T10:00:00+00:00"
ONE = {"obtained_by": "paper", "originals": 1, "certified": 0, "copies": 0}
PAPERS = [
    {"name": "Tờ khai đăng ký khai sinh (theo mẫu)", **ONE},
    {"name": "Giấy chứng sinh", **ONE},
    {"name": "Giấy chứng nhận kết hôn của cha, mẹ", **ONE, "obtained_by": "lookup"},
]


def _at(time: str | None) -> str | None:
    return f"2026-11-23T{time}:00+00:00" if time else None


def _hop(step: str, before: Any, after: Any, times: tuple[str, str | None, str | None], timing: str | None) -> dict[str, Any]:
    given, taken, done = times
    return {
        "step": step,
        "from": before,
        "to": after,
        "given_at": _at(given),
        "taken_at": _at(taken),
        "done_at": _at(done),
        "due_at": _at("06:00") if timing == "late" else DUE,
        "timing": timing,
        "how": "completed" if done else None,
    }


def _unit(lane: str, office: str, officer: str) -> dict[str, str]:
    return {"lane": lane, "office": office, "officer": officer, "title": ""}


_RECEPTION = _unit("Tiếp nhận", CENTRE, "Lê Thị Ngọc Bích")
_SPECIALIST = _unit("Chuyên viên thụ lý", COMMITTEE, "Nguyễn Thị Hải Yến")
_LEADER = _unit("Lãnh đạo ký", COMMITTEE, "Nguyễn Quang Hải")
HOPS = [
    _hop("Kiểm tra hồ sơ", "Người nộp hồ sơ", _RECEPTION, ("02:40", "02:40", "02:42"), "early"),
    _hop("Thẩm tra hồ sơ khai sinh", _RECEPTION, _SPECIALIST, ("02:42", "02:50", "04:10"), "early"),
    _hop("Ký duyệt", _SPECIALIST, _LEADER, ("04:10", "07:00", "07:05"), "late"),
    _hop("Cấp số, đóng dấu, phát hành", _LEADER, _unit("Văn thư", COMMITTEE, ""), ("07:05", None, None), None),
]
STORY = [
    {"at": _at("02:40"), "who": "Lê Thị Ngọc Bích", "words": "Nộp hồ sơ trực tiếp"},
    {"at": _at("02:42"), "who": "Lê Thị Ngọc Bích", "words": "Tiếp nhận, cấp mã H56.101-261123-0017"},
    {"at": _at("02:42"), "who": "Lê Thị Ngọc Bích", "words": "Hẹn trả 17:00 thứ Hai 23/11/2026"},
    {"at": _at("04:10"), "who": "Nguyễn Thị Hải Yến", "words": "Hoàn thành: Thẩm tra hồ sơ khai sinh"},
]
_FEES = [
    {"name": "Lệ phí cấp bản sao trích lục hộ tịch", "basis": "Thông tư 281/2016/TT-BTC", "amount": 24_000},
]
_MONEY = {
    "payer": "Hoàng Văn Thiện",
    "payer_address": "",
    "lines": _FEES,
    "amount": 24_000,
    "words": in_words(24_000),
    "way": "cash",
    "series": "TH-26T",
    "form": "01BLP0-001",
    "officer": "Trần Thị Kim Oanh",
}
_STATUTORY = "Trong ngày làm việc; tiếp nhận sau 15 giờ thì trả kết quả trong ngày làm việc tiếp theo"
#: kind -> (number, what it adds to the head)
SAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "receipt": (
        "17/TNHS",
        PROXY
        | {
            "components": PAPERS,
            "sets": 1,
            "charges": [{"name": "Lệ phí bản sao trích lục", "amount": 24_000, "basis": "", "state": "owed"}],
            "statutory": _STATUTORY,
            "due_at": DUE,
            "return_way": "counter",
        },
    ),
    "supplement": (
        "05/HDHS",
        {
            "items": [
                {"what": "Giấy chứng sinh", "why": "Bản nộp bị mờ, không đọc được ngày sinh", **ONE},
                {"what": "Văn bản ủy quyền", "why": "Chưa có trong hồ sơ", "originals": 0, "certified": 0, "copies": 0},
            ],
            "code": None,
            "accepted_at": None,
            "due_at": "2026-12-23T16:59:00+00:00",
            "after_acceptance": False,
        },
    ),
    "refusal": (
        "02/TB-TCHS",
        DECIDES
        | {
            "assessed": True,
            "signed_by": "Trịnh Thị Lan",
            "reason": "Trẻ đã được đăng ký khai sinh tại Ủy ban nhân dân xã Hoa Lộc ngày 12/10/2026.",
            "article": "Luật Hộ tịch 2014, Điều 16",
            "next_step": "Ông/bà có thể yêu cầu cấp bản sao trích lục khai sinh tại bất kỳ Ủy ban nhân dân cấp xã nào.",
            "returned": PAPERS[:2],
        },
    ),
    "extension": (
        "01/PXL-HT",
        DECIDES
        | {
            "reason": "Chờ kết quả xác minh của Ủy ban nhân dân xã Hoa Lộc.",
            # at least one day before the day that was named first (art. 19(6))
            "made_on": "2026-11-26",
            "old_due_at": "2026-11-27T10:00:00+00:00",
            "due_at": "2026-12-01T10:00:00+00:00",
        },
    ),
    "stop": (
        "03/TB-DHS",
        DECIDES
        | {
            "reason": "Người nộp không bổ sung giấy tờ trong 15 ngày.",
            "ground": "not_supplemented",
            "effective_at": "2026-12-09T02:00:00+00:00",
            "returned": PAPERS[:2],
            "refunds": [{"name": "Lệ phí cấp bản sao", "amount": 8_000}],
        },
    ),
    "control": (
        "08/PKS",
        {
            "components": PAPERS,
            "hops": HOPS,
            "statutory": _STATUTORY,
            "due_at": DUE,
            "decided_at": None,
            "result_number": None,
        },
    ),
    "handover": (
        "04/BGHS",
        {
            "components": PAPERS,
            "from_office": CENTRE,
            "to_office": COMMITTEE,
            "given_at": None,
            "taken_at": None,
            "due_at": DUE,
            "result_number": None,
        },
    ),
    "result_receipt": (
        "09/BN-TKQ",
        {
            "results": ["Giấy khai sinh"],
            "result_kind": "granted",
            "result_number": "15/KQ-TTHC",
            "decided_at": _at("07:05"),
            "due_at": DUE,
            "receiver": {
                "role": "applicant",
                "name": "Hoàng Văn Thiện",
                "personal_id": "099091000217",
                "authorisation_no": "",
            },
            "returned": [],
        },
    ),
    "site_minutes": (
        "05/BB-KTTĐ",
        DECIDES
        | {
            "announced": {
                "at": "2026-11-26T01:30:00+00:00",
                "place": "thửa đất số 12, đường Lê Lợi",
                "people": "công chức địa chính, chủ đầu tư",
                "told_at": "2026-11-23T07:05:00+00:00",
            },
            "visited_at": "2026-11-26T08:30:00",
            "present": [{"name": "Lê Thị Minh", "role": "Công chức địa chính"}, {"name": "Hoàng Văn Thiện", "role": "Chủ đầu tư"}],
            "state": "old_house",
            "access_m": 5.5,
            "photos": 6,
            "dimensions": [{"edge": "A-B", "on_paper": 12, "measured": 11.9}],
            "neighbours": [{"side": "left", "building": "Nhà 3 tầng", "distance_m": 1.2, "condition": "tốt"}],
            "disputes": None,
            "fits_dossier": "fits",
            "conclusion": "Hiện trạng phù hợp với hồ sơ đề nghị cấp phép.",
        },
    ),
    "council_minutes": (
        "12/BB-HĐTĐ",
        DECIDES
        | {
            "held_on": "2026-12-03",
            "held_at": "phòng họp tầng 4, Sở Nông nghiệp và Môi trường",
            "members": [
                {"name": "Lê Thị Minh", "role": "chair", "vote": "changes", "remark": "Làm rõ lưu lượng nước thải"},
                {"name": "Phạm Văn Hùng", "role": "secretary", "vote": "changes", "remark": None},
                {"name": "Công Tằng Tôn Nữ Thị Thùy Dương", "role": "reviewer", "vote": "pass", "remark": "Đồng ý với phương án xử lý bụi"},
                {"name": "Vũ Đình Long", "role": "member", "vote": "absent", "remark": None},
            ],
            "minutes": "Chủ dự án trình bày báo cáo.\nỦy viên phản biện hỏi về nguồn tiếp nhận nước thải; chủ dự án giải trình, bổ sung số liệu quan trắc.",
            "council_vote": "changes",
        },
    ),
    "history": ("01/QTGQ", {"lines": STORY, "due_at": DUE}),
    "fee_receipt_phi": (
        "0000031",
        _MONEY
        | {
            "lines": [{"name": "Phí chứng thực bản sao từ bản chính", "basis": "Thông tư 226/2016/TT-BTC", "amount": 12_000}],
            "amount": 12_000,
            "words": in_words(12_000),
        },
    ),
    "fee_receipt_le_phi": ("0000012", _MONEY),
    "fee_refund": (
        "01/PC",
        {
            "receiver": "Hoàng Văn Thiện",
            "lines": [
                {"name": "Lệ phí đăng ký khai sinh quá hạn", "receipt_no": "0000012", "amount": 8_000},
                {"name": "Phí cấp bản sao trích lục hộ tịch", "receipt_no": "0000031", "amount": 16_000},
            ],
            "amount": 24_000,
            "words": in_words(24_000),
            "way": "cash",
            "why": "Người nộp rút hồ sơ trước khi có kết quả, Điều 21",
        },
    ),
}

#: More faces of the same papers: name -> (kind, procedure with a form of its own, what is different)
VARIANTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "receipt_of_the_applicant": (
        "receipt",
        "",
        {"is_proxy": False, "submitter": APPLICANT, "charges": [], "channel": "online", "return_way": "online"},
    ),
    "supplement_after_acceptance": (
        "supplement",
        "",
        {
            "code": HEAD["code"],
            "accepted_at": HEAD["accepted_at"],
            "after_acceptance": True,
            "due_at": "2026-12-08T16:59:00+00:00",
            "items": [
                {
                    "what": "Giấy chứng sinh",
                    "lack": "thiếu chữ ký của cơ sở khám bệnh, chữa bệnh",
                    "why": "Nghị định 123/2015/NĐ-CP, Điều 15",
                    "how": "Xin cấp lại hoặc xác nhận tại nơi đã cấp",
                    **ONE,
                }
            ],
        },
    ),
    "extension_in_a_group": (
        "extension",
        "",
        {
            "code": "H56.101-261123-0019",
            "procedure": {"code": "1.001731", "name": "Thủ tục hỗ trợ chi phí mai táng đối với đối tượng bảo trợ xã hội"},
            "owner": {"name": "Hoàng Văn Lộc", "address": ""},
            "group_code": "H56.101-261123-0018",
            "group_due_at": "2026-12-01T10:00:00+00:00",
        },
    ),
    "refusal_at_reception": (
        "refusal",
        "",
        {
            "parent_office": COMMITTEE,
            "office": CENTRE,
            "officer": HEAD["officer"],
            "code": None,
            "accepted_at": None,
            "assessed": False,
            "article": "",
            "reason": "Không thuộc thẩm quyền giải quyết. Cơ quan có thẩm quyền: Ủy ban nhân dân xã Hoa Lộc.",
            "next_step": "",
            "returned": [],
        },
    ),
    "stop_withdrawn": (
        "stop",
        "",
        {
            "parent_office": COMMITTEE,
            "office": CENTRE,
            "officer": HEAD["officer"],
            "ground": "withdrawn",
            "reason": "Tôi sẽ nộp lại khi có đủ giấy tờ.",
            "returned": [],
            "refunds": [],
        },
    ),
    "ct04_receipt": ("receipt", "1.004222", {"procedure": {"code": "1.004222", "name": "Đăng ký thường trú"}}),
    "ct05_supplement": ("supplement", "1.004222", {"procedure": {"code": "1.004222", "name": "Đăng ký thường trú"}}),
    "ct06_refusal": ("refusal", "1.004222", {"procedure": {"code": "1.004222", "name": "Đăng ký thường trú"}}),
    "business_receipt": (
        "receipt",
        "1.001612",
        {"procedure": {"code": "1.001612", "name": "Đăng ký thành lập hộ kinh doanh"}},
    ),
}


def sample(kind: str, **more: Any) -> SimpleNamespace:
    """A slip that was never issued."""
    number, added = SAMPLES[kind]
    return SimpleNamespace(kind=kind, number=number, digest="0" * 64, data=HEAD | added | more)


def template(kind: str, procedure: str = "") -> SimpleNamespace:
    """The template that the product brings, as if it had been published."""
    sources = dict(templates.read())[kind, "00", procedure]
    return SimpleNamespace(sources=sources, digest=digest_of(sources))
