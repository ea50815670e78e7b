"""배워 둔 신경망(bplib/lab/nets.py)을 쪽이 읽는 스크립트로 적어요: ``_static/net-이름.js``.

USB에서 연 사이트(file:)에서는 fetch가 막혀서, 수를 스크립트에 담아요. 읽는 것은 book/forward.js이고, 독자가 처음
만질 때만 가져와요.
"""

import base64
import json
from pathlib import Path

from bplib.lab import nets
from bplib.lab.own import KINDS, own_input


def net_js(name: str) -> str:
    """Forward.define(이름, {layers, weights, …}) 한 줄."""
    net = nets.trained(name)
    weights = base64.b64encode(net.params().value.astype("<f4").tobytes()).decode()
    extras = own_input(name).page_data() if name in KINDS else {}
    described = {"layers": nets.spec(net), "weights": weights, **extras}
    return f"Forward.define({json.dumps(name)}, {json.dumps(described, ensure_ascii=False)});\n"


def write_nets(site: Path) -> None:
    """사이트에 신경망마다 파일 하나를 적어요."""
    for name in nets.NETS:
        (site / "_static" / f"net-{name}.js").write_text(net_js(name), encoding="utf-8")
