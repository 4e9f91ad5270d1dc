"""1.013831: registration of a change of land rights, decided by the land registration office of the province."""

from tests.journeys.clerk import File, Town, agrees

CODE = "1.013831"
#: 24/11 is a holiday: 18 working days from 23/11 end on Friday 18/12.
DUE = "17:00 thứ Sáu 18/12/2026"
OFFICE = "Sở Nông nghiệp và Môi trường"
KEEPER = "chuyenvien2.nnmt"
TRANSFER = {"checked": ["holder", "dispute", "seizure", "mortgage", "term", "receiver"]}


def assigned(town: Town, *, by: str = "tiepnhan.tinh", **answers: object) -> File:
    file = town.take_in(CODE, by=by, answers=answers, competent_office_id=OFFICE)
    if by != "tiepnhan.tinh":
        file.by("tiepnhan", "Bàn giao hồ sơ giấy")
        page = town.clerk("chuyenvien.nnmt").open("/inbox/incoming").link(file.row.owner_name)
        page.press("Xác nhận đã nhận")
        town.work_off()
    file.by("truongphong.nnmt", "Phân công thụ lý", assignee="Phạm Bá Lưu, Chuyên viên")
    return file


def checked(file: File, outcome: str, **more: object) -> None:
    file.by(KEEPER, "Kiểm tra quyền", examination_outcome=outcome, **TRANSFER | more)


def paid_at_the_return(file: File) -> None:
    file.by("thuphi", "Thu tiền tại quầy", payment_answer="paid", payment_method="cash")


def registered(file: File) -> None:
    file.by(KEEPER, "Chỉnh lý, dự thảo kết quả", serial="AB 00112233", register_no="CS01500", old_collected=True)
    file.sign(review=True, place="nnmt")


class TestSale:
    def test_taxed_paid_registered_and_the_new_certificate_handed_over(self, town: Town) -> None:
        file = assigned(town)
        assert file.ref == "H56.06-261123-0001"
        assert file.due == DUE
        checked(file, "eligible", tax_applies=True)
        # 2 % and 0.5 % of 2,150,000,000, with both fees of the province
        assert "54.300.000 đ" in file.track().words
        town.at("2026-11-30 09:00")
        file.say("Ghi nhận đã nộp tiền", by="thuphi")
        registered(file)
        file.hand_over()

        assert file.status == "Đã trả kết quả"
        assert f"Nếu không tạm dừng: {DUE}" in file.page().words

    def test_received_at_a_ward_its_clock_starts_when_the_land_office_has_it(self, town: Town) -> None:
        file = assigned(town, by="tiepnhan.hacthanh")
        assert file.due == DUE
        checked(file, "eligible", tax_applies=True)
        file.say("Ghi nhận đã nộp tiền", by="thuphi")
        registered(file)
        page = town.clerk("tiepnhan.hacthanh").open("/inbox/incoming").link(file.row.owner_name)
        page.press("Xác nhận đã nhận")
        town.work_off()
        file.hand_over()

        assert file.status == "Đã trả kết quả"

    def test_land_that_is_seized_is_refused_and_a_bad_draft_comes_back(self, town: Town) -> None:
        file = assigned(town)
        checked(file, "ineligible", refusal_ground="blocked")
        file.by(KEEPER, "Dự thảo văn bản từ chối")
        file.by("truongphong.nnmt", "Xem dự thảo", review_outcome="send_back")
        file.by(KEEPER, "Dự thảo văn bản từ chối")
        file.sign(review=True, place="nnmt")
        # no certificate, no charge for one; the dossier was assessed all the same
        assert "trước 550.000 đ, nay 500.000 đ" in file.track().words
        paid_at_the_return(file)
        file.hand_over()

        assert file.status == "Đã trả kết quả"
        assert "Từ chối giải quyết" in file.page().words
        assert "chưa nộp" not in file.track().words
        assert agrees(file)

    def test_where_no_tax_arises_both_fees_are_paid_before_the_certificate_is_handed_over(self, town: Town) -> None:
        file = assigned(town)
        checked(file, "eligible", tax_applies=False, opinion="Chuyển đổi đất nông nghiệp, không phát sinh thuế.")
        registered(file)
        assert not town.clerk("traketqua.tinh").has(file.ref, "Trao kết quả")
        assert "Bạn cần nộp 550.000 đ." in file.track().words
        paid_at_the_return(file)
        file.hand_over()

        assert file.status == "Đã trả kết quả"
        assert file.track().words.count(" đ, đã nộp") == 2
        assert agrees(file)

    def test_the_tax_office_answers_nothing_and_close_family_pays_nothing(self, town: Town) -> None:
        file = assigned(town)
        with town.nobody_answers():
            checked(file, "eligible", tax_applies=True, survey_needed=True)
            town.at("2026-12-02 08:00")
            file.by(KEEPER, "Đôn đốc, nhận kết quả đo", surveyor="Trung tâm Đo đạc bản đồ")
            town.at("2026-12-10 08:00")
            file.by(KEEPER, "Nhập thông báo thuế", amounts=[{"kind": "registration_fee", "amount": 0}])
        file.say("Ghi nhận đã nộp tiền", by="thuphi")  # the fees of the province
        registered(file)

        assert file.status == "Đã xử lý xong"
        assert file.page(KEEPER).words.count("Không tính ") == 3, "three waits: the survey, the tax, the fees"

    def test_supplemented_then_registered(self, town: Town) -> None:
        file = assigned(town)
        checked(file, "supplement")
        town.at("2026-11-25 10:00")
        file.supplemented()
        assert file.due == "17:00 thứ Hai 21/12/2026"

    def test_not_supplemented_it_is_closed(self, town: Town) -> None:
        file = assigned(town)
        checked(file, "supplement")
        file.closed_unsupplemented("2026-12-09 08:00")

        assert file.status == "Dừng xử lý"


class TestGiftForARoad:
    GIFT = {"change_kind": "gift_to_state_or_road", "new_certificate": "annotate", "price": None, "contract": {"no": None, "date": None, "notary": None}}

    def test_no_tax_is_asked_and_the_change_is_noted_on_the_old_certificate(self, town: Town) -> None:
        file = assigned(town, **self.GIFT)
        checked(file, "eligible", tax_applies=False, opinion="Hiến đất mở rộng đường thôn, không phát sinh nghĩa vụ.")
        file.by(KEEPER, "Chỉnh lý, dự thảo kết quả", result_form="annotate")
        file.sign(review=True, place="nnmt")
        file.hand_over()

        assert file.status == "Đã trả kết quả"
        assert file.row.variant == "to_state"
