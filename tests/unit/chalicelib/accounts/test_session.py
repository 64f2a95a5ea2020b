"""The opaque tokens of a session: current, spent, replayed, forged."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.accounts.model import SessionOver
from chalicelib.accounts.session import (
    GRACE,
    LIFE,
    REFRESH_LIFE,
    OpaqueToken,
    Session,
    SessionId,
    SessionKind,
    TokenState,
)
from tests.builders.accounts import a_session, an_account

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def renewed(session: Session, times: int = 1, *, now: datetime = NOW) -> Session:
    for _ in range(times):
        session = session.renewed(address="203.0.113.9", now=now)
    return session


@pytest.mark.parametrize(
    ("kind", "life"),
    LIFE.items(),
)
def test_a_session_begins_with_the_life_of_its_kind(kind: SessionKind, life: timedelta) -> None:
    session, token = a_session(NOW, kind=kind)
    assert session.expires_at == NOW + life
    assert (session.created_at, session.renewed_at, session.generation) == (NOW, NOW, 0)
    assert session.token_state(token, now=NOW) is TokenState.CURRENT


def test_a_label_is_cut_to_what_fits() -> None:
    account = an_account(NOW)
    session, _ = Session.begin(account, SessionKind.BROWSER, label="x" * 999, address="", now=NOW)
    assert session.label == "x" * 200


def test_a_renewed_session_lives_on_from_now_and_remembers_where() -> None:
    later = NOW + timedelta(days=3)
    session = renewed(a_session(NOW)[0], now=later)
    assert (session.renewed_at, session.expires_at) == (later, later + REFRESH_LIFE)
    assert (session.created_at, session.address) == (NOW, "203.0.113.9")


def test_the_current_token_stays_current_however_long_it_waits() -> None:
    session, token = a_session(NOW)
    assert session.token_state(token, now=NOW + timedelta(days=6)) is TokenState.CURRENT


@pytest.mark.parametrize(
    ("later", "state"),
    [
        (timedelta(0), TokenState.JUST_SPENT),
        (GRACE, TokenState.JUST_SPENT),
        (GRACE + timedelta(microseconds=1), TokenState.REPLAYED),
        (timedelta(days=1), TokenState.REPLAYED),
    ],
)
def test_a_spent_token_is_accepted_for_ten_seconds(later: timedelta, state: TokenState) -> None:
    session, token = a_session(NOW)
    assert timedelta(seconds=10) == GRACE
    assert renewed(session).token_state(token, now=NOW + later) is state


def test_a_token_spent_before_the_last_one_is_replayed_at_once() -> None:
    session, token = a_session(NOW)
    assert renewed(session, times=2).token_state(token, now=NOW) is TokenState.REPLAYED


def test_the_successor_of_a_token_is_always_the_same() -> None:
    session, token = a_session(NOW)
    successor = session.successor_of(token)
    assert successor == renewed(session).successor_of(token)
    assert successor == renewed(session, times=5).successor_of(token)


def test_the_successor_is_current_once_the_session_is_renewed() -> None:
    session, token = a_session(NOW)
    for _ in range(3):
        token = session.successor_of(token)
        session = renewed(session)
        assert session.token_state(token, now=NOW) is TokenState.CURRENT


def test_no_two_tokens_of_a_session_have_the_same_proof() -> None:
    session, token = a_session(NOW)
    proofs = set()
    for _ in range(20):
        proofs.add(token.proof)
        token = session.successor_of(token)
    assert len(proofs) == 20


def test_a_token_with_a_wrong_secret_is_forged() -> None:
    session, token = a_session(NOW)
    assert session.token_state(replace(token, secret="guessed"), now=NOW) is TokenState.FORGED


def test_a_token_with_a_wrong_proof_is_forged() -> None:
    session, token = a_session(NOW)
    assert session.token_state(replace(token, proof="0" * 64), now=NOW) is TokenState.FORGED


@pytest.mark.parametrize("generation", [1, 2, 10**30])
def test_a_token_does_not_reveal_its_successor(generation: int) -> None:
    session, token = a_session(NOW)
    forged = replace(token, generation=generation)
    assert renewed(session).token_state(forged, now=NOW) is TokenState.FORGED


def test_the_stored_session_does_not_reveal_a_token() -> None:
    session, _ = a_session(NOW)
    guess = session._token(0, session.secret_hash)
    assert session.token_state(guess, now=NOW) is TokenState.FORGED


def test_the_token_of_another_session_is_forged() -> None:
    session, _ = a_session(NOW)
    _, other = a_session(NOW)
    assert session.token_state(other, now=NOW) is TokenState.FORGED
    assert session.token_state(replace(other, session_id=session.id), now=NOW) is TokenState.FORGED


@given(st.sampled_from(["secret", "proof"]), st.integers(0, 20), st.sampled_from("abcXYZ0189_-"))
def test_one_changed_character_makes_a_token_forged(part: str, at: int, character: str) -> None:
    session, token = a_session(NOW)
    text = getattr(token, part)
    changed = text[:at] + character + text[at + 1 :]
    expected = TokenState.CURRENT if changed == text else TokenState.FORGED
    assert session.token_state(replace(token, **{part: changed}), now=NOW) is expected


def test_the_csrf_token_is_the_same_for_the_whole_session_and_for_no_other() -> None:
    session, _ = a_session(NOW)
    other, _ = a_session(NOW)
    assert session.csrf_token == renewed(session, times=3).csrf_token
    assert session.csrf_token != other.csrf_token


def test_the_csrf_token_does_not_authenticate() -> None:
    session, token = a_session(NOW)
    assert session.csrf_token not in str(token)
    assert session.csrf_token not in session.seed


def test_a_token_is_read_as_it_was_written() -> None:
    session, token = a_session(NOW)
    successor = session.successor_of(token)
    assert OpaqueToken.parse(str(token)) == token
    assert OpaqueToken.parse(str(successor)) == successor


def test_a_token_fits_raw_into_a_cookie_and_a_header() -> None:
    _, token = a_session(NOW)
    assert set(str(token)) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."
    )


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "....",
        "a.b.c.d.e",
        "7.session.0.secret",
        "7.session.0.secret.proof.more",
        "-7.session.0.secret.proof",
        "7.session.-1.secret.proof",
        "7.5.session.0.secret.proof",
        " 7.session.0.secret.proof",
        "seven.session.0.secret.proof",
        "7.session.one.secret.proof",
        "\N{ARABIC-INDIC DIGIT SEVEN}.session.0.secret.proof",
        "7.session.\N{SUPERSCRIPT TWO}.secret.proof",
        "7.sessiön.0.secret.proof",
        "7.session.0.secret." + "x" * 512,
        "7..0.secret.proof",
        "7.a/b.0.secret.proof",
        "7.SESSION#x.0.secret.proof",
        f"7.{'x' * 65}.0.secret.proof",
        "9" * 5000,
        "\ud800",
        "\0",
    ],
)
def test_garbage_is_no_token(garbage: str) -> None:
    with pytest.raises(SessionOver):
        OpaqueToken.parse(garbage)


@given(st.text())
def test_any_text_is_either_a_token_or_a_session_that_is_over(text: str) -> None:
    try:
        token = OpaqueToken.parse(text)
    except SessionOver:
        return
    assert isinstance(token.session_id, str)
    assert token.account_id >= 0


@given(st.text("0123456789.abc", max_size=30))
def test_a_token_that_was_never_issued_is_forged(text: str) -> None:
    session, _ = a_session(NOW)
    try:
        token = OpaqueToken.parse(text)
    except SessionOver:
        return
    assert session.token_state(token, now=NOW) is TokenState.FORGED


def test_a_token_shows_no_secret() -> None:
    _, token = a_session(NOW)
    assert token.secret not in repr(token)
    assert token.proof not in repr(token)


def test_a_session_shows_no_secret_or_seed() -> None:
    session, _ = a_session(NOW)
    assert session.seed not in repr(session)
    assert session.secret_hash not in repr(session)


def test_ids_secrets_and_seeds_are_never_the_same() -> None:
    begun = [a_session(NOW) for _ in range(50)]
    assert len({session.id for session, _ in begun}) == 50
    assert len({session.seed for session, _ in begun}) == 50
    assert len({token.secret for _, token in begun}) == 50
    assert SessionId("") not in {session.id for session, _ in begun}
