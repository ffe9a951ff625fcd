"""The example list that comes with the bot, read like any list that somebody sends, only that nothing may be wrong."""

from dataclasses import replace
from pathlib import Path

from bot.search.catalogue import Catalogue
from bot.search.changes import after, make_plan
from bot.search.importing import Options, read_list
from bot.search.lists.columns import Knowledge
from bot.search.lists.drafts import Fault
from bot.search.partners import plan_partners

__all__ = ["Faulty", "read_starter"]


class Faulty(Exception):  # noqa: N818  # it carries all of them
    """Everything that is wrong with the files, one sentence each with file, row and column."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = tuple(sentences)


def read_starter(offers_csv: Path, providers_csv: Path, knowledge: Knowledge) -> Catalogue:
    """The catalogue of the two files, marked as the example list. Raises tables.Unreadable and Faulty."""
    partners = plan_partners(providers_csv, Catalogue(), knowledge)
    known = after(Catalogue(), partners.change)
    reading = read_list(offers_csv, known, knowledge, Options())
    plan = make_plan(offers_csv.name, reading, known, Options(keep_doubles=True))
    faults = _sentences(providers_csv.name, partners.left_out, (*partners.rejected, *partners.remarks))
    faults += _sentences(offers_csv.name, plan.left_out, (*plan.rejected, *plan.remarks))
    faults += [f"{offers_csv.name}, {double.draft.where}: staat ook op {double.of}." for double in plan.doubles]
    faults += [
        f"{offers_csv.name}: “{new.name}” heeft geen rij in {providers_csv.name}. Voeg die toe."
        for new in plan.new_providers
    ]
    if faults:
        raise Faulty(faults)
    catalogue = after(known, plan.change)
    return replace(catalogue, providers=tuple(replace(one, starter=True) for one in catalogue.providers), starter=True)


def _sentences(file: str, left_out: tuple[str, ...], faults: tuple[Fault, ...]) -> list[str]:
    return [f"{file}: {text}" for text in left_out] + [f"{file}, {fault}" for fault in faults]
