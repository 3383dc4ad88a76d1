from ._description import read_description as read_description
from ._net import Net as Net
from ._onnx import read_onnx as read_onnx
from ._read import read_net as read_net
