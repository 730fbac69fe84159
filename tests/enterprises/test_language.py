"""Rules without Django speak Chinese by themselves, and the reader's language inside the application."""

from django.utils.translation import override

from enterprises.errors import Refused, refuse
from enterprises.identifiers import check_credit_code
from enterprises.language import Catalogue, in_words, named, worded
from enterprises.models import ReportingUnit


def test_a_rule_that_is_tried_on_its_own_speaks_chinese() -> None:
    alone = Catalogue()
    assert alone.translate("请写明理由") == "请写明理由"
    assert not alone.language()


def test_a_pure_rule_speaks_the_language_of_the_moment() -> None:
    with override("en"):
        assert check_credit_code("1").reason == "A unified social credit code has 18 characters, this one 1"
    assert check_credit_code("1").reason == "统一社会信用代码应为 18 位，现为 1 位"


def test_a_refusal_keeps_the_language_in_which_it_was_made() -> None:
    with override("en"):
        refused = refuse("uscc_length", check_credit_code("1").reason)
    assert str(refused) == refused.refusals[0].message == "A unified social credit code has 18 characters, this one 1"


def test_reasons_are_joined_as_the_reader_joins_them() -> None:
    both = [refuse("a", "甲").refusals[0], refuse("b", "乙").refusals[0]]
    assert str(Refused(both)) == "甲；乙"
    with override("en"):
        assert str(Refused(both)) == "甲; 乙"


def test_names_and_texts_of_rows_come_in_both_languages() -> None:
    unit = ReportingUnit(code="wujin", name_zh="武进区", name_en="Wujin District")
    assert (named(unit), worded(("甲", "A")), in_words("人"), in_words("")) == ("武进区", "甲", "人", "")
    with override("en"):
        assert (named(unit), worded(("甲", "A")), in_words("人")) == ("Wujin District", "A", "people")
        assert (worded(("甲", "")), in_words("没有译文"), in_words("")) == ("甲", "没有译文", "")
