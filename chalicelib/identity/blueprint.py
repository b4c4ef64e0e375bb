"""Where the routes of this room are declared: one blueprint, in as many files as there are subjects."""

from chalice.app import Blueprint

bp = Blueprint(__name__)
