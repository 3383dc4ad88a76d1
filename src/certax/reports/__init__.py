from ._files import (
    read_certificate as read_certificate,
    read_metrics as read_metrics,
    read_summary as read_summary,
    write_summary as write_summary,
)
from ._netcdf import read_solution as read_solution, write_solution as write_solution
from ._page import write_report as write_report
from ._schemas import (
    Baselines as Baselines,
    Certificate as Certificate,
    CertificateEntry as CertificateEntry,
    Hypothesis as Hypothesis,
    Reference as Reference,
    Summary as Summary,
    TrainingRecord as TrainingRecord,
    WallSeconds as WallSeconds,
    json_schema as json_schema,
    schema_names as schema_names,
)
from ._style import palette as palette
from ._text import certificate_text as certificate_text
