"""Missing marks, numbers, yes and no, ratings and their scales."""

import polars as pl
import pytest

from supportkpi.loaders.values._values import (
    ScaleGuess,
    boolean,
    clean,
    decimal_mark,
    guess_scale,
    number,
    offered,
    satisfied_from,
    score,
)


def run(values, read):
    return pl.LazyFrame({"v": values}).select(read(pl.col("v"))).collect(engine="streaming")["v"].to_list()


class TestClean:
    def test_marks_of_nothing(self):
        marks = ["", "  ", "-", "--", "—", "?", "null", "NULL", "None", "nan", "NaN", "N/A", "\u00a0", "#N/A"]
        assert run(marks, clean) == [None] * len(marks)

    def test_words_that_may_mean_something_stay(self):
        assert run(["NA", "0", "Unassigned", " Open\u00a0", "-5", "none of these"], clean) == [
            "NA",
            "0",
            "Unassigned",
            "Open",
            "-5",
            "none of these",
        ]

    def test_the_mapping_adds_its_own_as_they_are_written(self):
        assert run(["NA", "na", "0", "No Summary"], lambda v: clean(v, ["NA", "0", "No Summary"])) == [
            None,
            "na",
            None,
            None,
        ]

    def test_other_types_pass(self):
        assert run([1, None], clean) == [1, None]


class TestNumber:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("12", 12),
            ("1.5", 1.5),
            ("-3", -3),
            ("−3", -3),
            ("1,234.56", 1234.56),
            ("1,234,567", 1234567),
            ("1 234.5", 1234.5),
            ("1\u202f234", 1234),
            ("1\u00a0234\u00a0567", 1234567),
            ("3,87,16,91,111", 3871691111),
            ("85%", 85),
            ("85 %", 85),
            ("1e3", 1000),
            ("1'234.5", 1234.5),
            (" 7 ", 7),
            ("12 34", None),
            ("1,23", None),
            ("1.2.3", None),
            ("abc", None),
            ("", None),
            ("nan", None),
            ("inf", None),
            ("5 apples", None),
            ("0,5", None),
            ("1 2", None),
        ],
    )
    def test_with_a_point(self, text, value):
        assert run([text], number) == [value]

    @pytest.mark.parametrize(
        ("text", "value"),
        [("12,5", 12.5), ("1.234,56", 1234.56), ("1 234,5", 1234.5), ("1,234", 1.234), ("1.5", None), ("7", 7)],
    )
    def test_with_a_comma(self, text, value):
        assert run([text], lambda v: number(v, decimal=",")) == [value]

    def test_numbers_pass(self):
        assert run([1, None, 3], number) == [1.0, None, 3.0]

    @pytest.mark.parametrize(
        ("values", "mark"),
        [
            (["12,5", "3"], ","),
            (["1.234,5"], ","),
            (["0,862777778"], ","),
            (["1.234.567"], ","),
            (["1 234,5"], ","),
            (["1,234"], "."),
            (["1.234"], "."),
            (["1,234,567"], "."),
            (["3,87,16,91,111"], "."),
            (["1.5"], "."),
            (["x"], "."),
            ([], "."),
        ],
    )
    def test_the_column_decides_on_the_mark(self, values, mark):
        assert decimal_mark(pl.Series(values, dtype=pl.String)) == mark

    def test_a_lone_group_of_three_follows_the_default(self):
        assert decimal_mark(pl.Series(["1,234"]), default=",") == ","


def test_booleans_of_six_languages():
    yes = ["TRUE", "true", "1", "Yes", "y", "Да", "Sim", "Sí", "Oui", "ja", "Checked", "t"]
    no = ["FALSE", "0", "No", "N", "нет", "Não", "non", "Nein", "Unchecked", "f"]
    assert run(yes, boolean) == [True] * len(yes)
    assert run(no, boolean) == [False] * len(no)
    assert run(["maybe", "2", None, ""], boolean) == [None] * 4
    assert run([True, False, None], boolean) == [True, False, None]
    assert run([1, 0], boolean) == [True, False]


class TestScore:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("5", 5),
            ("4,0", 4),
            ("4.5", 4.5),
            ("5 / 5", 5),
            ("3/5", 3),
            ("4 из 5", 4),
            ("4 out of 5", 4),
            ("★★★★☆", 4),
            ("☆☆☆☆☆", 0),
            ("⭐⭐⭐", 3),
            ("4 stars", 4),
            ("5 баллов", 5),
            ("85%", 85),
            ("0", 0),
            ("good", 1),
            ("Bad", 0),
            ("good_with_comment", 1),
            ("👍🏽", 1),
            ("👎", 0),
            ("Very satisfied", 5),
            ("🤩", 5),
            ("offered", None),
            ("thanks", None),
            ("-101", -101),
        ],
    )
    def test_answers_that_need_no_scale(self, text, value):
        assert run([text], score) == [value]

    def test_words_whose_score_depends_on_the_scale_need_it(self):
        assert run(["отлично", "🙁"], score) == [None, None]

    def test_a_mapping_may_give_its_own_words(self):
        guess = ScaleGuess(scale="binary", words={"Awesome": 1, "Meh": 0})
        assert run(["awesome", "meh", "1"], lambda v: score(v, guess)) == [1, 0, 1]

    def test_offers(self):
        assert run(["offered", "Unoffered", "good", None], offered) == [True, False, None, None]


class TestScale:
    @pytest.mark.parametrize(
        ("answers", "scale", "threshold", "scores"),
        [
            (["good", "bad", "offered"], "binary", 1, [1, 0, None]),
            (["👍", "👎"], "binary", 1, [1, 0]),
            (["🤩", "😃", "😐", "🙁", "😠"], "1-5", 4, [5, 4, 3, 2, 1]),
            (["😀", "😐", "🙁"], "1-3", 3, [3, 2, 1]),
            (["great", "okay", "not good"], "1-3", 3, [3, 2, 1]),
            (["Happy", "Neutral", "Unhappy"], "1-3", 3, [3, 2, 1]),
            (["Very satisfied", "Satisfied", "Dissatisfied"], "1-5", 4, [5, 4, 2]),
            (["Extremely Happy", "Happy", "Extremely Unhappy"], "1-5", 4, [5, 4, 1]),
            (["отлично", "удовлетворительно", "ужасно"], "1-5", 4, [5, 3, 1]),
            (["5 / 5", "3 / 5"], "1-5", 4, [5, 3]),
            (["★★★★☆", "★☆☆☆☆"], "1-5", 4, [4, 1]),
            (["9/10", "0/10"], "0-10", 9, [9, 0]),
        ],
    )
    def test_answers_that_say_their_scale(self, answers, scale, threshold, scores):
        guess = guess_scale(pl.Series(answers), "Rating")
        assert (guess.scale, guess.satisfied_from) == (scale, threshold)
        assert run(answers, lambda v: score(v, guess)) == scores

    def test_bad_good_excellent_asks_where_satisfied_begins(self):
        for answers in (["плохо", "хорошо", "отлично"], ["плохо", "хорошо"], ["Bad", "Excellent"]):
            guess = guess_scale(pl.Series(answers), "Rating")
            assert (guess.scale, guess.satisfied_from) == ("1-3", None)
            assert "2" in guess.reason
            assert "3" in guess.reason

    def test_seven_words_of_happiness_ask(self):
        guess = guess_scale(pl.Series(["Extremely Happy", "Very Happy", "Unhappy"]), "Survey results")
        assert (guess.scale, guess.satisfied_from) == ("1-7", None)

    def test_fifty_ratings_with_each_of_1_to_5_leave_no_doubt(self):
        each = ["1", "2", "3", "4", "5"]
        assert guess_scale(pl.Series(each * 10), "Rating").scale == "1-5"
        assert guess_scale(pl.Series([1, 2, 3, 4, 5] * 10), "Rating").scale == "1-5"
        assert guess_scale(pl.Series(each * 9), "Rating").scale is None
        assert guess_scale(pl.Series(["1", "2", "3", "4"] * 20), "Rating").scale is None
        assert guess_scale(pl.Series([*each * 10, "0"]), "Rating").scale is None
        assert guess_scale(pl.Series([*each * 10, "4.5"]), "Rating").scale is None

    @pytest.mark.parametrize("asked", [None, "1-5"])
    def test_minus_one_among_scores_is_no_thumb(self, asked):
        answers = ["5", "4", "-1", "1", "2"] * 20
        guess = guess_scale(pl.Series(answers), "CSAT", asked)
        assert guess.scale == asked
        assert run(["5", "-1", "1"], lambda v: score(v, guess)) == [5, -1, 1]
        assert guess_scale(pl.Series(["1", "-1", "+1"]), "Rating").scale == "binary"

    def test_minus_one_is_no_detractor(self):
        assert run(["9", "-1"], lambda v: score(v, ScaleGuess(scale="0-10"))) == [9, -1]

    def test_the_highest_score_decides_nothing(self):
        guess = guess_scale(pl.Series(["10", "9"] * 50), "Rating")
        assert guess.scale is None
        assert "--csat-scale" in guess.reason

    @pytest.mark.parametrize(
        ("header", "scale"),
        [
            ("CSAT (1-5)", "1-5"),
            ("How likely, 0–10?", "0-10"),
            ("Оценка (из 5)", "1-5"),
            ("Rating 2024-10", None),
            ("Rating out of 7", "1-7"),
        ],
    )
    def test_a_header_may_state_it(self, header, scale):
        guess = guess_scale(pl.Series(["4", "5"]), header)
        assert guess.scale == scale
        assert guess.basis == ("header" if scale else None)

    def test_what_is_stated_stands_above_the_header(self):
        guess = guess_scale(pl.Series(["хорошо", "плохо"]), "CSAT (1-5)", "binary")
        assert (guess.scale, guess.basis) == ("binary", "stated")
        assert run(["хорошо", "плохо"], lambda v: score(v, guess)) == [1, 0]

    def test_a_few_strange_words_do_not_cast_doubt_on_the_rest(self):
        assert guess_scale(pl.Series(["good", "bad"] * 20 + ["huh"]), "Rating").scale == "binary"
        assert guess_scale(pl.Series(["good", "bad", "huh"]), "Rating").scale is None

    def test_nothing_answered(self):
        assert guess_scale(pl.Series(["offered", None]), "Rating").scale is None

    def test_thresholds_of_the_method(self):
        expected = {"binary": 1, "1-4": 3, "1-5": 4, "1-7": 6, "1-10": 9, "0-10": 9, "1-3": None, "0-100": None}
        assert {name: satisfied_from(name) for name in expected} == expected
