"""Every operation that changes something, as somebody does it on the stage: one for each mutating route and each
scheduled handler, more where a route has several ways through it. Each room declares its own.

The simulations run each of them into every fault at every AWS call, and every two of them interleaved.
"""

from chalicelib.events import RELAY
from tests.simulation.operation import OPERATIONS, Answer, Operation, event
from tests.simulation.rooms import of_each_room

__all__ = ["OPERATIONS", "Answer", "Operation"]
of_each_room("operations")
event("relay", "relay_events", waiting=RELAY)  # last, as the other sweeps give it work
