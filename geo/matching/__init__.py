"""The matching of rows of a file with the rows of a register."""

from geo.matching.candidates import Candidates, find_candidates
from geo.matching.decide import Decision, decide
from geo.matching.explain import Explanation, Reason, explain, explain_all, list_reasons
from geo.matching.names import normalise_name
from geo.matching.people import People, Person
from geo.matching.rules import KINDS
from geo.matching.weights import JOIN_FROM, REVIEW_FROM

__all__ = [
    "JOIN_FROM",
    "KINDS",
    "REVIEW_FROM",
    "Candidates",
    "Decision",
    "Explanation",
    "People",
    "Person",
    "Reason",
    "decide",
    "explain",
    "explain_all",
    "find_candidates",
    "list_reasons",
    "normalise_name",
]
