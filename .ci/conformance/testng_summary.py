"""Says what a TestNG run found; exits with 1 where a test failed or none passed."""

import sys
from collections import Counter
from xml.etree import ElementTree

REASON_MAX = 300


def main(path):
    counts, reasons = Counter(), Counter()
    for conformance_class in ElementTree.parse(path).iter("test"):
        for test in conformance_class.iter("test-method"):
            if test.get("is-config") == "true":
                continue
            counts[test.get("status")] += 1
            if test.get("status") != "PASS":
                reasons[test.get("status"), conformance_class.get("name"), test.get("name"), reason(test)] += 1
    for (status, name, test, why), times in sorted(reasons.items()):
        print(f"{status} {name}: {test}, {times} times\n     {why}")
    print(f"{counts['PASS']} passed, {counts['FAIL']} failed, {counts['SKIP']} skipped")
    return 1 if counts["FAIL"] or not counts["PASS"] else 0


def reason(test):
    return " ".join((test.findtext("exception/message") or "").split())[:REASON_MAX]


sys.exit(main(sys.argv[1]))
