import numpy as np
import pytest

from certax import CertaxError
from certax.reports import read_solution, write_solution

x, t = np.linspace(-1, 1, 7), np.linspace(0, 1, 5)
field = np.sin(x[:, None] * 3) * np.exp(t)


def test_values_survive_bit_for_bit(tmp_path):
    path = write_solution(
        tmp_path / "solution.nc",
        {"x": x, "t": t},
        {"u": field},
        reference={"u": field * (1 + 1e-9)},
        residual=field**2,
        bounds={"u": (field - 0.1, field + 0.1)},
        attributes={"certificate_sha256": "ab" * 32, "seed": 3},
    )
    found = read_solution(path)
    assert found["u"].dims == ("x", "t")
    np.testing.assert_array_equal(found["u"], field)
    np.testing.assert_array_equal(found["error"], field - field * (1 + 1e-9))
    np.testing.assert_array_equal(found["residual"], field**2)
    np.testing.assert_array_equal(found["u_lower"], field - 0.1)
    np.testing.assert_array_equal(found["u_upper"], field + 0.1)
    np.testing.assert_array_equal(found["x"], x)
    assert found.attrs["certificate_sha256"] == "ab" * 32
    assert all(found[name].attrs["long_name"] for name in found.variables)
    assert all("units" in found[name].attrs for name in found.variables)


def test_no_band_unless_given(tmp_path):
    path = write_solution(tmp_path / "s.nc", {"x": x, "t": t}, {"u": field})
    assert set(read_solution(path)) == {"u"}


def test_several_fields_and_equations_have_their_own_names(tmp_path):
    fields = {"theta": np.cos(t), "omega": np.sin(t)}
    path = write_solution(
        tmp_path / "s.nc",
        {"t": t},
        fields,
        reference={"theta": np.cos(t) + 0.5},
        residual={"0": t, "1": 2 * t},
    )
    found = read_solution(path)
    assert set(found) == {
        "theta",
        "omega",
        "theta_reference",
        "theta_error",
        "residual_0",
        "residual_1",
    }
    np.testing.assert_allclose(found["theta_error"], -0.5)


def test_wrong_shape_is_refused(tmp_path):
    with pytest.raises(CertaxError, match=r"\(5, 7\)"):
        write_solution(tmp_path / "s.nc", {"x": x, "t": t}, {"u": field.T})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["x", "residual"])
def test_names_that_collide_are_refused(tmp_path, name):
    with pytest.raises(CertaxError, match=name):
        write_solution(tmp_path / "s.nc", {"x": x}, {name: x}, residual=x)


def test_failed_writing_leaves_the_former_file(tmp_path):
    path = write_solution(tmp_path / "s.nc", {"x": x}, {"u": x})
    before = path.read_bytes()
    with pytest.raises(CertaxError):
        write_solution(path, {"x": x}, {"u": t})
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_folder_that_is_not_there(tmp_path):
    with pytest.raises(CertaxError) as error:
        write_solution(tmp_path / "no" / "s.nc", {"x": x}, {"u": x})
    assert error.value.kind == "environment"


def test_no_netcdf_file(tmp_path):
    with pytest.raises(CertaxError, match="no file"):
        read_solution(tmp_path / "s.nc")
    (tmp_path / "s.nc").write_bytes(b"nonsense")
    with pytest.raises(CertaxError, match="not a NetCDF4 file"):
        read_solution(tmp_path / "s.nc")
