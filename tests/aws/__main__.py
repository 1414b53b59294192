# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`python -m tests.aws run` is the acceptance run on AWS itself; `clean` removes what a killed run left."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from . import collection
from .accounts import Accounts, NotReady, accounts_from
from .answers import WIDTH, Answer, as_json, as_table
from .cleanup import clean
from .kinds import KINDS, WORKLOAD
from .questions import QUESTIONS, SETTINGS, ask
from .resources import PREFIX
from .sharing import find, share
from .stage import Stage
from .watching import Pace

NOT_READY, FAILED, INTERRUPTED = 2, 1, 130


def say(text: str) -> None:
    print(text, flush=True)


def _raise(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Nothing but SIGKILL stops this part."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(accounts: Accounts, pace: Pace, build: Path, questions_only: bool = False) -> int:
    """The whole run, or the questions only. Returns the exit code."""
    stage = Stage(accounts, pace)
    say(
        f"{accounts.region}: account {accounts.owner.id} shares with {accounts.recipient.id}. Everything that this run "
        f"makes is named {stage.prefix}… and is removed at its end. AWS does not charge for the tool: it costs calls."
    )
    outcome: dict[str, dict[str, str | None]] = {}
    answers: dict[str, Answer] = {}
    interrupted = False
    try:
        _check_invitations(stage)
        if not questions_only:
            log = build / "aws-ansible.log"
            say(f"Driving the collection. What Ansible says goes to {log}.")
            outcome = collection.drive(stage, os.environ, log)
        for question in QUESTIONS:
            say(f"Asking about {', '.join(question.settings)} …")
            answers.update(ask(stage, question))
    except KeyboardInterrupt:
        interrupted = True
        say("Interrupted.")
    finally:
        with _uninterrupted():
            problems = _clean_up(stage)
    if interrupted:
        return INTERRUPTED
    _tell(outcome, answers, build)
    failed = any(problem for by_kind in outcome.values() for problem in by_kind.values())
    return FAILED if failed or problems else 0


def _check_invitations(stage: Stage) -> None:
    """Raises NotReady where the recipient gets no invitations, since it is in the owner's organization."""
    with stage.throw_away(WORKLOAD) as (resource,):
        row = find(stage, resource, share(stage, resource))
    if row and row["Status"].startswith("ASSOCIAT"):
        raise NotReady(
            "The recipient is in the owner's organization, and organization sharing is on: AWS sends no invitations, "
            "so that accepting and rejecting cannot be tried. Take a recipient outside the organization."
        )


def _clean_up(stage: Stage) -> list[str]:
    say("Cleaning up …")
    _removed, problems = clean(stage.accounts.owner, stage.prefix, stage.pace, stage.made.values())
    for problem in problems:
        say(f"Left behind, so run `make aws-clean`: {problem}")
    return problems


def _tell(outcome: Mapping[str, Mapping[str, str | None]], answers: Mapping[str, Answer], build: Path) -> None:
    if outcome:
        say("\nWhat the collection did\n" + _outcome_table(outcome))
    ordered = {name: answers[name] for name in SETTINGS}
    say("\nWhat AWS does\n" + as_table(ordered, SETTINGS))
    path = build / "aws-answers.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_json(ordered), encoding="utf-8")
    say(f"\nThe settings of the local endpoint that agree with it, without account IDs: {path}")


def _outcome_table(outcome: Mapping[str, Mapping[str, str | None]]) -> str:
    kinds = [kind.name for kind in KINDS]
    lines = [f"{'':<16}{''.join(f'{kind:<10}' for kind in kinds)}"]
    for step, by_kind in outcome.items():
        words = ["-" if kind not in by_kind else "FAILED" if by_kind[kind] else "ok" for kind in kinds]
        lines.append(f"{step:<16}{''.join(f'{word:<10}' for word in words)}".rstrip())
        for kind, problem in by_kind.items():
            if problem:
                lines.extend(
                    textwrap.wrap(f"{kind}: {problem}", WIDTH, initial_indent="    ", subsequent_indent="    ")
                )
    return "\n".join(lines)


def clean_all(accounts: Accounts, pace: Pace) -> int:
    """Remove what any run left, in both accounts. Returns the exit code."""
    failed = False
    for account in (accounts.owner, accounts.recipient):
        removed, problems = clean(account, PREFIX, pace)
        for name in removed:
            say(f"Removed {name} of account {account.id}.")
        for problem in problems:
            say(f"Left behind: {problem}")
        failed = failed or bool(problems)
        if not removed and not problems:
            say(f"Nothing of an acceptance run is left in account {account.id}, {accounts.region}.")
    return FAILED if failed else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.aws", description=__doc__)
    parser.add_argument("what", choices=("run", "clean"))
    parser.add_argument("--patience", type=float, default=Pace.patience, help="seconds to wait for anything (120)")
    parser.add_argument("--pause", type=float, default=Pace.pause, help="seconds between two looks (0.25)")
    parser.add_argument("--build", type=Path, default=Path("build"), help="the folder for aws-answers.json (build)")
    parser.add_argument("--questions", action="store_true", help="ask the questions only, and leave the collection out")
    arguments = parser.parse_args()
    pace = Pace(arguments.patience, arguments.pause)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _raise)
    try:
        accounts = accounts_from(os.environ)
        if arguments.what == "clean":
            return clean_all(accounts, pace)
        return run(accounts, pace, arguments.build, arguments.questions)
    except NotReady as problem:
        print(problem, file=sys.stderr)
        return NOT_READY
    except (ClientError, BotoCoreError) as problem:
        print(f"The run could not begin: {problem}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
