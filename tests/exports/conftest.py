"""What tests of exports have: the API's clients on a day that does not move."""

from tests.api.conftest import as_ as as_
from tests.api.conftest import clock as clock
