"""The real login page; every other test sits down at a screen where somebody is logged in."""

import pytest
from sqlalchemy import update

from engine.org.models import Account
from tests.journeys.pages import Page
from webapp.auth import hash_for

USER = "chuyenvien.hacthanh"


@pytest.fixture
def password(app, settings, province_sessions):
    with province_sessions.begin() as session:
        session.execute(update(Account).values(password=hash_for(settings, "motcua")))
    return "motcua"


def logged_in(client, username, password):
    return Page.open(client, "/login").press("Đăng nhập", username=username, password=password)


class TestLogin:
    @pytest.mark.parametrize("typed", [USER, " ChuyenVien.HacThanh "])
    def test_name_and_password_lead_to_the_inbox(self, client, password, typed):
        page = logged_in(client, typed, password)

        assert page.path == "/inbox"
        assert "Nguyễn Thị Hải Yến" in page.words

    @pytest.mark.parametrize("username", [USER, "khongco.ai", ""])
    def test_a_wrong_password_and_an_unknown_name_get_the_same_sentence(self, client, password, username):
        page = logged_in(client, username, "sai")

        assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in page.said
        assert Page.open(client, "/inbox").path == "/login"

    def test_a_closed_account_does_not_get_in(self, client, password, province_sessions):
        with province_sessions.begin() as session:
            session.execute(update(Account).filter_by(username=USER).values(active=False))

        assert logged_in(client, USER, password).path == "/login"

    def test_logging_out_ends_the_session(self, client, password):
        logged_in(client, USER, password).press("Đăng xuất")

        assert Page.open(client, "/inbox").path == "/login"

    def test_logging_in_leads_back_to_where_somebody_wanted_to_go(self, client, password):
        page = Page.open(client, "/inbox/waiting")
        assert page.path == "/login"
        back = page.press("Đăng nhập", username=USER, password=password)

        assert back.path == "/inbox/waiting"

    def test_another_site_is_not_where_it_leads(self, client, password):
        page = Page.open(client, "/login?next=https://example.org/")
        answer = page.press("Đăng nhập", username=USER, password=password)

        assert answer.path == "/login", "such a form was not made by our pages"


class TestDoors:
    @pytest.mark.parametrize(
        "address", ["/inbox", "/inbox/incoming", "/inbox/waiting", "/dossiers/", "/dossiers/H56.101-261123-0001",
                    "/counter/", "/counter/2.000635"]
    )
    def test_nobody_gets_in_without_a_login(self, client, address):
        assert Page.open(client, address).path == "/login"

    @pytest.mark.parametrize("address", ["/procedures", "/track", "/login"])
    def test_citizens_need_none(self, client, address):
        assert Page.open(client, address).status == 200

    def test_a_form_without_its_token_is_refused(self, app, login, monkeypatch):
        monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", value=True)
        answer = login("tiepnhan.hacthanh").post("/counter/2.000908", data={"key": "x"})

        assert answer.status_code == 400
        assert "Phiên làm việc đã hết hạn" in answer.get_data(as_text=True)
