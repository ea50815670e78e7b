"""연습문제가 알아보는 실수의 목록: ``python -m bplib.lab.problems``."""

from bplib.lab.problems import diagnoses

found = diagnoses()
for diagnosis, numbers in found.items():
    print(f"{', '.join(numbers):<24} {diagnosis}")
print(f"서로 다른 실수 {len(found)}가지")
