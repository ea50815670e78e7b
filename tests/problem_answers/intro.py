"""들어가며에는 함수로 답하는 연습이 없어요."""

RIGHT: dict = {}
WRONG: dict = {}
