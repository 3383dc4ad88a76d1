from ._primitives import primitives_page as primitives_page
from ._problems import problems_page as problems_page
from ._scaling import scaling_page as scaling_page
from ._status import status_page as status_page
from ._villani import villani_page as villani_page
