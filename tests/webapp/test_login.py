"""The real login page; every other test sits down at a screen where somebody is logged in."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from werkzeug.middleware.proxy_fix import ProxyFix

from engine.org.models import Account
from tests.journeys.pages import Page
from webapp.auth import hash_for
from webapp.logins import OF_A_NAME, OF_AN_ADDRESS

USER = "chuyenvien.hacthanh"
WRONG = "sai"


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

    def test_a_session_ends_by_itself(self, client, password):
        logged_in(client, USER, password)

        assert client.get_cookie("session").expires is not None

    def test_a_program_without_a_login_is_told_so_and_led_nowhere(self, client):
        address = "/tasks/00000000-0000-4000-8000-000000000000/draft"

        assert client.post(address, headers={"Accept": "application/json"}).status_code == 401

    def test_logging_in_leads_back_to_where_somebody_wanted_to_go(self, client, password):
        page = Page.open(client, "/inbox/waiting")
        assert page.path == "/login"
        back = page.press("Đăng nhập", username=USER, password=password)

        assert back.path == "/inbox/waiting"

    def test_another_site_is_not_where_it_leads(self, client, password):
        page = Page.open(client, "/login?next=https://example.org/")
        answer = page.press("Đăng nhập", username=USER, password=password)

        assert answer.path == "/login", "such a form was not made by our pages"


def often(limit):
    return int(limit.partition(" ")[0])


class TestTries:
    def fail(self, client, username, times, password=WRONG):
        for _ in range(times):
            answer = client.post("/login", data={"username": username, "password": password})
        return answer

    def test_too_many_for_one_name_are_refused_until_some_time_has_gone(self, client, password, clock):
        assert self.fail(client, USER, often(OF_A_NAME)).status_code == 200
        answer = self.fail(client, f" {USER.upper()}", 1, password)
        page = Page(client, answer)

        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "600")
        assert "Hãy thử lại sau 10 phút." in page.said
        assert page.form("Đăng nhập").control("username")[0].value.strip() == USER.upper()

        clock.at += timedelta(minutes=10, seconds=1)
        assert logged_in(client, USER, password).path == "/inbox"

    def test_a_login_page_that_is_only_looked_at_is_no_try(self, client, password, caplog):
        for _ in range(often(OF_A_NAME) + 1):
            page = Page.open(client, "/login")

        assert "Đăng nhập" in page.words
        assert caplog.messages == []

    def test_other_names_are_still_let_in(self, client, password):
        self.fail(client, USER, often(OF_A_NAME) + 1)

        assert logged_in(client, "lanhdao.hacthanh", password).path == "/inbox"

    def test_whoever_knows_the_password_is_never_counted(self, client, password):
        for _ in range(often(OF_A_NAME) + 1):
            page = logged_in(client, USER, password)
            page.press("Đăng xuất")

        assert page.path == "/inbox"

    def test_a_stranger_does_not_lock_out_a_browser_that_knows_the_name(self, app, client, password):
        logged_in(client, USER, password).press("Đăng xuất")
        self.fail(app.test_client(), USER, often(OF_A_NAME) + 1)

        assert logged_in(client, USER, password).path == "/inbox"

    def test_that_browser_has_few_tries_too(self, client, password):
        logged_in(client, USER, password).press("Đăng xuất")

        assert self.fail(client, USER, often(OF_A_NAME) + 1).status_code == 429

    def test_a_forged_list_of_names_is_nobodys(self, app, client, password):
        client.set_cookie("known", '["chuyenvien.hacthanh"].x', path="/login")
        self.fail(app.test_client(), USER, often(OF_A_NAME) + 1)

        assert self.fail(client, USER, 1).status_code == 429

    def test_an_address_has_many_tries_but_not_endless(self, client, password):
        for number in range(often(OF_AN_ADDRESS)):
            answer = self.fail(client, f"ai{number}", 1)
        assert answer.status_code == 200

        assert self.fail(client, USER, 1, password).status_code == 429

    def test_an_address_is_what_the_proxies_say_when_there_are_any(self, app, client, password, monkeypatch):
        def tries(address):
            data = {"username": f"ai.{address}", "password": "sai"}
            return client.post("/login", data=data, headers={"X-Forwarded-For": address}).status_code

        for number in range(often(OF_AN_ADDRESS)):
            self.fail(client, f"ai{number}", 1)
        assert tries("203.0.113.7") == 429

        monkeypatch.setattr(app, "wsgi_app", ProxyFix(app.wsgi_app))
        assert tries("203.0.113.7") == 200


class TestLanguage:
    def test_the_choice_is_remembered_and_leads_back(self, client):
        answer = client.post("/language", data={"lang": "en", "next": "/procedures?q=khai+sinh"})

        assert (answer.status_code, answer.location) == (303, "/procedures?q=khai+sinh")
        assert "Log in" in Page.open(client, "/login").words or "Sign in" in Page.open(client, "/login").words

    @pytest.mark.parametrize(
        "elsewhere", ["https://example.org", "//example.org", "/\\example.org", "/\t/example.org", "/\n/example.org", ""]
    )
    def test_another_site_is_not_where_it_leads(self, client, elsewhere):
        assert client.post("/language", data={"lang": "en", "next": elsewhere}).location == "/"


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
