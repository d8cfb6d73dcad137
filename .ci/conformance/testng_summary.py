"""Says what a TestNG run found; exits with 1 where a test failed or none passed."""

import sys
from collections import Counter
from xml.etree import ElementTree

REASON_MAX = 300


def main(path):
    counts = Counter()
    for conformance_class in ElementTree.parse(path).iter("test"):
        for test in conformance_class.iter("test-method"):
            if test.get("is-config") == "true":
                continue
            counts[test.get("status")] += 1
            if test.get("status") != "PASS":
                tell(conformance_class.get("name"), test)
    print(f"{counts['PASS']} passed, {counts['FAIL']} failed, {counts['SKIP']} skipped")
    return 1 if counts["FAIL"] or not counts["PASS"] else 0


def tell(conformance_class, test):
    message = " ".join((test.findtext("exception/message") or "").split())
    parameters = [" ".join((value.text or "").split()) for value in test.iterfind("params/param/value")]
    print(f"{test.get('status')} {conformance_class}: {test.get('name')} {' '.join(parameters)[:REASON_MAX]}")
    print(f"     {message[:REASON_MAX]}")


sys.exit(main(sys.argv[1]))
