"""The demo province: Thanh Hóa as it is since 1 July 2025, with invented people at some of its desks.

Offices and communes are real; their codes follow the pattern of the law but are ours, and so are all names of
people, telephone numbers and addresses of mail.
"""

import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from vietnam_provinces import ProvinceCode, Ward

from engine.base.ids import uuid7
from engine.base.uow import UnitOfWork
from engine.ledger.events import OfficeAssigned
from engine.ledger.models import LedgerEvent
from engine.org.models import Account, Lane, LaneSide, Office, OfficeKind, Officer, Posting

#: The day from which provinces and communes are the only two levels.
SINCE = date(2025, 7, 1)
PROVINCE = "H56"
CENTRE = "H56.01"

#: code, name, English name, side; top to bottom in a diagram
LANES = [
    ("reception", "Tiếp nhận", "Reception", LaneSide.RECEIVING),
    ("cashier", "Thu phí, lệ phí", "Cashier", LaneSide.RECEIVING),
    ("centre_head", "Lãnh đạo Trung tâm PVHCC", "Head of the centre", LaneSide.RECEIVING),
    ("division_head", "Lãnh đạo phòng", "Head of division", LaneSide.COMPETENT),
    ("specialist", "Chuyên viên thụ lý", "Specialist", LaneSide.COMPETENT),
    ("council", "Hội đồng thẩm định", "Appraisal council", LaneSide.COMPETENT),
    ("leader", "Lãnh đạo ký", "Signing leader", LaneSide.COMPETENT),
    ("clerk", "Văn thư", "Clerk", LaneSide.COMPETENT),
    ("return", "Trả kết quả", "Return of results", LaneSide.RECEIVING),
    ("administrator", "Quản trị hệ thống", "Administrator", LaneSide.SUPPORT),
    ("analyst", "Phân tích quy trình", "Process analyst", LaneSide.SUPPORT),
    ("auditor", "Kiểm tra, giám sát", "Auditor", LaneSide.SUPPORT),
]

#: code, name, English name; departments of the province after the mergers of 2025
DEPARTMENTS = [
    ("H56.02", "Sở Nội vụ", "Department of Home Affairs"),
    ("H56.03", "Sở Tư pháp", "Department of Justice"),
    ("H56.04", "Sở Tài chính", "Department of Finance"),
    ("H56.05", "Sở Công Thương", "Department of Industry and Trade"),
    ("H56.06", "Sở Nông nghiệp và Môi trường", "Department of Agriculture and Environment"),
    ("H56.07", "Sở Xây dựng", "Department of Construction"),
    ("H56.08", "Sở Khoa học và Công nghệ", "Department of Science and Technology"),
    ("H56.09", "Sở Văn hóa, Thể thao và Du lịch", "Department of Culture, Sports and Tourism"),
    ("H56.10", "Sở Giáo dục và Đào tạo", "Department of Education and Training"),
    ("H56.11", "Sở Y tế", "Department of Health"),
    ("H56.12", "Sở Dân tộc và Tôn giáo", "Department of Ethnic and Religious Affairs"),
    ("H56.13", "Thanh tra tỉnh", "Provincial Inspectorate"),
    (
        "H56.14",
        "Ban Quản lý Khu kinh tế Nghi Sơn và các khu công nghiệp",
        "Management Board of Nghi Sơn Economic Zone and Industrial Parks",
    ),
]
#: code, branch, name, English name; vertical agencies of the province that hold parts of interconnected groups
VERTICAL = [("H56.15", "social_insurance", "Bảo hiểm xã hội tỉnh Thanh Hóa", "Social Insurance of Thanh Hóa")]
#: A department that does.
BRANCHES = {"H56.02": "home_affairs"}
#: Communes are numbered from here in the order of the national list; their centres are `.01` below them.
FIRST_COMMUNE = 101


@dataclass(frozen=True)
class Desk:
    """A place at which somebody works: the head of their user name, what is on the door, their lanes."""

    user: str
    title: str
    lanes: tuple[str, ...]
    at_centre: bool = False


#: a commune: the centre receives and returns, the People's Committee decides
COMMUNE_DESKS = [
    Desk("tiepnhan", "Công chức tiếp nhận", ("reception",), at_centre=True),
    Desk("tiepnhan2", "Nhân viên bưu điện tiếp nhận", ("reception", "return"), at_centre=True),
    Desk("thuphi", "Kế toán thu phí, lệ phí", ("cashier",), at_centre=True),
    Desk("giamdoc", "Giám đốc Trung tâm", ("centre_head",), at_centre=True),
    Desk("traketqua", "Công chức trả kết quả", ("return",), at_centre=True),
    Desk("truongphong", "Trưởng phòng", ("division_head",)),
    Desk("chuyenvien", "Công chức tư pháp - hộ tịch", ("specialist",)),
    Desk("chuyenvien2", "Công chức kinh tế, xã hội", ("specialist",)),
    Desk("lanhdao", "Phó Chủ tịch", ("leader",)),
    Desk("vanthu", "Công chức văn thư", ("clerk",)),
]
#: a department: its counter is that of the provincial centre
DEPARTMENT_DESKS = [
    Desk("truongphong", "Trưởng phòng", ("division_head",)),
    Desk("chuyenvien", "Chuyên viên", ("specialist",)),
    Desk("chuyenvien2", "Chuyên viên", ("specialist",)),
    Desk("lanhdao", "Phó Giám đốc", ("leader",)),
    Desk("vanthu", "Văn thư", ("clerk",)),
]
#: a department that appraises by a council: its chair and its secretary, who keeps the minutes
COUNCIL_DESKS = [
    Desk("chutichhoidong", "Chủ tịch hội đồng thẩm định", ("council",)),
    Desk("thukyhoidong", "Ủy viên thư ký hội đồng thẩm định", ("council",)),
]
CENTRE_DESKS = [
    Desk("tiepnhan", "Chuyên viên tiếp nhận", ("reception",)),
    Desk("tiepnhan2", "Chuyên viên tiếp nhận", ("reception", "return")),
    Desk("thuphi", "Kế toán thu phí, lệ phí", ("cashier",)),
    Desk("giamdoc", "Giám đốc Trung tâm", ("centre_head",)),
    Desk("traketqua", "Chuyên viên trả kết quả", ("return",)),
]
#: police, social insurance: they decide in the system of their ministry
VERTICAL_DESKS = [
    Desk("chuyenvien", "Cán bộ thụ lý", ("specialist",)),
    Desk("lanhdao", "Lãnh đạo cơ quan", ("leader",)),
]
SUPPORT_DESKS = [
    Desk("quantri", "Quản trị hệ thống", ("administrator",)),
    Desk("phantich", "Chuyên viên kiểm soát thủ tục hành chính", ("analyst",)),
    Desk("kiemtra", "Thanh tra viên", ("auditor",)),
]

#: office code or ward name, tail of the user names, desks, who sits at them
STAFF: list[tuple[str, str, list[Desk], list[str]]] = [
    (PROVINCE, "", SUPPORT_DESKS, ["Lê Hữu Nghị", "Trịnh Thị Thu Hà", "Nguyễn Xuân Trường"]),
    (
        CENTRE,
        ".tinh",
        CENTRE_DESKS,
        ["Nguyễn Thị Lan Anh", "Lê Văn Thắng", "Phạm Thị Hồng Nhung", "Trịnh Quốc Khánh", "Hoàng Thị Mai"],
    ),
    (
        "H56.02",
        ".noivu",
        DEPARTMENT_DESKS,
        ["Lê Văn Tiến", "Nguyễn Thị Hiền", "Phạm Thị Nguyệt", "Trịnh Xuân Bình", "Hoàng Thị Lan"],
    ),
    ("H56.15", ".bhxh", VERTICAL_DESKS, ["Lê Thị Hằng", "Nguyễn Văn Long"]),
    (
        "H56.03",
        ".tuphap",
        DEPARTMENT_DESKS,
        ["Mai Văn Hùng", "Lê Thị Thanh Huyền", "Nguyễn Đình Phúc", "Bùi Thị Minh Nguyệt", "Đỗ Thị Hạnh"],
    ),
    (
        "H56.07",
        ".xaydung",
        DEPARTMENT_DESKS,
        ["Vũ Đức Thành", "Lê Trọng Nghĩa", "Hà Thị Phương Thảo", "Nguyễn Mạnh Cường", "Lưu Thị Thủy"],
    ),
    (
        "H56.06",
        ".nnmt",
        DEPARTMENT_DESKS + COUNCIL_DESKS,
        [
            "Trịnh Văn Súy",
            "Lê Thị Hồng Thắm",
            "Phạm Bá Lưu",
            "Đinh Thị Lệ Quyên",
            "Tống Thị Nhàn",
            "Lê Văn An",
            "Trần Thị Bích",
        ],
    ),
    (
        "Phường Hạc Thành",
        ".hacthanh",
        COMMUNE_DESKS,
        [
            "Lê Thị Ngọc Bích",
            "Nguyễn Văn Đạt",
            "Trần Thị Kim Oanh",
            "Lê Minh Tuấn",
            "Phạm Thị Thu Trang",
            "Hoàng Văn Sơn",
            "Nguyễn Thị Hải Yến",
            "Trịnh Đình Lâm",
            "Nguyễn Quang Hải",
            "Lê Thị Hoa",
        ],
    ),
    (
        "Phường Sầm Sơn",
        ".samson",
        COMMUNE_DESKS,
        [
            "Viên Thị Hương",
            "Cao Văn Lợi",
            "Ngô Thị Bình",
            "Lường Hữu Tâm",
            "Nguyễn Thị Diệp",
            "Trần Văn Quý",
            "Hoàng Thị Thùy Linh",
            "Lê Đức Anh",
            "Vũ Đình Quế",
            "Nguyễn Thị Xuân",
        ],
    ),
    (
        "Xã Hoa Lộc",
        ".hoaloc",
        COMMUNE_DESKS,
        [
            "Phạm Thị Thơm",
            "Đồng Văn Chiến",
            "Mai Thị Lý",
            "Nguyễn Hữu Thọ",
            "Bùi Thị Tuyết",
            "Vũ Văn Kiên",
            "Mai Xuân Lĩnh",
            "Trương Thị Nga",
            "Hoàng Ngọc Đức",
            "Đỗ Thị Vân",
        ],
    ),
]


#: ward name, tail of the user names, who sits with its police
POLICE: list[tuple[str, str, list[str]]] = [
    ("Phường Hạc Thành", ".cahacthanh", ["Đỗ Mạnh Hùng", "Lê Quốc Việt"]),
    ("Phường Sầm Sơn", ".casamson", ["Vũ Ngọc Hải", "Trần Đình Thắng"]),
    ("Xã Hoa Lộc", ".cahoaloc", ["Mai Văn Nam", "Phạm Văn Dũng"]),
]


@dataclass(frozen=True)
class Person:
    """A demo login: who, as what, where."""

    username: str
    name: str
    title: str
    office_code: str
    lanes: tuple[str, ...]


def people() -> Iterator[Person]:
    """Everybody with a login, as `make run` prints them."""
    codes = {str(ward.name): code for code, ward in _communes()}
    for place, tail, desks, names in STAFF:
        for desk, name in zip(desks, names, strict=True):
            code = codes.get(place, place) + (".01" if desk.at_centre else "")
            yield Person(desk.user + tail, name, desk.title, code, desk.lanes)
    for place, tail, names in POLICE:
        for desk, name in zip(VERTICAL_DESKS, names, strict=True):
            yield Person(desk.user + tail, name, desk.title, f"{codes[place]}.02", desk.lanes)


def seed_thanh_hoa(uow: UnitOfWork, *, password: str | None = None) -> None:
    """Lay out the province, its offices and its people: what is not there yet is added, what is there stays as it is.

    `password` is the hash that every demo account gets, made by whoever checks it at login.
    """
    session = uow.session
    lanes = set(session.scalars(select(Lane.code)))
    session.add_all(
        Lane(code=code, name=name, name_en=name_en, side=side, position=position)
        for position, (code, name, name_en, side) in enumerate(LANES)
        if code not in lanes
    )
    offices = _placed(session)
    logins = set(session.scalars(select(Account.username)))
    for person in people():
        if person.username in logins:
            continue
        officer = Officer(name=person.name, title=person.title)
        session.add(officer)
        session.flush()
        session.add(_account(person, officer.id, password))
        session.add_all(
            Posting(
                officer_id=officer.id,
                office_id=offices[person.office_code].id,
                lane=lane,
                position=position,
                valid_from=SINCE,
            )
            for position, lane in enumerate(person.lanes)
        )
    session.flush()


def _placed(session: Session) -> dict[str, Office]:
    """All offices by code; new ones below those that are there, which get the branch that they have had since.

    What an administrator said of an office's branch stays, also that it holds none.
    """
    there = {office.code: office for office in session.scalars(select(Office).order_by(Office.valid_from))}
    said = set(session.scalars(select(LedgerEvent.stream_id).filter_by(type=OfficeAssigned.type)))
    kept: dict[uuid.UUID, uuid.UUID] = {}
    for office in offices():
        known = there.setdefault(office.code, office)
        if known is office:
            office.parent_id = kept.get(office.parent_id, office.parent_id) if office.parent_id else None
            session.add(office)
        else:
            kept[office.id] = known.id
            if known.id not in said:
                known.branch = known.branch or office.branch
    session.flush()
    return there


def _account(person: Person, officer_id: uuid.UUID, password: str | None) -> Account:
    return Account(
        officer_id=officer_id,
        username=person.username,
        email=f"{person.username}@thanhhoa.example",
        password=password,
        active=True,
        fs_uniquifier=secrets.token_hex(32),
    )


def _communes() -> Iterator[tuple[str, Ward]]:
    wards = Ward.iter_by_province(ProvinceCode.P_38)
    for number, ward in enumerate(wards, FIRST_COMMUNE):
        yield f"{PROVINCE}.{number}", ward


def offices() -> Iterator[Office]:
    """Every office of the province, parents first."""
    province = _office(
        PROVINCE,
        OfficeKind.PROVINCE,
        "Ủy ban nhân dân tỉnh Thanh Hóa",
        "People's Committee of Thanh Hóa",
        place_code=str(ProvinceCode.P_38.value),
        address="Số 35 Đại lộ Lê Lợi, phường Hạc Thành, tỉnh Thanh Hóa",
    )
    yield province
    yield _office(
        CENTRE,
        OfficeKind.CENTRE,
        "Trung tâm Phục vụ hành chính công tỉnh Thanh Hóa",
        "Thanh Hóa Public Administration Service Centre",
        parent_id=province.id,
        address="Số 28 Đại lộ Lê Lợi, phường Hạc Thành, tỉnh Thanh Hóa",
    )
    for code, name, name_en in DEPARTMENTS:
        yield _office(code, OfficeKind.DEPARTMENT, name, name_en, parent_id=province.id, branch=BRANCHES.get(code))
    for code, branch, name, name_en in VERTICAL:
        yield _office(code, OfficeKind.VERTICAL, name, name_en, parent_id=province.id, branch=branch)
    for code, ward in _communes():
        yield from _commune(code, ward, province)


def _commune(code: str, ward: Ward, province: Office) -> Iterator[Office]:
    """The People's Committee, below it its centre, and beside it the police."""
    kind, short = ward.name.split(" ", 1)
    name = f"{kind.lower()} {short}"
    name_en = f"{short} {'Ward' if kind == 'Phường' else 'Commune'}"
    address = f"{ward.name}, tỉnh Thanh Hóa"
    committee = _office(
        code,
        OfficeKind.COMMUNE,
        f"Ủy ban nhân dân {name}",
        f"People's Committee of {name_en}",
        parent_id=province.id,
        place_code=str(ward.code.value),
        address=address,
    )
    yield committee
    yield _office(
        f"{code}.01",
        OfficeKind.CENTRE,
        f"Trung tâm Phục vụ hành chính công {name}",
        f"{name_en} Public Administration Service Centre",
        parent_id=committee.id,
        address=address,
    )
    yield _office(
        f"{code}.02",
        OfficeKind.VERTICAL,
        f"Công an {name}",
        f"Police of {name_en}",
        parent_id=province.id,
        place_code=committee.place_code,
        branch="police",
    )


def _office(code: str, kind: OfficeKind, name: str, name_en: str, **more: Any) -> Office:
    return Office(id=uuid7(), code=code, kind=kind, name=name, name_en=name_en, valid_from=SINCE, **more)
