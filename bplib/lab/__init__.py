"""실험실: 책을 살아 있게 하는 것. 그림, 실험, 연습문제, 소리, 활동지. 수를 계산하는 일은 여기에 없어요."""

import logging

_log = logging.getLogger("matplotlib")
_level = _log.level
# 글꼴을 처음 훑거나 설정 폴더에 쓸 수 없을 때 matplotlib이 하는 말이, 이것을 부른 노트북의 출력에 섞이지 않게 해요.
_log.setLevel(logging.ERROR)
from matplotlib import font_manager  # noqa: E402, F401

_log.setLevel(_level)
