"""수식을 한 줄의 글로: 찾기의 글에 들어가는 수식이 빠지거나 TeX로 남지 않아요."""

import pytest
from scripts import load_script

labmath = load_script("book/labmath.py")
READINGS = {
    r"\frac{\partial E}{\partial w}": "∂E/∂w",
    r"\frac{1-y}{1-a}": "(1−y)/(1−a)",
    r"\frac{dy}{dx} = \frac{dy}{du}\frac{du}{dx}": "dy/dx = dy/du du/dx",
    r"E = \tfrac12 \sum_k (y_k - a_k)^2": "E = ½∑ₖ(yₖ−aₖ)²",
    r"\delta^l = \left(W^{l+1}\right)^{\mathsf T}\delta^{l+1} \odot f'(z^l)": "δˡ = (Wˡ⁺¹)ᵀδˡ⁺¹⊙f′(zˡ)",
    r"w_{\text{새}} = w - \eta\,\nabla E": "w_새 = w−η ∇E",
    r"\hat z = \frac{z - \mu}{\sqrt{\sigma^2 + \varepsilon}}": "z\u0302 = (z−μ)/(√(σ²+ε))",
    r"-\ln a,\ \max(z, 0)": "−ln a, max(z,0)",
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}": "(1 2; 3 4)",
}


@pytest.mark.parametrize("tex", READINGS)
def test_formulas_are_read_in_one_line(tex: str) -> None:
    assert labmath.reading(tex) == READINGS[tex]
