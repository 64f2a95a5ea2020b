"""The page in a real browser: sign in, browse, watch, and what it says when it cannot."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.integration.conftest import opened
from tests.integration.standin import EMAIL, PASSWORD, WEB, Standin, clip, serving, title

INCOMPLETE = (
    "Dieser Link ist nicht vollständig. "  # codespell:ignore
    "Kopiere ihn ganz aus der E-Mail."
)
SCRIPT = '<script>document.title=1</script> &amp; "Öl\'s"'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standin]:
    with serving(clip(tmp_path_factory.mktemp("film"))) as standin:
        yield standin


@pytest.fixture
def standin(server: Standin) -> Standin:
    fresh = Standin(server.port, server.media, is_signed_in=True)
    for name in (
        "videos",
        "user",
        "progress",
        "segments_ready",
        "is_signed_in",
        "is_media_refused",
    ):
        setattr(server, name, getattr(fresh, name))
    server.asked.clear()
    return server


def until(page: Page, condition: str, *, seconds: float = 20) -> None:
    """Ask again and again from outside: the page's policy forbids a script to be made of text."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, f"not {condition}"
        page.wait_for_timeout(50)


def watch(page: Page, standin: Standin, number: int = 1) -> None:
    page.goto(f"{standin.url}#/watch/{number}")
    until(page, "document.getElementById('video').currentTime > 0.3")


def test_signing_in_and_out(page: Page, standin: Standin) -> None:
    standin.is_signed_in = False
    standin.videos = [title(1)]
    page.goto(standin.url)
    page.fill("#email", EMAIL)
    page.fill("#password", "wrong")
    page.press("#password", "Enter")
    expect(page.locator("#sign-in-problem")).to_have_text("Not <this> one.")
    page.fill("#password", PASSWORD)
    page.click("#sign-in-form button")
    expect(page.locator("#account")).to_have_text(EMAIL)
    expect(page.locator(".card")).to_have_count(1)
    page.click("#sign-out")
    expect(page.locator("#sign-in")).to_be_visible()
    assert not standin.is_signed_in


def test_videos_stand_in_rows_by_category_the_newest_first(page: Page, standin: Standin) -> None:
    standin.videos = [
        title(4, category="Comedy"),
        title(3),
        title(2, category=""),
        title(1, category="Comedy"),
    ]
    page.goto(standin.url)
    expect(page.locator("#hero-title")).to_have_text("Title 4")
    expect(page.locator("#rows h2")).to_have_text(["Comedy", "Drama", "More to watch"])
    expect(page.locator("#rows section:first-child .name")).to_have_text(["Title 4", "Title 1"])
    page.click("#hero-play")
    expect(page.locator("#title")).to_have_text("Title 4")


def test_a_card_says_the_progress_and_no_length_of_zero(page: Page, standin: Standin) -> None:
    standin.videos = [title(2, conversion_status="processing", progress=40), title(1, duration=0.4)]
    page.goto(standin.url)
    expect(page.locator(".card", has_text="Title 2").locator(".badge")).to_have_text("40%")
    expect(page.locator(".card", has_text="Title 1").locator(".length")).to_have_text("1 s")


WAITING = {"conversion_status": "pending", "playable": False, "progress": 0}


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ({**WAITING, "is_published": False}, {"is_published": True}),
        (WAITING, {"conversion_status": "processing", "progress": 40}),
        ({"is_published": False}, {"is_published": True}),
        (WAITING, {"is_published": False}),
    ],
)
def test_the_large_one_is_the_newest_that_can_be_played(
    page: Page, standin: Standin, newer: dict[str, Any], older: dict[str, Any]
) -> None:
    standin.videos = [title(3, **newer), title(2, **older), title(1, **older)]
    page.goto(standin.url)
    expect(page.locator("#hero-title")).to_have_text("Title 2")
    expect(page.locator("#hero-play")).to_have_text("Play")


def test_where_nothing_can_be_played_nothing_offers_to_play(page: Page, standin: Standin) -> None:
    standin.videos = [title(2, **WAITING), title(1, **WAITING)]
    standin.progress = {"text": "Waiting for a transcoder.", "percent": 0}
    page.goto(standin.url)
    expect(page.locator("#hero-title")).to_have_text("Title 2")
    page.get_by_text("See how far it is").click()
    expect(page.locator("#notice")).to_have_text("Waiting for a transcoder. 0% done.")


def test_a_german_browser_gets_a_german_page_and_german_answers(
    german_page: Page, standin: Standin
) -> None:
    asked: list[str | None] = []

    def note(sent: Request) -> None:
        if "/api/user" in sent.url:
            asked.append(sent.headers.get("accept-language"))

    german_page.on("request", note)
    standin.is_signed_in = False
    german_page.goto(standin.url)
    expect(german_page.get_by_role("button", name="Anmelden")).to_be_visible()
    german_page.get_by_label("E-Mail").fill(EMAIL)
    german_page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    standin.videos = [title(1, category="", conversion_status="processing", progress=40)]
    german_page.press("#password", "Enter")
    expect(german_page.locator("#rows h2")).to_have_text("Mehr zum Ansehen")
    expect(german_page.locator(".badge")).to_have_text("40 %")
    standin.progress = {"text": "Verarbeitung.", "percent": 40, "eta_seconds": 65}
    german_page.get_by_role("link", name="Abspielen").click()
    text = "Verarbeitung. 40 % fertig, noch etwa 1:05."
    expect(german_page.locator("#progress")).to_have_text(text)
    expect(german_page.get_by_label("Untertitel").locator("option")).to_have_text(
        ["Aus", "English"]
    )
    assert german_page.locator("html").get_attribute("lang") == "de"
    assert set(asked) == {"de"}


def test_texts_appear_as_they_were_written_and_run_nothing(page: Page, standin: Standin) -> None:
    standin.videos = [title(1, title=SCRIPT, description=SCRIPT, category=SCRIPT)]
    page.goto(standin.url)
    for selector in ("#hero-title", "#hero-description", "#rows h2", ".card .name"):
        expect(page.locator(selector)).to_have_text(SCRIPT)
    page.goto(f"{standin.url}#/watch/1")
    expect(page.locator("#title")).to_have_text(SCRIPT)
    expect(page).to_have_title(f"{SCRIPT} · Videoflix")


def test_it_plays_seeks_and_ends(page: Page, standin: Standin) -> None:
    standin.videos = [title(1)]
    watch(page, standin)
    expect(page.locator("#time")).to_have_text(re.compile(r"^0:0\d / 0:12$"))
    page.locator("#scrub").fill("10.5")
    until(page, "document.getElementById('video').ended")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")
    expect(page.locator("#notice")).to_be_empty()


def test_the_quality_can_be_chosen(page: Page, standin: Standin) -> None:
    standin.videos = [title(1)]
    watch(page, standin)
    # The smallest is named by its URL, as in `resolutions`, the other one by its size.
    expect(page.locator("#quality option")).to_have_text([re.compile("^Auto"), "270p", "240p"])
    for height, label in ((270, "270p"), (180, "240p")):
        page.locator("#scrub").fill("0")
        page.select_option("#quality", label=label)
        until(page, f"document.getElementById('video').videoHeight === {height}")
    page.select_option("#quality", label="Auto")
    expect(page.locator("#quality option:checked")).to_have_text(re.compile("^Auto"))


def test_what_is_buffered_already_plays_in_the_chosen_quality_as_well(
    page: Page, standin: Standin
) -> None:
    standin.videos = [title(1)]
    watch(page, standin)
    page.keyboard.press(" ")
    buffered = "video.buffered.length && video.buffered.end(video.buffered.length - 1) > 11.5"
    for height, label in ((180, "240p"), (270, "270p")):
        page.locator("#scrub").fill("10.5")
        until(page, f"{buffered} && !video.seeking")
        page.select_option("#quality", label=label)
        # The pause displays the picture at its time in the chosen quality.
        until(page, f"video.videoHeight === {height}", seconds=5)
        assert page.evaluate("Math.abs(video.currentTime - 10.5)") < 0.1
        for at in ("9.5", "0.5"):
            page.locator("#scrub").fill(at)
            until(page, f"video.videoHeight === {height}", seconds=5)
    assert page.evaluate("video.paused")


def test_a_video_of_one_size_and_less_than_a_second_has_no_choice_and_lasts_one(
    page: Page, standin: Standin
) -> None:
    def of_one_size(route: Route) -> None:
        text = route.fetch().text()
        route.fulfill(body=text[: text.rindex("#EXT-X-STREAM-INF")])

    standin.videos = [title(1)]
    page.route("**/master.m3u8*", of_one_size)
    watch(page, standin)
    expect(page.locator("#audio")).to_be_visible()
    expect(page.locator("#quality")).to_be_hidden()
    lengths = page.evaluate("import('/text.js').then((t) => [0.2, 59.9].map(t.lasting))")
    assert lengths == [1, 59]


def test_languages_can_be_chosen(page: Page, standin: Standin) -> None:
    standin.videos = [title(1)]
    watch(page, standin)
    page.select_option("#audio", label="Deutsch")
    page.select_option("#subtitles", label="English")
    page.locator("#scrub").fill("0")
    page.keyboard.press(" ")
    until(page, "[...video.textTracks].some(t => t.mode === 'showing' && t.activeCues?.length)")
    assert page.evaluate("video.textTracks[0].activeCues[0].text") == "Hello <there>"
    assert any(path.startswith("GET /media/de/index0") for path in standin.asked)
    page.select_option("#audio", label="English")
    page.select_option("#subtitles", label="Off")
    assert page.evaluate("[...video.textTracks].every(each => each.mode !== 'showing')")


def test_forced_subtitles_appear_with_the_sound_of_their_language_alone(
    page: Page, standin: Standin
) -> None:
    standin.videos = [title(1)]
    watch(page, standin)
    expect(page.locator("#subtitles option")).to_have_text(["Off", "English"])
    showing = "[...video.textTracks].filter(t => t.mode === 'showing').map(t => t.language).join()"
    assert page.evaluate(showing) == ""
    page.select_option("#audio", label="Deutsch")
    until(page, f"{showing} === 'de'")
    expect(page.locator("#subtitles option:checked")).to_have_text("Off")
    page.select_option("#subtitles", label="English")
    until(page, f"{showing} === 'en'")
    page.select_option("#subtitles", label="Off")
    until(page, f"{showing} === 'de'")
    page.select_option("#audio", label="English")
    until(page, f"{showing} === ''")


def test_pictures_above_the_bar_come_from_the_storyboard(page: Page, standin: Standin) -> None:
    standin.videos = [title(1)]
    watch(page, standin)
    bar = page.locator("#scrub").bounding_box()
    assert bar
    page.mouse.move(bar["x"] + bar["width"] * 0.6, bar["y"] + 3)
    expect(page.locator("#preview-time")).to_have_text("0:07")
    picture = page.locator("#preview-picture")
    expect(picture).to_have_attribute("src", f"{standin.url}media/sheet.jpg")
    # It has its address at once, and its size when it has arrived.
    expect(picture).to_have_js_property("naturalWidth", 640)
    assert picture.evaluate("each => each.style.transform") == "translate(-320px, 0px)"


def test_no_picture_above_the_bar_stays_for_the_next_video(page: Page, standin: Standin) -> None:
    standin.videos = [title(2), title(1)]
    watch(page, standin)
    page.locator("#scrub").hover()
    expect(page.locator("#preview")).to_be_visible()
    page.evaluate("location.hash = '#/watch/2'")
    expect(page.locator("#title")).to_have_text("Title 2")
    expect(page.locator("#preview")).to_be_hidden()


def test_the_form_waits_for_the_address(page: Page, standin: Standin) -> None:
    standin.is_signed_in = False
    page.goto(standin.url)
    expect(page.locator("#email")).to_be_focused()


@pytest.mark.parametrize("link", ['.card[data-video="2"]', "#hero-play"])
def test_who_goes_back_is_where_they_left(page: Page, standin: Standin, link: str) -> None:
    standin.videos = [title(3), title(2), title(1)]
    page.goto(standin.url)
    expect(page.locator(".card")).to_have_count(3)
    page.locator(link).press("Enter")
    expect(page.locator("#watch")).to_be_visible()
    page.go_back()
    expect(page.locator(link)).to_be_focused()


def test_keys_work_as_people_expect(page: Page, standin: Standin) -> None:
    standin.videos = [title(1)]
    watch(page, standin)
    video = page.locator("#video")
    page.keyboard.press(" ")
    assert video.evaluate("each => each.paused")
    page.keyboard.press("ArrowRight")
    assert video.evaluate("each => each.currentTime") > 10
    page.keyboard.press("ArrowLeft")
    assert video.evaluate("each => each.currentTime") < 3
    page.keyboard.press("m")
    assert video.evaluate("each => each.muted")
    page.keyboard.press("f")
    until(page, "document.fullscreenElement?.id === 'player'")
    page.focus("#play")
    page.keyboard.press(" ")
    assert not video.evaluate("each => each.paused")


def test_what_is_still_being_made_plays_from_its_start_and_grows(
    page: Page, standin: Standin
) -> None:
    standin.videos = [title(1, conversion_status="processing", progress=40)]
    standin.progress = {"text": "Encoding.", "percent": 40, "eta_seconds": 65}
    standin.segments_ready = 1
    watch(page, standin)
    expect(page.locator("#progress")).to_have_text("Encoding. 40% done, about 1:05 left.")
    assert page.locator("#video").evaluate("each => each.currentTime") < 3
    standin.segments_ready = 4
    standin.videos = [title(1)]
    until(page, "document.getElementById('video').duration > 11")
    expect(page.locator("#progress")).to_be_hidden()


def test_a_part_is_said_to_be_made_only_where_the_end_of_what_is_there_is_reached(
    page: Page, standin: Standin
) -> None:
    standin.videos = [title(1, conversion_status="processing", progress=40)]
    standin.progress = {"text": "Encoding.", "percent": 40}
    standin.segments_ready = 1
    held: list[Route] = []
    is_held = True

    def hold(route: Route) -> None:
        if is_held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/*.m4s", hold)
    page.goto(f"{standin.url}#/watch/1")
    until(page, "!document.getElementById('progress').hidden")
    deadline = time.monotonic() + 20
    while not held:
        assert time.monotonic() < deadline, "no segment was asked for"
        page.wait_for_timeout(50)
    expect(page.locator("#notice")).to_have_text("Loading …")
    is_held = False
    for route in held:
        route.continue_()
    expect(page.locator("#notice")).to_have_text("The next part is being made …")


def test_the_page_says_that_a_watched_encode_has_failed(page: Page, standin: Standin) -> None:
    standin.videos = [title(1, conversion_status="processing", progress=40)]
    standin.progress = {"text": "Encoding.", "percent": 40}
    standin.segments_ready = 1
    watch(page, standin)
    standin.videos = []
    text = "This title was not finished: making it failed, or it was removed."
    expect(page.locator("#notice")).to_have_text(text)
    expect(page.locator("#controls")).to_be_hidden()
    expect(page.locator("#progress")).to_be_hidden()


def test_what_cannot_be_watched_yet_says_how_far_it_is(page: Page, standin: Standin) -> None:
    standin.videos = [title(1, conversion_status="pending", playable=False, progress=0)]
    standin.progress = {"text": "Waiting for a transcoder.", "percent": 0}
    page.goto(standin.url)
    expect(page.locator(".badge")).to_have_text("Waiting")
    page.click(".card")
    expect(page.locator("#notice")).to_have_text("Waiting for a transcoder. 0% done.")
    expect(page.locator("#progress")).to_be_hidden()
    standin.videos = [title(1)]
    until(page, "document.getElementById('video').currentTime > 0")


def test_what_failed_says_why(page: Page, standin: Standin) -> None:
    standin.user["is_admin"] = True
    why = {"code": "audio_only", "text": "There is no picture."}
    standin.progress = {"text": why["text"], "percent": 3, "failure": why}
    standin.videos = [title(1, conversion_status="failed", playable=False)]
    page.goto(standin.url)
    expect(page.locator(".badge")).to_have_text("Failed")
    page.click(".card")
    expect(page.locator("#notice")).to_contain_text("could not be made. There is no picture.")
    expect(page.get_by_text("There is no picture.").locator("visible=true")).to_have_count(1)


def test_a_refused_stream_can_be_tried_again(page: Page, standin: Standin) -> None:
    standin.videos = [title(1)]
    standin.is_media_refused = True
    page.goto(f"{standin.url}#/watch/1")
    expect(page.locator("#notice")).to_contain_text("Press play to try again")
    standin.is_media_refused = False
    page.click("#play")
    until(page, "document.getElementById('video').currentTime > 0.3")
    expect(page.locator("#notice")).to_be_empty()


def test_a_session_that_ended_and_a_video_that_is_gone(page: Page, standin: Standin) -> None:
    page.goto(f"{standin.url}#/watch/9")
    expect(page.locator("#notice")).to_have_text("There is no such title (any more).")
    expect(page.locator("#controls")).to_be_hidden()
    standin.is_signed_in = False
    page.click("#home")
    expect(page.locator("#sign-in")).to_be_visible()


def test_the_name_of_the_tab_does_not_outlive_its_video(page: Page, standin: Standin) -> None:
    ways: tuple[Callable[[], object], ...] = (
        lambda: page.goto(f"{standin.url}#/watch/9"),
        lambda: setattr(standin, "videos", []),
        lambda: setattr(standin, "is_signed_in", False),
    )
    for leave in ways:
        standin.videos = [title(1, conversion_status="processing", progress=40)]
        standin.progress = {"text": "Encoding.", "percent": 40}
        page.goto(f"{standin.url}#/")
        page.goto(f"{standin.url}#/watch/1")
        expect(page).to_have_title("Title 1 · Videoflix")
        leave()
        expect(page).to_have_title("Videoflix")


def test_leaving_a_video_ends_its_stream(page: Page, standin: Standin) -> None:
    standin.videos = [title(1)]
    watch(page, standin)
    page.click("#home")
    expect(page.locator("#hero")).to_be_visible()
    assert page.locator("#video").evaluate("each => [each.paused, each.src]") == [True, ""]


def test_browsers_without_media_sources_play_by_themselves(page: Page, standin: Standin) -> None:
    standin.videos = [title(1)]
    page.add_init_script("delete window.MediaSource; delete window.ManagedMediaSource;")
    watch(page, standin)
    expect(page.locator("#quality")).to_be_hidden()
    assert "GET /vendor/hls.js" not in standin.asked


def test_browsing_loads_neither_the_player_nor_more_than_a_picture_needs(
    page: Page, standin: Standin
) -> None:
    standin.videos = [title(1)]
    page.goto(standin.url)
    expect(page.locator(".card")).to_be_visible()
    assert "GET /vendor/hls.js" not in standin.asked
    others = {"vendor", "example"}
    own = [path for path in WEB.rglob("*") if path.is_file() and not others & {*path.parts}]
    assert sum(path.stat().st_size for path in own) < 50_000


@pytest.mark.parametrize("size", [(390, 844), (1280, 720)])
def test_nothing_sticks_out_of_a_phone_or_a_desktop(
    page: Page, standin: Standin, size: tuple[int, int]
) -> None:
    standin.videos = [title(1, title="A rather long title " * 5), title(2)]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for route in ("", "#/watch/1"):
        page.goto(f"{standin.url}{route}")
        expect(page.locator("#home")).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_thumb_finds_every_control_on_a_phone(chromium: Browser, standin: Standin) -> None:
    standin.videos = [title(1)]
    with opened(chromium, locale="de-DE", has_touch=True, is_mobile=True) as page:
        page.set_viewport_size({"width": 390, "height": 844})
        watch(page, standin)
        for name in ("play", "mute", "fullscreen", "quality", "audio", "subtitles", "scrub"):
            page.locator(f"#{name}").tap(trial=True)
            box = page.locator(f"#{name}").bounding_box()
            assert box
            assert min(box["width"], box["height"]) >= 32, name


def test_subtitles_stand_above_the_controls(page: Page, standin: Standin) -> None:
    standin.videos = [title(1)]
    watch(page, standin)
    page.keyboard.press(" ")
    bar = page.locator("#scrub").bounding_box()
    assert bar
    above: Any = {"x": 480, "y": bar["y"] - 90, "width": 320, "height": 60}
    without = page.screenshot(clip=above)
    assert page.screenshot(clip=above) == without
    page.select_option("#subtitles", label="English")
    deadline = time.monotonic() + 20
    while page.screenshot(clip=above) == without:
        assert time.monotonic() < deadline, "nothing stands there"


UNBROKEN, MANY_LINES = "x" * 10_000, "A line.\n" * 400


@pytest.mark.parametrize("size", [(390, 844), (1280, 720)])
@pytest.mark.parametrize("text", [UNBROKEN, MANY_LINES])
def test_a_long_text_is_short_where_one_chooses_and_whole_where_one_watches(
    page: Page, standin: Standin, size: tuple[int, int], text: str
) -> None:
    standin.videos = [title(1, title="T" * 200, category="C" * 100, description=text)]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(standin.url)
    expect(page.locator("#hero-play")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    short = page.locator("#hero-description").bounding_box()
    assert short
    assert 0 < short["height"] < 3.1 * 24
    page.click("#hero-play")
    expect(page.locator("#description")).to_have_text(text.strip())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    lines = max(text.count("\n"), len(text) * 6 // size[0])
    whole = page.locator("#description").bounding_box()
    assert whole
    assert whole["height"] > lines * 20


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_the_link_of_a_mail_confirms_another_address_by_a_click(
    page: Page, standin: Standin, is_signed_in: bool
) -> None:
    standin.is_signed_in = is_signed_in
    page.goto(f"{standin.url}#/email/7/a.token~1-2_3")
    dialog = page.get_by_role("dialog", name="Confirm your new address")
    expect(dialog).to_be_visible()
    confirmed = "POST /api/email_confirm/7/a.token~1-2_3/"
    assert confirmed not in standin.asked, "programs that examine mails open links too"
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("status")).to_have_text("Your address has been changed.")
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    assert standin.asked.count(confirmed) == 1
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.reload()
    expect(page.locator("#account" if is_signed_in else "#sign-in")).to_be_visible()
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("7/used", "This link is not valid."),
        ("7", INCOMPLETE),
        ("7/../user", INCOMPLETE),
    ],
)
def test_a_link_to_confirm_an_address_that_does_not_work_says_so(
    german_page: Page, standin: Standin, link: str, said: str
) -> None:
    german_page.goto(f"{standin.url}#/email/{link}")
    button = german_page.get_by_role("button", name="Bestätigen")
    if link.endswith("used"):
        button.click()
    else:
        expect(button).to_be_hidden()
    expect(german_page.locator("#email-state")).to_have_text(said)
    german_page.get_by_role("button", name="Schließen").click()
    expect(german_page.locator("#email-dialog")).to_be_hidden()
