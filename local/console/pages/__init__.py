# SPDX-License-Identifier: MIT-0
"""The pages, by the path under the console's own and the method of a request.

Imports actions, commands, listing, live, rendering, site and view of the console, endpoint,
step_functions, functions, errors, and inspect_execution.
"""

from ..site import View
from . import act, execution, function, home, invoke, machine, start, stream

ROUTES: dict[str, dict[str, View]] = {
    "": {"GET": home.show},
    "/execution": {"GET": execution.show},
    "/execution.html": {"GET": execution.save},
    "/start": {"GET": start.show, "POST": start.start},
    "/invoke": {"GET": invoke.show, "POST": invoke.invoke},
    "/act": {"GET": act.ask, "POST": act.act},
    "/machine": {"GET": machine.show},
    "/function": {"GET": function.show},
    "/stream": {"GET": stream.stream},
    "/costs": {"GET": home.costs},
}
