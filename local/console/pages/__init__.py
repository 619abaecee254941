# SPDX-License-Identifier: MIT-0
"""The pages, by the path under the console's own and the method of a request."""

from ..site import View
from . import execution, home

ROUTES: dict[str, dict[str, View]] = {
    "": {"GET": home.show},
    "/execution": {"GET": execution.show},
    "/execution.html": {"GET": execution.save},
    "/costs": {"GET": home.costs},
}
