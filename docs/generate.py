"""Writes the generated pages: `python docs/generate.py`. A test compares them."""

from pathlib import Path

from _pages import (
    primitives_page,
    problems_page,
    scaling_page,
    status_page,
    villani_page,
)

pages = {
    "primitives.md": primitives_page,
    "problems.md": problems_page,
    "scaling.md": scaling_page,
    "status.md": status_page,
    "villani.md": villani_page,
}


def main() -> None:
    for name, page in pages.items():
        (Path(__file__).parent / name).write_text(page())


if __name__ == "__main__":
    main()
