from ._net import Net as Net
from ._onnx import read_onnx as read_onnx
