"""A classifier that learns from few texts, always the same, and comes back whole from its file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.linear import LinearModel, Sample, Training, train

SAMPLES = [
    *(Sample(("w:open", f"w:{day}"), "hours") for day in ("monday", "friday", "sunday", "today")),
    *(Sample(("w:phone", f"w:{what}"), "contact") for what in ("number", "call", "address", "today")),
] * 3


def test_it_tells_apart_what_it_learned() -> None:
    model = train(SAMPLES)
    assert model.probabilities(("w:open", "w:friday"))["hours"] > 0.8
    assert model.probabilities(("w:phone",))["contact"] > 0.8


@given(st.lists(st.sampled_from(["w:open", "w:phone", "w:today", "w:never-seen"])))
def test_probabilities_add_up_to_one(features: list[str]) -> None:
    model = train(SAMPLES[:8], Training(epochs=1))
    found = model.probabilities(features)
    assert sum(found.values()) == pytest.approx(1.0, abs=1e-5)
    assert set(found) == {"hours", "contact"}


def test_the_same_texts_give_the_same_model() -> None:
    one, two = train(SAMPLES), train(SAMPLES)
    assert one.probabilities(("w:open", "w:today")) == two.probabilities(("w:open", "w:today"))


def test_a_feature_seen_once_is_not_learned() -> None:
    model = train([*SAMPLES, Sample(("w:once",), "hours")])
    assert "w:once" not in model.vocabulary
    assert "w:open" in model.vocabulary


def test_a_weightless_sample_teaches_nothing_that_outweighs_the_others() -> None:
    against = [Sample(("w:open",), "contact", 0.01)] * 12
    assert train([*SAMPLES, *against]).probabilities(("w:open",))["hours"] > 0.5


def test_it_says_how_much_of_a_text_it_knows() -> None:
    model = train(SAMPLES)
    assert model.known(("w:open", "w:never-seen")) == 0.5
    assert model.known(()) == 0.0


def test_nothing_to_learn_from_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing to learn"):
        train([])


def test_a_saved_model_answers_as_before(tmp_path: Path) -> None:
    model, path = train(SAMPLES), tmp_path / "new folder" / "model.npz"
    model.save(path)
    again = LinearModel.load(path)
    assert again.labels == model.labels
    assert again.vocabulary == model.vocabulary
    expected = model.probabilities(("w:open", "w:today"))
    assert again.probabilities(("w:open", "w:today")) == pytest.approx(expected, abs=1e-2)


def test_saving_leaves_nothing_half_written_behind(tmp_path: Path) -> None:
    train(SAMPLES).save(tmp_path / "model.npz")
    assert [file.name for file in tmp_path.iterdir()] == ["model.npz"]


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.npz").write_bytes(b"not a model")
    with pytest.raises((OSError, ValueError)):
        LinearModel.load(tmp_path / "model.npz")
