"""The reference page of the API in a real browser, under its own policy."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.integration.supervised import Run

LOGIN = "official_sessions_login"


@pytest.fixture
def reference(page: Page, running: Run) -> Page:
    """The page; the test fails if the console names a violation of its policy."""
    page.goto(f"{running.api_url}/api/docs/")
    return page


def test_the_search_finds_an_operation(reference: Page) -> None:
    expect(reference.locator(f"#{LOGIN}")).to_be_visible()
    reference.get_by_label("Search operations").fill("LOGIN sign")
    expect(reference.locator(f"#{LOGIN}")).to_be_visible()
    expect(reference.locator("#official_videos_list_videos")).to_be_hidden()
    hits = reference.locator(".operation:visible").count()
    assert 0 < hits < 20
    expect(reference.get_by_role("status")).to_have_text(f"{hits} operations")
    expect(reference.get_by_role("link", name="Playback", exact=True)).to_be_hidden()
    reference.get_by_label("Search operations").fill("")
    expect(reference.locator("#official_videos_list_videos")).to_be_visible()
    expect(reference.get_by_role("status")).to_have_text("")


def test_a_link_leads_to_what_the_search_has_hidden(reference: Page) -> None:
    reference.get_by_label("Search operations").fill("POST /api/video/")
    reference.get_by_role("link", name="ListedVideo", exact=True).first.click()
    expect(reference.locator("#shape-ListedVideo")).to_be_in_viewport()
    expect(reference.get_by_label("Search operations")).to_have_value("")


def test_its_style_applies_and_it_fits_a_phone(reference: Page) -> None:
    reference.set_viewport_size({"width": 360, "height": 720})
    position = "getComputedStyle(document.querySelector('header')).position"
    assert reference.evaluate(position) == "sticky"
    assert reference.evaluate("document.documentElement.scrollWidth") <= 360


def test_it_can_be_read_without_scripts(chromium: Browser, running: Run) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{running.api_url}/api/docs/#{LOGIN}")
    expect(page.locator(f"#{LOGIN}")).to_be_in_viewport()
    expect(page.locator("#search")).to_be_hidden()
    page.context.close()
