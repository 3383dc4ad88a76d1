from ._ball import Annulus as Annulus, Ball as Ball
from ._box import Box as Box
from ._combination import Combination as Combination
from ._mesh import Mesh as Mesh
from ._polygon import Polygon as Polygon
from ._product import Product as Product
from ._shape import (
    AbstractShape as AbstractShape,
    BoundaryPoints as BoundaryPoints,
    Measure as Measure,
)
from ._shape_files import shape_from_json as shape_from_json
from ._words import in_words as in_words
