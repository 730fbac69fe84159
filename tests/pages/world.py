"""A small city to look at, and signing in to it."""

from dataclasses import dataclass
from datetime import date

from django.test import Client

from certification.totals.checkpoint import fold
from enterprises.models import Account, Enterprise

from ..factories import FAR_TOWN, NOW, OTHER_TOWN, TOWN, achievement, enterprise

BACKEND = "django.contrib.auth.backends.ModelBackend"


def sign_in(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


@dataclass(frozen=True)
class World:
    """Four enterprises: two counted after the opening (wujin), one inside it, one in another unit."""

    first: Enterprise
    second: Enterprise
    inside: Enterprise
    far: Enterprise


def make() -> World:
    made = World(
        first=enterprise(name="常州砚舟精密机械有限公司", township=TOWN),
        second=enterprise(name="常州霁屿（集团）新材料有限公司", township=OTHER_TOWN),
        inside=enterprise(name="常州弦岚软件有限公司", township=TOWN),
        far=enterprise(name="溧阳昙禾电气有限公司", township=FAR_TOWN),
    )
    achievement(made.first, "guanbiao.implementation", date(2017, 3, 1))
    achievement(made.second, "guanbiao.implementation", date(2019, 6, 30))
    achievement(made.inside, "guanbiao.implementation", date(2014, 5, 5))
    achievement(made.far, "guanbiao.implementation", date(2018, 1, 15))
    achievement(made.first, "guanbiao.evaluation", date(2018, 6, 1))
    achievement(made.far, "guanbiao.certification", date(2019, 2, 2), certificate_number="CERT-0001")
    fold(at=NOW)
    return made
