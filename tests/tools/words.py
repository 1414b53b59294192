# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find words that this project does not use, with the words to use instead.

Usage: python tests/tools/words.py [PATH ...]

By default it reads the documentation, and everything that is published. It prints `path:line: word. Use …` for each
finding and exits with 1 if there is one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = (
    *("*.md", "docs", "examples", "extensions", "meta", "playbooks", "plugins", "roles", "galaxy.yml", "changelogs"),
    *(".github", "CHANGELOG.rst"),
)
SUFFIXES = {".cfg", ".css", ".html", ".j2", ".js", ".json", ".md", ".py", ".rst", ".svg", ".yml"}
SKIPPED = {"_build", "__pycache__"}

# A pattern without word boundaries, and what to write instead.
WORDS = {
    r"told|tells?|telling": "report, list, return, show, or fail with",
    r"who(so)?ever": "the approver, the reviewer, the account that …",
    r"nobody|anyone|anybody": "no principal, no account, another principal",
    r"anew|in vain|befalls?|no matter|for ever": "again, renew, unnecessary, happens to, permanently",
    r"mend(s|ed|ing)?": "fix",
    r"misspelt": "misspelled, or unknown option",
    r"guard[ -]rails?": "guardrail",
    r"passed over|out of reach|let pass|left alone": "skipped, unreachable, allowed, unchanged",
    r"(dead|live) shares?": "inactive share, active share",
    r"adopt(s|ed)? what is there": "import existing shares",
    r"blank text": "empty string",
    r"faults? (of|in) the (input|collection)": "error, invalid value, bug in this collection",
    r"behaviou?rs? of whoever|behaviours?|colours?|favours?|catalogues?|licence[sd]?|honours?|centres?": "US spelling",
    r"(organ|recogn|normal|author|summar|custom)is(e|es|ed|ing|ation|ations)": "US spelling: -ize",
    r"account of the credentials": "calling account",
    r"asks? aws nothing|makes? lists only": "makes no AWS API calls, makes only List calls",
    r"changed by others|by others meanwhile|the world has": "changed while the task was running",
    r"takes? (its|their|the) (access|meaning) away|takes? access away|take away": "revoke access, delete the share",
    r"is no (?!share|longer|more|such|charge|way|need|difference|Region|place)\w+": "is not a valid …, does not …",
    r"as it stands|what is there|what is as declared|(is|are) meant": "existing shares, desired state, matches",
}
PATTERN = re.compile("|".join(rf"(?P<_{number}>\b(?:{word})\b)" for number, word in enumerate(WORDS)), re.IGNORECASE)


def files(paths: list[str]) -> Iterator[Path]:
    """The text files at these paths, patterns or folders, relative to the repository."""
    for pattern in paths:
        for path in sorted(ROOT.glob(pattern)):
            for file in [path] if path.is_file() else sorted(path.rglob("*")):
                if file.suffix in SUFFIXES and not SKIPPED & set(file.parts):
                    yield file


def findings(text: str) -> Iterator[tuple[int, str, str]]:
    """The line, the word and what to use instead, for each word that is not used here."""
    advice = list(WORDS.values())
    for found in PATTERN.finditer(text):
        number = int((found.lastgroup or "_0")[1:])
        yield text.count("\n", 0, found.start()) + 1, found[0], advice[number]


def main(paths: list[str]) -> int:
    found = [
        f"{file.relative_to(ROOT)}:{line}: {word}. Use: {advice}."
        for file in files(paths or list(PUBLISHED))
        for line, word, advice in findings(file.read_text(encoding="utf-8"))
    ]
    print("\n".join(found) or "No word to replace.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
