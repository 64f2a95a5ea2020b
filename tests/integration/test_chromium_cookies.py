"""Over https, a real browser keeps our cookies, and nothing that a neighbour plants beside them."""

import json
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from playwright.sync_api import Browser
from typing_extensions import override

from chalicelib.api import cookies
from chalicelib.api.cookies import Cookie, CookieStyle

HTTPS = CookieStyle("None", secure=True, domain_for_scripts="", is_https=True)
BEFORE = CookieStyle("None", secure=True, domain_for_scripts="")
BAKED = [Cookie("access_token", "secret", 300), Cookie("csrftoken", "mark", 300, "/", True)]


class Api(BaseHTTPRequestHandler):
    """Signs in as before and as now, signs out, and says which cookies it was sent."""

    def do_GET(self) -> None:
        sent = self.headers.get("cookie", "")
        self.send_response(200)
        for line in self.set_cookies(sent):
            self.send_header("Set-Cookie", line)
        if self.path == "/api/out":
            self.send_header(*next(iter(cookies.FORGET_ANSWERS.items())))
        self.end_headers()
        names = sorted(part.strip().partition("=")[0] for part in sent.split(";") if part)
        self.wfile.write(json.dumps(names).encode())

    def set_cookies(self, sent: str) -> list[str]:
        match self.path:
            case "/api/before":
                return BEFORE.headers(BAKED, sent)
            case "/api/in":
                return HTTPS.headers(BAKED, sent)
            case "/api/out":
                return HTTPS.headers(cookies.signed_out(), sent)
            case "/api/planted":
                return ["__Host-access_token=planted; Path=/; Secure; Domain=localhost"]
        return []

    @override
    def log_message(self, format: str, *args: object) -> None: ...


def certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .sign(key, SHA256())
    )
    file = folder / "localhost.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
def api(tmp_path: Path) -> Iterator[str]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"https://localhost:{server.server_port}/api/"
        server.shutdown()
        thread.join()


def test_a_session_changes_its_names_and_ends_without_a_rest(chromium: Browser, api: str) -> None:
    page = chromium.new_context(ignore_https_errors=True).new_page()

    def sent_to(path: str) -> list[str]:
        page.goto(api + path)
        names: list[str] = json.loads(page.inner_text("body"))
        return names

    assert sent_to("before") == []
    assert sent_to("in") == ["access_token", "csrftoken"]
    assert sent_to("planted") == ["__Host-access_token", "csrftoken"]
    kept = {each["name"]: each["value"] for each in page.context.cookies()}
    assert kept == {"__Host-access_token": "secret", "csrftoken": "mark"}
    assert page.evaluate("document.cookie") == "csrftoken=mark"
    sent_to("out")
    assert sent_to("who") == []
