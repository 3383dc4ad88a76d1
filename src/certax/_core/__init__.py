from ._builder import input_name as input_name
from ._conditions import TracedCondition as TracedCondition
from ._configuration import (
    Configuration as Configuration,
    NetworkSettings as NetworkSettings,
    TrainingSettings as TrainingSettings,
)
from ._constants import Exact as Exact
from ._derivatives import (
    closed_downwards as closed_downwards,
    derivatives as derivatives,
)
from ._errors import (
    CertaxError as CertaxError,
    sentence as sentence,
    training_failure as training_failure,
)
from ._exact import (
    enclosure as enclosure,
    expression as expression,
    to_float as to_float,
)
from ._fields import (
    Field as Field,
    derivative_names as derivative_names,
    highest_order as highest_order,
    most_derivatives as most_derivatives,
    multi_indices as multi_indices,
)
from ._files import write_atomically as write_atomically
from ._functions import cospi as cospi, sinpi as sinpi
from ._geometry import (
    AbstractShape as AbstractShape,
    Annulus as Annulus,
    Ball as Ball,
    BoundaryPoints as BoundaryPoints,
    Box as Box,
    Measure as Measure,
    Mesh as Mesh,
    Polygon as Polygon,
    Product as Product,
    in_words as in_words,
    shape_from_json as shape_from_json,
)
from ._infix import infix as infix
from ._programs import (
    Input as Input,
    Program as Program,
    canonical as canonical,
    evaluate as evaluate,
    operation_names as operation_names,
    sha256 as sha256,
)
from ._progress_events import (
    Progress as Progress,
    SearchProgress as SearchProgress,
    StageProgress as StageProgress,
    TrainingProgress as TrainingProgress,
)
from ._rules import (
    families as families,
    inlined as inlined,
    recognized as recognized,
    refused as refused,
)
from ._runs import RunFolder as RunFolder
from ._sobol import sobol_points as sobol_points
from ._tracing import trace as trace, trace_function as trace_function
from ._verdicts import (
    Evidence as Evidence,
    Verdict as Verdict,
    VerdictStatus as VerdictStatus,
    graded as graded,
    verdict_from as verdict_from,
)
