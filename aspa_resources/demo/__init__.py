"""Demonstration deliveries: invented feedback in the suppliers' shapes, with the truth beside.

Belongs here: everything that makes a delivery up. Does not belong here: anything that reads, judges
or cleans one; the demonstration shares no code with the steps that it lets people measure.
"""

from aspa_resources.demo.deliveries import DemoSummary, write_demo_deliveries

__all__ = ["DemoSummary", "write_demo_deliveries"]
