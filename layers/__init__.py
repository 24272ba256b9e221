"""The layers of the map, one file each."""

from layers._base import Column, Layer, Rows
from layers._paint import Painting, freeze_breaks, paint
from layers._registry import get_layer, list_layers

__all__ = [
    "Column",
    "Layer",
    "Painting",
    "Rows",
    "freeze_breaks",
    "get_layer",
    "list_layers",
    "paint",
]
