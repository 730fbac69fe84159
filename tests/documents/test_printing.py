"""What stands on the pages: everything of it, on as few of them as it should."""

import pypdfium2
import pytest
import zxingcpp

from certification.papers.sheets import FEWEST, Printing, pages_of

ADDRESS = "https://ip.example.gov.cn/verify/A/"
LONG = "常州试验精密机械科技有限公司" * 4 + "张三李四"  # 60 characters
ENGLISH = "Changzhou Demonstration Precision Machinery Intelligent Equipment Manufacturing (China) Co., Ltd."
MODULES = "".join(f"7.{number} 获取维护运用保护管理、" for number in range(20))
DEFECTS = [f"{number}. 承诺函：职工人数不符合，请补交缺公章的承诺函，请补交缺公章的承诺函" for number in range(1, 31)]


def texts_of(kind, holder, paragraphs):
    said = {"number": "CZZS2026000001", "uscc": "91320411MA2455XH60", "clause": "条", "issuing_body": "常州市局"}
    said |= {"kind": kind, "title": "贯标实施", "holder": holder, "issued_on": "2026-03-02", "valid_until": ""}
    made = pypdfium2.PdfDocument(pages_of(Printing({**said, "paragraphs": paragraphs}, "A" * 24, ADDRESS, "系统自签")))
    picture = made[len(made) - 1].render(scale=300 / 72).to_pil()
    assert [each.text for each in zxingcpp.read_barcodes(picture)] == [ADDRESS]
    return [page.get_textpage().get_text_range().replace("\r\n", "") for page in made]


@pytest.mark.parametrize("kind", ["certificate", "correction"])
@pytest.mark.parametrize("holder", [LONG, ENGLISH, "常州公司"], ids=["long", "english", "short"])
def test_a_name_of_any_length_is_printed_whole(kind, holder):
    text = "".join(texts_of(kind, holder, ["准予备案"]))
    assert holder.replace(" ", "") in text.replace(" ", "")


def test_a_certificate_of_twenty_modules_stands_on_one_page():
    pages = texts_of("certificate", LONG, ["准予备案", MODULES])
    assert len(pages) == 1
    assert "7.19" in pages[0]


def test_a_letter_of_thirty_defects_numbers_its_pages_and_ends_with_text_above_the_seal():
    pages = texts_of("correction", LONG, ["请补正", *DEFECTS, "请重新提交"])
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert f"第 {number} 页" in page.replace("\u3000", " ")
        assert f"共 {len(pages)} 页" in page.replace("\u3000", " ")
    assert "30. " in "".join(pages)
    assert "请重新提交" in pages[-1]
    assert all("常州市局" not in page for page in pages[1:-1])


def test_a_rare_character_is_printed_whichever_paper_came_before():
    assert "常州公司" in texts_of("certificate", "常州公司", ["准予备案"])[0]
    assert "常州㐂公司" in texts_of("certificate", "常州㐂公司", ["准予备案"])[0]


@pytest.mark.parametrize("count", [6, 8, 10, 21, 23])
def test_no_letter_ends_with_a_few_lines_on_a_page_of_their_own(count):
    said = {"kind": "correction", "number": "CZWS2026000001", "uscc": "", "issuing_body": "常州市局", "title": "补正"}
    said |= {"holder": "常州公司", "issued_on": "2026-03-02", "valid_until": ""}
    said["paragraphs"] = ["请补正", *DEFECTS[:count], "请重新提交"]
    made = pypdfium2.PdfDocument(pages_of(Printing(said, "A" * 24, ADDRESS, "系统自签")))
    last = made[len(made) - 1].get_textpage().get_text_range().partition("扫码")[0].splitlines()
    assert len(made) == 1 or len(last) >= FEWEST


def test_a_sample_has_every_character_it_prints():
    sample = Printing({"kind": "certificate", "paragraphs": []}, "A2B3" * 6, ADDRESS, "", is_sample=True)
    assert set("A2B3在页面输入") <= set(sample.text)
