"""참고: 공개된 것이 빠짐없이, 한국어 설명과 함께, 언제 어디서 만들어도 똑같이 실려요."""

import inspect
import re
import subprocess
import sys

import pytest

import bplib
from bplib.lab import reference

HTML = reference.Reference()._repr_html_()


def every_public_thing():
    return [
        (f"{module.__name__}.{name}", thing)
        for module in reference.modules()
        for name, thing in reference.public(module).items()
    ]


def test_every_module_is_here():
    names = {reference.short(module.__name__) for module in reference.modules()}
    assert set(reference.ORDER) <= names
    assert {"layers", "saving", "experiment", "worksheets", "reference"} <= names
    assert not [name for name in names if name.startswith("_")]


@pytest.mark.parametrize("name", bplib.__all__)
def test_every_promised_name_appears(name):
    assert re.search(rf'id="bplib-([a-z]+-)?{name}"', HTML), name


def test_every_public_thing_says_one_korean_line():
    missing = [
        name for name, thing in every_public_thing() if not re.search("[가-힣]", inspect.getdoc(thing) or "")
    ]
    missing += [m.__name__ for m in reference.modules() if not re.search("[가-힣]", inspect.getdoc(m) or "")]
    assert not missing


def test_every_method_says_something():
    missing = [
        f"{name}.{key}"
        for name, thing in every_public_thing()
        for key, value in reference.members(thing).items()
        if not (inspect.getdoc(value) or "").strip()
    ]
    assert not missing


def test_same_text_in_another_process():
    """주소나 해시의 차례가 섞이면 nbval이 날마다 빨개져요."""
    code = "import hashlib, bplib.lab.reference as r; html = r.Reference()._repr_html_();"
    code += "print(hashlib.sha256(html.encode()).hexdigest())"
    first, second = (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    )
    assert first == second
    assert not re.search(r"0x[0-9a-f]{6}|/bplib/|&lt;function|&lt;class", HTML)


def test_links_inside_lead_somewhere():
    ids = re.findall(r'id="([^"]+)"', HTML)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', HTML)) <= set(ids)


def test_signatures_are_plain():
    assert reference.signature(bplib.Linear) == "(n_in, n_out, *, rng, init=he, dtype=float64)"
    assert reference.signature(bplib.SGD) == "(params, lr, momentum=0.0, nesterov=False)"
    assert reference.signature(bplib.Linear.forward) == "(a)"
    assert reference.signature(bplib.GradientError) == ""


def test_docstrings_become_paragraphs_lists_and_code():
    def example():
        """한 줄.

        둘째 문단은 ``코드``와 :func:`show`를
        **이어** 적어요. a < b

        - 하나
        - 둘

        >>> 1 + 1  # doctest: +SKIP
        2
        """

    assert reference._text_html(example) == (
        "<p>한 줄.</p><p>둘째 문단은 <code>코드</code>와 <code>show</code>를 <strong>이어</strong> 적어요. a &lt; b</p>"
        "<p>• 하나</p><p>• 둘</p><pre>&gt;&gt;&gt; 1 + 1\n2</pre>"
    )
