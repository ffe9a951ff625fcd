"""The export for other directories: it is HSDS, it says what we know and nothing else, and it stays the same."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
import json
from pathlib import Path
import re
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.search.cards import STARTER_LABEL
from bot.search.catalogue import NATIONWIDE, Catalogue, Cost, Offer, Provider, Relation, Sector, Status
from bot.search.hsds import VERSION, as_hsds, write_hsds
from bot.search.ranking import Search

# What the JSON schemas of HSDS 3.1 say about the objects we write: each property and its type ([x]: a list of x).
SCHEMA = {
    "page": """total_items:integer total_pages:integer page_number:integer size:integer first_page:boolean
        last_page:boolean empty:boolean contents:[service] version:string description:string""",
    "service": """id:uuid organization_id:uuid program_id:uuid name:string alternate_name:string description:string
        url:uri additional_urls:[url] email:email status:status interpretation_services:string
        application_process:string fees_description:string accreditations:string eligibility_description:string
        minimum_age:number maximum_age:number assured_date:date assurer_email:email alert:string last_modified:date-time
        phones:[phone] service_areas:[service_area] organization:organization cost_options:[cost_option]
        contacts:[contact] attributes:[attribute]""",
    "organization": """id:uuid name:string alternate_name:string description:string email:email website:uri
        legal_status:string logo:string uri:uri contacts:[contact] phones:[phone] attributes:[attribute]""",
    "service_area": "id:uuid name:string description:string extent:string extent_type:string uri:string",
    "cost_option": """id:uuid valid_from:date valid_to:date option:string currency:string amount:number
        amount_description:string""",
    "contact": "id:uuid name:string title:string department:string email:email phones:[phone]",
    "phone": "id:uuid number:string extension:number type:string description:string",
    "attribute": """id:uuid link_id:uuid taxonomy_term_id:uuid link_type:string link_entity:string value:string
        taxonomy_term:taxonomy_term label:string""",
    "taxonomy_term": """id:uuid code:string name:string description:string parent_id:uuid taxonomy:string
        language:string taxonomy_id:uuid term_uri:uri""",
}
PROPERTIES = {name: dict(part.split(":", 1) for part in parts.split()) for name, parts in SCHEMA.items()}
REQUIRED = {
    "page": {"empty", "total_items", "total_pages", "page_number", "size", "first_page", "last_page"},
    "service": {"id", "name", "status"},
    "organization": {"id", "name", "description"},
    "phone": {"id", "number"},
    "taxonomy_term": {"id", "name", "description"},
}
STATUSES = {"active", "inactive", "defunct", "temporarily closed"}
URI = re.compile(r"https?://(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*")
EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def faults(value: Any, kind: str = "page", path: str = "") -> Iterator[str]:
    """Everything in which a value is not what the schema says."""
    if kind.startswith("["):
        assert isinstance(value, list), path
        for number, item in enumerate(value):
            yield from faults(item, kind[1:-1], f"{path}[{number}]")
    elif kind in PROPERTIES:
        yield from (f"{path}: no {name}" for name in REQUIRED.get(kind, {"id"}) - value.keys())
        for name, item in value.items():
            if name not in PROPERTIES[kind]:
                yield f"{path}: there is no {name}"
            else:
                yield from faults(item, PROPERTIES[kind][name], f"{path}.{name}")
    elif not _is(value, kind):
        yield f"{path}: {value!r} is no {kind}"


def _is(value: Any, kind: str) -> bool:
    if kind in ("number", "integer", "boolean"):
        return type(value) is (bool if kind == "boolean" else int)
    if not isinstance(value, str) or not value:
        return False
    if kind == "uuid":
        return str(UUID(value)) == value
    if kind == "date":
        return date.fromisoformat(value).isoformat() == value
    if kind == "status":
        return value in STATUSES
    pattern = {"uri": URI, "email": EMAIL}.get(kind)
    return pattern is None or bool(pattern.fullmatch(value))


OFFER = Offer(
    id="kme67p3t",
    provider="De Bron",
    title="Debat op school",
    summary="Leerlingen leren debatteren.",
    sectors=(Sector.VO,),
    grades=("klas 1-2",),
    themes=("debatteren",),
    keywords=("stelling", "lagerhuis"),
    places=("Utrecht", NATIONWIDE),
    settings=("na schooltijd",),
    cost=Cost.PAID,
    cost_note="50 euro per klas",
    duration="3 lessen",
    volunteers=False,
    for_whom="wie graag praat",
    not_for="avondscholen",
    next_step="Bel ons.",
    contact="Team scholen, 030-123 45 67, scholen@bron.example",
    link="https://bron.example/debat op school",
    source="jaarverslag",
    confidence="high",
    checked_on=date(2026, 8, 7),
    checked_by="Een medewerker",
)
PROVIDER = Provider("De Bron", Relation.PARTNER, ("Bron", "DB"), "https://bron.example")


def service(**changes: Any) -> dict[str, Any]:
    page = as_hsds(Catalogue((replace(OFFER, **changes),), (PROVIDER,)))
    assert list(faults(page)) == []
    (only,) = page["contents"]
    return dict(only)


def test_everything_we_know_has_its_place_and_its_ids_never_change() -> None:
    found = service()
    attributes = [
        (item["taxonomy_term"]["taxonomy"], item["taxonomy_term"]["name"], item.get("value"))
        for item in found.pop("attributes")
    ]
    assert attributes == [
        ("Thema's", "debatteren", None),
        ("Sectoren", "middelbare school", None),
        ("Wanneer", "na schooltijd", None),
        ("Gegevens", "Kenmerk", "kme67p3t"),
        ("Gegevens", "Zoekwoorden", "stelling; lagerhuis"),
        ("Gegevens", "Duur", "3 lessen"),
        ("Gegevens", "Vrijwilligers", "nee"),
        ("Gegevens", "Bron", "jaarverslag"),
    ]
    phones = [{"id": "bc9eda34-735c-5b2b-a5e7-202a4104a895", "number": "030-123 45 67"}]
    assert found == {
        "id": "c2066813-ca96-502a-9bf2-ea94dd3a1d78",
        "name": "Debat op school",
        "description": "Leerlingen leren debatteren.",
        "url": "https://bron.example/debat%20op%20school",
        "email": "scholen@bron.example",
        "status": "active",
        "application_process": "Bel ons.",
        "fees_description": "Kost geld (50 euro per klas)",
        "eligibility_description": "Voor: klas 1-2\nVooral voor: wie graag praat\nNiet voor: avondscholen",
        "assured_date": "2026-08-07",
        "phones": phones,
        "contacts": [
            {
                "id": "d027c96c-e89e-5f8e-bfb3-d9711fee4f16",
                "name": "Team scholen, 030-123 45 67, scholen@bron.example",
                "email": "scholen@bron.example",
                "phones": phones,
            }
        ],
        "cost_options": [{"id": "ce66cc61-96d3-52dc-8b8d-79d77771ccbb", "amount_description": "50 euro per klas"}],
        "service_areas": [
            {"id": "618c038f-e9f9-5cef-8812-4f4320569f0f", "name": "Utrecht"},
            {"id": "44d34bc0-059d-5828-b55a-b3b2497e6539", "name": "Nederland"},
        ],
        "organization": {
            "id": "082ca6cf-14a6-5c76-8778-089f709aa501",
            "name": "De Bron",
            "alternate_name": "Bron, DB",
            "description": "Partner van SKB.",
            "website": "https://bron.example",
        },
    }


def test_the_starter_list_is_valid_and_says_what_it_is(search: Search) -> None:
    page = as_hsds(replace(search.catalogue, starter=True))
    assert list(faults(page)) == []
    assert page["total_items"] == page["size"] == len(page["contents"]) == 130
    assert page["version"] == VERSION
    assert page["description"] == STARTER_LABEL
    assert all(service["description"].endswith(STARTER_LABEL) for service in page["contents"])
    ids = [service["id"] for service in page["contents"]]
    assert len(set(ids)) == len(ids)


def test_only_what_anybody_may_see() -> None:
    offers = [
        OFFER,
        replace(OFFER, id="aaaaaaaa", status=Status.ENDED),
        replace(OFFER, id="bbbbbbbb", status=Status.HIDDEN),
        replace(OFFER, id="cccccccc", provider="Weg"),
    ]
    page = as_hsds(Catalogue(tuple(offers), (PROVIDER, Provider("Weg", hidden=True))))
    assert [found["name"] for found in page["contents"]] == ["Debat op school"]
    written = json.dumps(page)
    assert "Weg" not in written
    assert "Een medewerker" not in written  # who checked is nobody else's business


def test_an_empty_list_is_an_empty_page() -> None:
    page = as_hsds(Catalogue())
    assert list(faults(page)) == []
    assert page["empty"]
    assert page["contents"] == []


@pytest.mark.parametrize(
    ("changes", "alert"),
    [
        ({"status": Status.ACTIVE}, None),
        ({"status": Status.PILOT}, "Dit is een proef (pilot)."),
        ({"status": Status.FULL}, "Nu vol."),
        ({"status": Status.FULL, "full_until": date(2026, 12, 1)}, "Vol tot 1 december 2026."),
    ],
)
def test_what_is_going_on_is_an_alert(changes: dict[str, Any], alert: str | None) -> None:
    found = service(**changes)
    assert (found["status"], found.get("alert")) == ("active", alert)


@pytest.mark.parametrize(
    ("cost", "note", "fees", "option"),
    [
        (Cost.FREE, "", "Gratis", {"amount": 0, "currency": "EUR"}),
        (
            Cost.FREE,
            "tot 2027",
            "Gratis (tot 2027)",
            {"amount": 0, "currency": "EUR", "amount_description": "tot 2027"},
        ),
        (Cost.PAID, "", "Kost geld", None),
        (Cost.UNKNOWN, "", None, None),
        (Cost.UNKNOWN, "vraag het na", "vraag het na", None),
    ],
)
def test_no_price_is_made_up(cost: Cost, note: str, fees: str | None, option: dict[str, Any] | None) -> None:
    found = service(cost=cost, cost_note=note)
    options = [{name: item[name] for name in item if name != "id"} for item in found.get("cost_options", [])]
    assert found.get("fees_description") == fees
    assert options == ([option] if option else [])


@pytest.mark.parametrize(
    ("grades", "ages"),
    [
        (("10-14 jaar",), (10, 14)),
        (("8-9 jaar", "12 jaar"), (8, 12)),
        (("groep 8",), (None, None)),
        (("10-14 jaar", "docenten"), (None, None)),
        ((), (None, None)),
    ],
)
def test_ages_only_where_they_are_certain(grades: tuple[str, ...], ages: tuple[int | None, int | None]) -> None:
    found = service(grades=grades)
    assert (found.get("minimum_age"), found.get("maximum_age")) == ages


def test_without_a_grade_it_is_for_the_sector() -> None:
    found = service(grades=(), for_whom="", not_for="", sectors=(Sector.PO, Sector.MBO))
    assert found["eligibility_description"] == "Voor: basisschool, mbo"


@pytest.mark.parametrize(
    ("contact", "name", "email", "numbers"),
    [
        ("info@bron.example", None, "info@bron.example", []),
        ("+31 (0)20 123 45 67", None, None, ["+31 (0)20 123 45 67"]),
        ("06-12345678 of 030 1234567", "06-12345678 of 030 1234567", None, ["06-12345678", "030 1234567"]),
        ("https://bron.example/contact", "https://bron.example/contact", None, []),
        ("Bel op 01-02-2026", "Bel op 01-02-2026", None, []),
        ("", None, None, []),
    ],
)
def test_whom_to_ask(contact: str, name: str | None, email: str | None, numbers: list[str]) -> None:
    found = service(contact=contact)
    (whom,) = found.get("contacts", [{}])
    assert (whom.get("name"), whom.get("email"), found.get("email")) == (name, email, email)
    assert [phone["number"] for phone in found.get("phones", [])] == numbers


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://één.example/ñ?q=a b&c=100%", "https://%C3%A9%C3%A9n.example/%C3%B1?q=a%20b&c=100%25"),
        ("https://bron.example/a%20b#top", "https://bron.example/a%20b#top"),
        ("bron.example", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_a_url_is_a_uri_or_is_left_out(link: str, url: str | None) -> None:
    assert service(link=link).get("url") == url


TEXTS = st.text(max_size=20)
LISTS = st.lists(TEXTS.filter(bool), max_size=3, unique=True).map(tuple)


@given(
    st.builds(
        Offer,
        id=st.text(min_size=1),
        provider=TEXTS.filter(bool),
        title=TEXTS.filter(bool),
        grades=LISTS,
        themes=LISTS,
        keywords=LISTS,
        places=LISTS,
        settings=LISTS,
        sectors=st.lists(st.sampled_from(Sector), unique=True).map(tuple),
        cost=st.sampled_from(Cost),
        status=st.sampled_from(Status),
        volunteers=st.sampled_from([True, False, None]),
        checked_on=st.none() | st.dates(),
        full_until=st.none() | st.dates(),
        link=TEXTS | TEXTS.map("https://".__add__),
        **dict.fromkeys(["summary", "cost_note", "duration", "for_whom", "not_for", "next_step", "contact"], TEXTS),
    )
)
def test_whatever_an_offer_says_it_is_valid(offer: Offer) -> None:
    assert list(faults(as_hsds(Catalogue((offer,))))) == []


def test_a_file_holds_the_same_a_service_a_line(tmp_path: Path) -> None:
    catalogue = Catalogue((OFFER, replace(OFFER, id="aaaaaaaa", title="Café “é”")), (PROVIDER,))
    path = tmp_path / "aanbod.json"
    write_hsds(path, catalogue)
    text = path.read_text(encoding="utf-8")
    assert json.loads(text) == as_hsds(catalogue)
    assert len(text.splitlines()) == 4
    assert "Café “é”" in text
    with pytest.raises(FileExistsError):
        write_hsds(path, Catalogue())
    write_hsds(path, Catalogue(), overwrite=True)
    assert json.loads(path.read_text(encoding="utf-8"))["empty"]
    assert list(tmp_path.iterdir()) == [path]
