"""How fast the machine is now, whoever else uses it: virtual cores share theirs with strangers, who slow them down by
up to half for seconds at a time, and not every target by as much."""

import math
import os
import time

# Of work that fits the innermost cache: some 20 ms, so that short interrupts do not show.
ITERATIONS = 200_000
FIRST_READINGS = 50
# Two readings of a quiet core differ by a twentieth.
QUIET = 1.15
LOOK_AGAIN_SECONDS = 0.5


class Yardstick:
    """Reads how fast cores are, beside what is measured and never from it, with some patience for each measurement."""

    def __init__(self, cores, patience_seconds):
        self.fastest = dict.fromkeys(cores, math.inf)
        self.patience = patience_seconds
        self.repeated = 0
        self.disturbed = 0
        for _ in range(FIRST_READINGS):
            self.are_quiet(cores)

    def undisturbed(self, cores, measure):
        """What `measure()` returns between two readings that are quiet; between any once patience has run out."""
        patience_ends = time.monotonic() + self.patience
        while True:
            while time.monotonic() < patience_ends and not self.are_quiet(cores):
                time.sleep(LOOK_AGAIN_SECONDS)
            result = measure()
            if self.are_quiet(cores):
                return result
            if time.monotonic() >= patience_ends:
                self.disturbed += 1
                return result
            self.repeated += 1

    def are_quiet(self, cores):
        return max([self._slowness(core) for core in cores]) <= QUIET

    def _slowness(self, core):
        usual = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {int(core)})
        try:
            start = time.thread_time()
            total = 0
            for number in range(ITERATIONS):
                total += number * number & 7
            taken = time.thread_time() - start
        finally:
            os.sched_setaffinity(0, usual)
        self.fastest[core] = min(self.fastest[core], taken)
        return taken / self.fastest[core]
