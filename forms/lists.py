"""Lists that many forms share: the 54 ethnic groups and the nationalities that counters meet."""

ETHNICITIES = {
    f"{number:02d}": name
    for number, name in enumerate(
        "Kinh,Tày,Thái,Hoa,Khmer,Mường,Nùng,Mông,Dao,Gia Rai,Ngái,Ê Đê,Ba Na,Xơ Đăng,Sán Chay,Cơ Ho,Chăm,"
        "Sán Dìu,Hrê,Mnông,Ra Glai,Xtiêng,Bru Vân Kiều,Thổ,Giáy,Cơ Tu,Gié Triêng,Mạ,Khơ Mú,Co,Tà Ôi,Chơ Ro,"
        "Kháng,Xinh Mun,Hà Nhì,Chu Ru,Lào,La Chí,La Ha,Phù Lá,La Hủ,Lự,Lô Lô,Chứt,Mảng,Pà Thẻn,Cơ Lao,Cống,"
        "Bố Y,Si La,Pu Péo,Brâu,Ơ Đu,Rơ Măm".split(","),
        start=1,
    )
} | {"99": "Khác"}

NATIONALITIES = {
    "VN": "Việt Nam",
    "CN": "Trung Quốc",
    "KR": "Hàn Quốc",
    "JP": "Nhật Bản",
    "LA": "Lào",
    "KH": "Campuchia",
    "TH": "Thái Lan",
    "TW": "Đài Loan",
    "US": "Hoa Kỳ",
    "DE": "Đức",
    "FR": "Pháp",
    "CZ": "Séc",
    "RU": "Nga",
    "AU": "Úc",
    "CA": "Canada",
    "GB": "Anh",
    "XX": "Khác",
}
