"""함수로 답한 것의 판정. 커널에서도, 웹 페이지의 MicroPython에서도 이 파일이 그대로 돌아요.

그래서 파이썬의 목록과 수만 쓰고, 아무것도 가져오지 않아요(``sys``와 ``io``만). 시험지 ``exam``은
:class:`bplib.lab.code.CodeExercise`가 만드는 사전이에요:

- ``name``: 함수의 이름, ``given``: 미리 주는 코드, ``why``: 맞았을 때 들려줄 말
- ``cases``: 인자를 적은 글 ``"0.5, [1.0, 2.0]"``의 목록, ``parts``: 돌려줄 것의 수(하나면 0)
- ``names``: 돌려줄 것들의 이름
- ``right``: 경우마다의 정답, ``slips``: ``[경우마다의 값, 들려줄 말]``의 목록
"""

import io
import sys

FILE = "<여러분의 코드>"
SAME = 1e-6  # 이만큼까지는 같은 수로 봐요(1보다 큰 수에서는 그 비로)
LONGEST = 160  # 보여 줄 값의 글자 수


class Told(Exception):
    """독자에게 그대로 들려줄 말."""


def check_source(source, exam):
    """적은 코드를 실행하고 그 함수를 판정해요. ``(표, 들려줄 말)``이고 표는 ✓나 ✗예요."""
    try:
        return check_function(load(source, exam), exam, namespace(exam), source=source)
    except Told as told:
        return "✗", str(told)


def show_source(source, exam):
    """적은 코드를 실행하고, 첫 경우에 무엇을 돌려주는지 보여 줘요."""
    try:
        function, names = load(source, exam), namespace(exam)
        returned = call(function, arguments(exam["cases"][0], names), source)
    except Told as told:
        return "✗", str(told)
    try:
        values = plain(returned, exam["parts"])
    except Told:
        return "→", f"{written(exam, 0)}\n→ {cut(repr(returned))}"
    lines = [f"{name} = {short(value)}" for name, value in zip(exam["names"], values)]
    return "→", "\n".join([written(exam, 0)] + (lines or [f"→ {short(values)}"]))


def check_function(function, exam, names, adapt=None, source=""):
    """함수를 경우마다 불러 정답, 알려진 실수와 견줘요. ``adapt``는 인자를 바꾸는 함수예요(커널에서 배열로)."""
    got = []
    for case in exam["cases"]:
        args, kept = arguments(case, names), arguments(case, names)
        if adapt:
            args, kept = adapt(args), adapt(kept)
        try:
            got.append(plain(call(function, args, source), exam["parts"]))
        except Told as problem:
            return "✗", str(problem)
        if not unchanged(args, kept):
            return "✗", "받은 목록을 바꿨어요. 새 목록을 만들어 돌려주세요."
    if same(got, exam["right"]):
        return "✓", f"맞았어요. {exam['why']}"
    return "✗", known_slip(got, exam) or first_difference(got, exam)


def known_slip(got, exam):
    """알려진 실수의 말. 여럿을 돌려줄 때는 돌려준 것마다도 봐요. 모르는 것이면 빈 글."""
    for values, told in exam["slips"]:
        if same(got, values):
            return told
    for k in range(exam["parts"]):
        mine, right = ([one[k] for one in many] for many in (got, exam["right"]))
        for values, told in exam["slips"]:
            if not same(mine, right) and same(mine, [one[k] for one in values]):
                return told
    return ""


# ── 실행하기 ──


def namespace(exam):
    """미리 주는 코드를 실행한, 독자의 함수가 살 곳."""
    names = {"__name__": "__main__", "input": no_input}
    exec(exam["given"], names)
    return names


def no_input(*_):
    """적을 사람이 없어 끝없이 기다려요."""
    raise Told("input은 쓸 수 없어요. 함수가 받은 인자를 쓰세요.")


def load(source, exam):
    """적은 코드에서 그 이름의 함수를 꺼내요. 오류가 나면 Told."""
    names = namespace(exam)
    attempt(lambda: exec(compile(source, FILE, "exec"), names), source)
    function = names.get(exam["name"])
    if not callable(function):
        raise Told(f"{exam['name']}라는 함수가 없어요. def {exam['name']}(…): 으로 시작해 주세요.")
    return function


def attempt(action, source):
    """해 보고, 오류가 나면 우리말로 바꿔 Told로 알려요. MicroPython은 오류를 잇지(``from``) 못해서 두 걸음으로 해요."""
    try:
        return action()
    except Told:
        raise
    except (Exception, SystemExit) as error:
        said = explain(error, source)
    raise Told(said)


def arguments(case, names):
    """경우를 적은 글 → 인자들."""
    return eval(f"({case},)", names)


def call(function, args, source=""):
    """함수를 불러요. 오류가 나면 Told."""
    returned = attempt(lambda: function(*args), source)
    if returned is None:
        shown = "print는 보여 주기만 해요. " if "print(" in source else ""
        raise Told(f"돌려준 것이 없어요(None). {shown}함수의 끝에 return을 적었는지 보세요.")
    return returned


def plain(value, parts):
    """돌려준 것 → 수와 목록만 남긴 것. 여럿을 돌려줄 때는 그 수도 세요."""
    if parts:
        if not isinstance(value, (list, tuple)):
            raise Told(f"{parts}가지를 돌려줘야 하는데 하나만 돌려줬어요.")
        if len(value) != parts:
            raise Told(f"{parts}가지를 돌려줘야 하는데 {len(value)}가지를 돌려줬어요.")
        return [numbers(part) for part in value]
    return numbers(value)


def numbers(value):
    """수는 수로, 목록과 배열은 목록으로."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [numbers(part) for part in value]
    if isinstance(value, (int, float)):
        return float(value)
    raise Told(f"수나 목록을 돌려줘야 하는데 {type(value).__name__}이(가) 들어 있어요.")


def unchanged(args, kept):
    """인자의 목록이 그대로인지. 함수인 인자는 보지 않아요."""
    return all(callable(b) or same(numbers(a), numbers(b)) for a, b in zip(args, kept))


# ── 견주기 ──


def same(a, b):
    """모양이 같고, 수마다 허용 오차 안에서 같은지."""
    if isinstance(a, list) or isinstance(b, list):
        return isinstance(a, list) and isinstance(b, list) and len(a) == len(b) and all(map(same, a, b))
    return a == b or abs(a - b) <= SAME * max(1.0, abs(b))


def shape(value):
    """목록의 모양. 수는 (), 줄의 길이가 서로 다르면 None."""
    if not isinstance(value, list):
        return ()
    inner = [shape(part) for part in value]
    if any(one is None or one != inner[0] for one in inner):
        return None
    return (len(value),) + (inner[0] if inner else ())


def first_difference(got, exam):
    """정답과 처음 다른 곳: 몇째 경우의, 몇째로 돌려준 것의, 모양이나 값."""
    for place, (mine, right) in enumerate(zip(got, exam["right"])):
        pairs = zip(mine, right) if exam["parts"] else [(mine, right)]
        for k, (a, b) in enumerate(pairs):
            if same(a, b):
                continue
            which = f"{exam['names'][k]}의 " if exam["parts"] else "돌려준 것의 "
            if shape(a) != shape(b):
                problem, wanted, found = "모양이 달라요.", shape_text(b), shape_text(a)
            else:
                problem, wanted, found = "값이 달라요.", short(b), short(a)
            return (
                f"{which}{problem}\n넣은 것: {written(exam, place)}\n나와야 할 것: {wanted}\n받은 것: {found}"
            )
    return "어딘가 달라요."


def shape_text(value):
    """모양을 적은 글."""
    found = shape(value)
    if found == ():
        return "수 하나"
    return str(found) if found else "줄마다 길이가 다른 목록"


def short(value):
    """넷째 자리까지 적은 수나 목록."""
    if isinstance(value, list):
        return cut(f"[{', '.join([short(part) for part in value])}]")
    return f"{value:.4g}"


def cut(text):
    """긴 글은 앞만."""
    return text if len(text) <= LONGEST else text[:LONGEST] + " …"


def written(exam, place):
    """경우를 함수를 부르는 글로."""
    return cut(f"{exam['name']}({exam['cases'][place]})")


# ── 오류를 우리말로 ──

SAID = {
    "SyntaxError": "파이썬이 읽을 수 없는 줄이에요. 괄호의 짝과 쌍점(:), 빠진 기호를 보세요. 바로 윗줄도 보세요.",
    "IndentationError": "들여쓰기가 맞지 않아요. def, for, if의 아랫줄은 네 칸씩 들여서, 한 묶음은 같은 칸에 쓰세요.",
    "IndexError": "목록에 없는 자리예요. 길이가 n인 목록의 자리는 0부터 n - 1까지이고, 빈 목록에는 append로 더해요.",
    "ZeroDivisionError": "0으로 나눴어요.",
    "OverflowError": "수가 너무 커졌어요. 부호나 학습률을 보세요.",
    "KeyError": "사전에 없는 이름을 꺼냈어요.",
    "MemoryError": "목록이 끝없이 커졌어요.",
    "RecursionError": "함수가 자기를 끝없이 불렀어요.",
    "SystemExit": "여기서는 exit을 부르지 않아요.",
}
WHOLE_LIST = "목록은 통째로 계산할 수 없어요. for로 하나씩 계산하세요."
# 오류의 종류, 그 글에 있는 말 → 들려줄 말. MicroPython과 파이썬은 글이 조금 달라요.
CLUES = [
    ("RuntimeError", "recursion", SAID["RecursionError"]),
    ("ValueError", "unpack", "이름의 수와 값의 수가 달라요. a, b = …의 양쪽을 세어 보세요."),
    (
        "ValueError",
        "math domain",
        "그 함수가 받을 수 없는 수예요. 0이나 음수의 로그, 너무 큰 수의 exp를 계산했어요.",
    ),
    ("ValueError", "must be in the range", "그 함수가 받을 수 없는 수예요."),
    ("TypeError", "argument", "함수에 넣은 인자의 수가 맞지 않아요. 괄호 속을 세어 보세요."),
    ("TypeError", "NoneType", "값이 없는 것(None)으로 계산했어요. return을 빠뜨린 함수가 있나 보세요."),
    ("TypeError", "callable", "함수가 아닌 것을 불렀어요. 곱하기 기호 *를 빠뜨리지 않았나 보세요."),
    ("TypeError", "subscriptable", "수 하나에서 [ ]로 자리를 꺼내려 했어요. 목록인지 보세요."),
    ("TypeError", "iterable", "수 하나를 목록처럼 하나씩 꺼내려 했어요. range(len(…))나 목록인지 보세요."),
    ("TypeError", "has no len", "수 하나의 길이를 물었어요. 목록인지 보세요."),
    ("TypeError", "indices", "목록의 자리는 정수여야 해요. 번호로 돌려면 range(len(…))를 써요."),
    ("TypeError", "sequence", WHOLE_LIST),
    ("TypeError", "list", WHOLE_LIST),
]
NO_NUMPY = "여기에는 NumPy가 없어요. 목록과 for로 쓰면 되고, exp 같은 함수는 import math로 가져와요."
STRANGE = {
    "“": '큰따옴표(")',
    "”": '큰따옴표(")',
    "‘": "작은따옴표(')",
    "’": "작은따옴표(')",
    "：": "쌍점(:)",
}
STRANGE.update(
    {"（": "괄호 (", "）": "괄호 )", "，": "쉼표(,)", "×": "별표(*)", "−": "빼기(-)", "＝": "등호(=)"}
)
HEADS = ("def", "for", "while", "if", "elif", "else")


def explain(error, source=""):
    """오류 하나를 줄 번호와 함께 우리말로."""
    kind, text = type(error).__name__, str(error)
    line = line_of(error)
    where = f"{line}번째 줄: " if line else ""
    return f"{where}{_said(kind, text, source, line)} ({kind})"


def _said(kind, text, source, line):
    """오류의 종류와 글에 맞는 말."""
    name = text.split("'")[1] if text.count("'") >= 2 else text
    if name in ("np", "numpy") and kind in ("NameError", "ImportError", "ModuleNotFoundError"):
        return NO_NUMPY
    strange = strange_letter(source, line) if kind in ("NameError", "SyntaxError") else ""
    if strange:
        return f"‘{strange}’는 파이썬이 읽는 글자가 아니에요. 자판의 {STRANGE[strange]}로 쓰세요."
    if kind == "NameError":
        return f"‘{name}’(이)라는 이름이 없어요. 철자를 보고, 쓰기 전에 값을 정했는지 보세요."
    if kind in ("ImportError", "ModuleNotFoundError"):
        return f"‘{name}’을(를) 가져올 수 없어요. math는 있어요."
    if kind == "UnboundLocalError":
        return "값을 정하기 전에 쓴 이름이 있어요. 더해 나갈 것은 먼저 0으로 시작하세요."
    if kind == "AttributeError":
        return f"목록과 수에는 그런 것이 없어요: {cut(text)}"
    if kind == "SyntaxError":
        return _syntax(source, line)
    for expected, clue, said in CLUES:
        if kind == expected and clue in text:
            return said
    return SAID.get(kind, cut(text))


def strange_letter(source, line):
    """그 줄에 있는, 전화기나 전각 자판이 적은 낯선 글자. 없으면 빈 글."""
    lines = source.split("\n")
    here = lines[line - 1].split("#")[0] if line and line <= len(lines) else ""
    return ([letter for letter in here if letter in STRANGE] + [""])[0]


def _syntax(source, line):
    """문법 오류 가운데 가장 흔한 둘, 쌍점과 들여쓰기를 알아봐요."""
    lines = source.split("\n")
    here = lines[line - 1] if line and line <= len(lines) else ""
    above = [one for one in lines[: (line or 1) - 1] if one.strip()][-1:] or [""]
    for one in (here, above[0]):
        words = one.replace(":", " :").split()
        if words and words[0] in HEADS and ":" not in words:
            return f"‘{words[0]}’ 줄의 끝에 쌍점(:)이 없어요."
    if above[0].strip().endswith(":") and indent(here) <= indent(above[0]):
        return SAID["IndentationError"]
    return SAID["SyntaxError"]


def indent(line):
    """줄 앞의 빈칸 수."""
    return len(line) - len(line.lstrip())


def line_of(error):
    """독자의 코드에서 오류가 난 줄. 모르면 0. 가장 안쪽의 것을 봐요."""
    if not hasattr(sys, "print_exception"):  # 보통의 파이썬
        return _line_in_python(error)
    told = io.StringIO()
    sys.print_exception(error, told)
    lines = [part.split(",")[0].strip() for part in told.getvalue().split('File "' + FILE + '", line ')[1:]]
    return int(lines[-1].split("\n")[0]) if lines else 0


def _line_in_python(error):
    if isinstance(error, SyntaxError):
        return error.lineno or 0
    found, trace = 0, error.__traceback__
    while trace:
        name = trace.tb_frame.f_code.co_filename
        if name == FILE or "ipykernel" in name or name.startswith("<ipython-input"):
            found = trace.tb_lineno
        trace = trace.tb_next
    return found
