"""Hesse, hand-written code, CasADi and JAX in turns on the same workloads: value, gradient and Hessian."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from models import WORKLOADS

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


class Contestant:
    """A process that says `ready`, then answers every line with seconds per call."""

    def __init__(self, command, limit):
        self.process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.late = False
        signal.signal(signal.SIGALRM, self.give_up)
        signal.alarm(limit)
        self.ready = self.process.stdout.readline() == "ready\n"
        signal.alarm(0)

    def give_up(self, *_):
        self.late = True
        self.stop()

    def turn(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return [float(word) for word in self.process.stdout.readline().split()]

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def bench_binary():
    """Builds the benchmarks and gives back their program."""
    build = ["cargo", "bench", "-p", "hesse-benches", "--locked", "--no-run", "--message-format=json"]
    lines = subprocess.run(build, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    messages = [json.loads(line) for line in lines]
    found = [m["executable"] for m in messages if m.get("target", {}).get("name") == "workloads" and m["executable"]]
    return found[0]


def compare(name, bench, folder, limit, rounds):
    """Medians in seconds by contestant; a string says why there is none."""
    data = Path(folder) / WORKLOADS[name][0]
    commands = {
        "Hesse": [bench, name, "--exact", "--turns", "--write-data", folder],
        "CasADi": [sys.executable, HERE / "casadi_peer.py", name, data, data / "build"],
        "JAX": [sys.executable, HERE / "jax_peer.py", name, data],
    }
    contestants = {}
    try:
        # One after the other: the first writes the data, and none compiles in the time of another.
        for contestant, command in commands.items():
            contestants[contestant] = Contestant(command, limit)
        samples = {}
        for _ in range(rounds):
            for name, contestant in contestants.items():
                if contestant.ready:
                    # The benchmark answers for the hand-written version too.
                    for timed, seconds in zip([name, "by hand"], contestant.turn()):
                        samples.setdefault(timed, []).append(seconds)
    finally:
        for contestant in contestants.values():
            contestant.stop()
    medians = {name: median(seconds) for name, seconds in samples.items()}
    for name, contestant in contestants.items():
        if not contestant.ready:
            medians[name] = f"> {limit} s" if contestant.late else "failed"
    return medians


def duration(seconds):
    for unit, scale in [("ns", 1e9), ("µs", 1e6), ("ms", 1e3)]:
        if seconds * scale < 1000:
            break
    digits = 2 if seconds * scale < 10 else 1 if seconds * scale < 100 else 0
    return f"{seconds * scale:.{digits}f} {unit}"


def ratio(value):
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="workloads; all of them unless named")
    parser.add_argument("--limit", type=int, default=300, help="seconds a peer may take to compile")
    parser.add_argument("--rounds", type=int, default=61, help="turns of each contestant")
    parser.add_argument("--times", type=Path, help="a file for lines of workload, contestant and seconds")
    arguments = parser.parse_args()
    # All on one processor, whoever's turn it is.
    cpu = max(os.sched_getaffinity(0))
    bench = bench_binary()
    os.sched_setaffinity(0, {cpu})
    lines = []
    print("| workload | by hand | Hesse | CasADi | JAX | ÷ hand: Hesse | CasADi | JAX |", flush=True)
    print("|---|--:|--:|--:|--:|--:|--:|--:|", flush=True)
    for name in arguments.names or WORKLOADS:
        with tempfile.TemporaryDirectory() as folder:
            medians = compare(name, bench, folder, arguments.limit, arguments.rounds)
        if isinstance(medians["Hesse"], str):
            sys.exit(f"{name}: the benchmark did not start")
        title = WORKLOADS[name][0]
        cells = [title]
        for contestant in ["by hand", "Hesse", "CasADi", "JAX"]:
            seconds = medians[contestant]
            cells.append(seconds if isinstance(seconds, str) else duration(seconds))
            if not isinstance(seconds, str):
                lines.append(f"{title}\t{contestant}\t{seconds:.6e}\n")
        for contestant in ["Hesse", "CasADi", "JAX"]:
            seconds = medians[contestant]
            cells.append("–" if isinstance(seconds, str) else ratio(seconds / medians["by hand"]))
        print(f"| {' | '.join(cells)} |", flush=True)
        if arguments.times:
            arguments.times.write_text("".join(lines))


main()
