"""노트북을 실제 커널로 실행하고, 대조할 출력만 제자리에 저장해요. 대조하는 일은 ``compare.py``가 해요.

    python3 run.py record [노트북 …]      적지 않으면 chapters/의 모든 노트북

그림과 위젯 상태, 실행 시각은 남기지 않아서, 바뀐 값만 차이로 보여요. 오류나 stderr 출력이 하나라도 있으면
그 노트북은 저장하지 않고 실패해요. nbval은 실행 번호가 없는 셀을 대조하지 않고 지나가기 때문에 모든 코드
셀에 번호를 적고, 셀 하나를 끼워도 나머지가 그대로이도록 그 번호는 언제나 1이에요.

코드가 있는 노트북의 첫 코드 셀은 실행하는 곳에 맞추는 셀이에요: Colab에서는 bplib을 설치하고(주소는 _config.yml의
저장소를 따라요), JupyterLab에서는 다시 연 노트북의 영어 오류를 우리말로 바꿔요.
쪽에는 보이지 않아요(remove-cell).
"""

import hashlib
import sys
import warnings
from pathlib import Path
from typing import Any

import nbformat
import yaml
from cells import YOURS
from execute import Failed, execute

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = ROOT / "chapters"
COLAB = "colab"  # 그 셀의 이름
COLAB_CODE = """\
# Colab에서는 bplib을 설치하고, 다시 연 노트북에서는 멈춘 실험의 자리에 할 일을 적어요.
import sys

if "google.colab" in sys.modules:
    archive = "{archive}"
    get_ipython().run_line_magic("pip", f"install -q {{archive}}")

from bplib.lab.display import reopened

reopened()"""
KEPT = {"text/plain", "text/html", "text/latex", "text/markdown"}  # nbval이 한 글자씩 대조해요.
DROPPED = {"image/png", "image/jpeg", "application/vnd.jupyter.widget-view+json"}  # nbval이 대조하지 않아요.
NOTEBOOK_NOISE = {"widgets", "signature", "colab", "vscode", "toc", "toc-autonumbering", "accelerator"}
CELL_NOISE = {"execution", "ExecuteTime", "executionInfo", "colab", "vscode", "id", "outputId", "collapsed"}
CELL_NOISE |= {"scrolled", "trusted"}
RUN = 1
# 쪽이 접는 것을 JupyterLab, Binder, JupyterLite도 접게 하는 칸의 정보. 꼬리표(tags)는 쪽만 알아들어요.
FOLDS = {
    "hide-input": {"source_hidden": True},
    "hide-output": {"outputs_hidden": True},
    "hide-cell": {"source_hidden": True, "outputs_hidden": True},
    "remove-input": {"source_hidden": True},
    "remove-cell": {"source_hidden": True, "outputs_hidden": True},
}


class Rejected(Failed):
    """저장할 수 없는 출력이 나왔을 때의 까닭이에요."""


def clean_output(output: Any) -> Any:
    """출력 하나에서 대조하는 것만 남겨요. 대조할 수 없는 것은 거절해요."""
    if output.output_type == "error":
        raise Rejected(f"오류가 났어요: {output.ename}: {output.evalue}")
    if output.output_type == "stream":
        if output.name != "stdout":
            raise Rejected(f"stderr에 출력이 있어요: {output.text.strip().splitlines()[:1]}")
        return output
    unknown = set(output.data) - KEPT - DROPPED
    if unknown:
        raise Rejected(f"nbval이 대조할 수 없는 출력이 있어요: {', '.join(sorted(unknown))}")
    output.data = {kind: value for kind, value in output.data.items() if kind in KEPT}
    output.metadata = {}
    if output.output_type == "execute_result":
        output.execution_count = RUN
    return output


def join_streams(outputs: list[Any]) -> list[Any]:
    """잘려서 온 stdout을 이어 붙여요. 어디서 잘리는지는 실행마다 달라요."""
    joined: list[Any] = []
    for output in outputs:
        if joined and output.output_type == "stream" == joined[-1].output_type:
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def stable_id(source: str, used: set[str]) -> str:
    """이름 없는 셀의 이름을 셀의 글에서 만들어요."""
    for turn in range(len(used) + 1):
        name = hashlib.sha256(f"{turn} {source}".encode()).hexdigest()[:8]
        if name not in used:
            break
    return name


def fold(cell: Any) -> None:
    """꼬리표대로 접어요. 꼬리표가 없어진 칸은 펼쳐요."""
    tags = cell.metadata.get("tags", [])
    folds = {key: True for tag in tags for key in FOLDS.get(tag, {}) if YOURS not in tags}
    cell.metadata.pop("jupyter", None)
    if folds:
        cell.metadata["jupyter"] = folds


def tidy(notebook: Any) -> None:
    """셀 이름과 메타데이터를 실행한 곳과 상관없게 고쳐요."""
    used: set[str] = set()
    for cell in notebook.cells:
        if not cell.get("id") or cell.id in used:
            cell.id = stable_id(cell.source, used)
        used.add(cell.id)
        cell.metadata = {key: value for key, value in cell.metadata.items() if key not in CELL_NOISE}
        if cell.cell_type == "code":
            cell.execution_count = RUN
            fold(cell)
    kept = {key: value for key, value in notebook.metadata.items() if key not in NOTEBOOK_NOISE}
    notebook.metadata = {
        **kept,
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "lang": "ko",
    }
    notebook.nbformat, notebook.nbformat_minor = 4, 5


def colab_code() -> str:
    """첫 코드 셀의 코드예요."""
    repository = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]
    return COLAB_CODE.format(archive=f"{repository['url']}/archive/{repository['branch']}.zip")


def add_colab_cell(notebook: Any) -> None:
    """코드가 있으면, 첫 코드 셀 바로 앞에 Colab 셀을 둬요. 이미 있던 것은 출력만 두고 새로 써요."""
    outputs = [output for cell in notebook.cells if cell.get("id") == COLAB for output in cell.outputs]
    notebook.cells = [cell for cell in notebook.cells if cell.get("id") != COLAB]
    first = next((i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"), None)
    if first is not None:
        tags = {"tags": ["remove-cell"]}
        cell = nbformat.v4.new_code_cell(colab_code(), id=COLAB, metadata=tags, outputs=outputs)
        notebook.cells.insert(first, cell)


def read(path: Path) -> Any:
    """노트북을 읽고, 이름이 없거나 겹치는 셀에 이름을 붙이고, Colab 셀을 둬요."""
    raw = nbformat.reader.reads(path.read_text(encoding="utf-8"))
    missing = [index for index, cell in enumerate(raw.cells) if "id" not in cell]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # 이름이 없다는 경고예요. 바로 아래에서 붙여요.
        notebook = nbformat.convert(raw, 4)
    for index in missing:
        notebook.cells[index].id = ""
    add_colab_cell(notebook)
    tidy(notebook)
    return notebook


def normal_text(notebook: Any) -> str:
    """저장할 글을 만들어요. 같은 노트북이면 언제나 같은 글이에요."""
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "code":
            try:
                cell.outputs = [clean_output(output) for output in join_streams(cell.outputs)]
            except Rejected as why:
                raise Rejected(f"{number}번째 셀({cell.id}): {why}") from None
    tidy(notebook)
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def record(path: Path) -> str:
    """노트북 하나를 실행해 저장해요."""
    notebook = read(path)
    execute(notebook, path.parent)
    text = normal_text(notebook)
    if path.read_bytes() == text.encode():
        return "그대로예요"
    path.write_bytes(text.encode())
    return "저장했어요"


def main(arguments: list[str]) -> int:
    """노트북들을 차례로 저장하고, 실패가 있으면 1을 돌려줘요."""
    paths = [Path(name) for name in arguments] or sorted(CHAPTERS.glob("*.ipynb"))
    failed = not paths
    for path in paths:
        try:
            print(f"{path.name}: {record(path)}", flush=True)
        except (Failed, OSError) as why:
            failed = True
            print(f"{path.name}: 안 돼요. {why}", flush=True)
    if not paths:
        print("chapters/에 노트북이 없어요.")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
