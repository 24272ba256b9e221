"""The layers of the map, one file each."""

from layers._base import Column, Comparison, Layer, Rows
from layers._measures import Series, list_series
from layers._paint import HIDDEN_CLASS, Painting, freeze_breaks, freeze_published_breaks, paint
from layers._registry import get_layer, list_layers

__all__ = [
    "HIDDEN_CLASS",
    "Column",
    "Comparison",
    "Layer",
    "Painting",
    "Rows",
    "Series",
    "freeze_breaks",
    "freeze_published_breaks",
    "get_layer",
    "list_layers",
    "list_series",
    "paint",
]
