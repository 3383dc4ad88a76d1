from ._boxes import Box as Box
from ._builder import input_name as input_name
from ._conditions import TracedCondition as TracedCondition
from ._configuration import (
    Configuration as Configuration,
    TrainingSettings as TrainingSettings,
)
from ._constants import Exact as Exact
from ._derivatives import derivatives as derivatives
from ._errors import CertaxError as CertaxError
from ._errors import sentence as sentence
from ._exact import (
    enclosure as enclosure,
)
from ._exact import (
    expression as expression,
)
from ._exact import (
    to_float as to_float,
)
from ._fields import (
    Field as Field,
)
from ._fields import (
    derivative_names as derivative_names,
)
from ._fields import (
    highest_order as highest_order,
)
from ._fields import (
    multi_indices as multi_indices,
)
from ._files import write_atomically as write_atomically
from ._functions import cospi as cospi
from ._functions import sinpi as sinpi
from ._programs import (
    Input as Input,
)
from ._programs import (
    Program as Program,
)
from ._programs import (
    canonical as canonical,
)
from ._programs import (
    evaluate as evaluate,
)
from ._programs import (
    operation_names as operation_names,
)
from ._programs import (
    sha256 as sha256,
)
from ._progress_events import (
    Progress as Progress,
)
from ._progress_events import (
    SearchProgress as SearchProgress,
)
from ._progress_events import (
    StageProgress as StageProgress,
)
from ._progress_events import (
    TrainingProgress as TrainingProgress,
)
from ._runs import RunFolder as RunFolder
from ._tracing import trace as trace
