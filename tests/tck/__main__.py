"""make tck TCK=<folder>: run a folder of test cases in the format of the public DMN TCK."""

import sys

from tests.tck.runner import main

sys.exit(main(sys.argv[1:]))
