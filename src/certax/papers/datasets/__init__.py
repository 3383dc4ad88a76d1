"""Images and tables that the experiments use, from local folders or made."""

from ._cifar import cifar10 as cifar10
from ._digits import breast_cancer as breast_cancer, digits as digits
from ._idx import idx_images as idx_images, read_idx as read_idx
from ._known import check_data as check_data, dataset as dataset
from ._labeled import Dataset as Dataset, Labeled as Labeled
