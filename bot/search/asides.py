"""What search says beside its lists: whom to ask instead, what it seeks, that a text is no search at all. All pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.chat import Button, Form, Reply

__all__ = [
    "Contact",
    "also_in_english",
    "no_list",
    "old_list",
    "person",
    "reach",
    "refused",
    "small_talk",
    "what_do_you_seek",
]


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom people can reach when the bot can't help; blank as long as nobody has filled it in."""

    name: str = ""
    how: str = ""
    hours: str = ""
    website: str = ""


def reach(contact: Contact) -> str:
    """One or two sentences on who can be asked, honest when nobody is set."""
    website = f"Alle organisaties staan op {contact.website}." if contact.website else ""
    if not contact.how:
        return f"Er is nog geen contact ingesteld. {website}".strip()
    name = contact.name or "SKB"
    return f"Vraag het aan {name}: {contact.how}. {website}".strip()


def person(contact: Contact, token: str) -> Reply:
    """Whom to reach, how and when; `token` is of the list to go back to, if there is one."""
    if contact.how:
        lines = [f"Vraag het aan {contact.name or 'SKB'}.", f"Zo bereik je ons: {contact.how}."]
        lines += [f"Wanneer: {contact.hours}."] if contact.hours else []
    else:
        lines = ["Er is nog geen contact ingesteld. Ik kan je vraag dus niet doorgeven."]
    lines += [f"Je kunt ook kijken op {contact.website}."] if contact.website else []
    lines.append("Noem geen namen van leerlingen.")
    back = (Button("Terug naar de lijst", "terug", token),) if token else ()
    return Reply("\n".join(lines), buttons=(*back, Button("Menu", "menu")))


def refused(clean: Sequence[str]) -> Reply:
    """For a text that looks like data about a pupil. `clean` is what can be searched without it."""
    search = " ".join(clean)
    buttons = [Button(f"Zoek: {search}", search)] if search and len(search.encode()) <= 60 else []
    return Reply(
        "Dit lijkt over een leerling te gaan. Ik heb niet gezocht en niets bewaard.\n"
        "Verwijder je bericht, dan ziet niemand het meer.\n"
        f"Zoek alleen op onderwerp, bijvoorbeeld: {search or 'mentoring vmbo'}.\n"
        "Maak je je zorgen om een kind? Praat met de intern begeleider of de zorgcoördinator.",
        seen_by="asker",
        buttons=(*buttons, Button("Menu", "menu")),
    )


SEEK = Button("Zoek aanbod", "zoek aanbod")
EXAMPLE = "Typ wat je zoekt, bijvoorbeeld: debat VO Utrecht."
SMALL_TALK = {
    "greeting": f"Hoi! Ik zoek programma's voor je school. {EXAMPLE}",
    "thanks": "Graag gedaan. Zoek je nog iets? Typ het gewoon.",
    "about": "Ik ben een bot van SKB. Ik zoek programma's voor scholen: in de les, na school of in het weekend.\n"
    f"Noem een onderwerp, een klas of een plaats. {EXAMPLE}",
    "unclear": f"Dat snap ik niet goed. Noem een onderwerp, een klas of een plaats. {EXAMPLE}",
    "elsewhere": f"Daar weet ik niets van. Ik ken alleen programma's voor scholen. {EXAMPLE}",
}


def also_in_english(reply: Reply) -> Reply:
    """The reply, with a word for who asked in English."""
    words = "I understand some English, but my answers are in Dutch. / Ik antwoord in het Nederlands."
    return replace(reply, footer="\n".join(filter(None, (reply.footer, words))))


def what_do_you_seek() -> Reply:
    return Reply(
        "Wat zoek je? Noem een onderwerp, een klas of een plaats.",
        form=Form("Bijvoorbeeld: debat VO Utrecht.", "zoek"),
        buttons=(Button("Menu", "menu"),),
    )


def no_list() -> Reply:
    """For "meer", "2" or "terug" when this chat has looked at nothing yet, or too long ago."""
    return Reply("Er is nu geen lijst open. Typ eerst wat je zoekt.", buttons=(SEEK, Button("Menu", "menu")))


def old_list() -> Reply:
    """For a button under a list that is not kept any more."""
    again = Button("Zoek opnieuw", "zoek opnieuw")
    return Reply("Dit is een oude lijst. Ik heb hem niet meer.", buttons=(again, Button("Menu", "menu")))


def small_talk(kind: str) -> Reply:
    """A short answer to what is no search, and the way back to searching."""
    return Reply(SMALL_TALK.get(kind, SMALL_TALK["unclear"]), buttons=(Button("Menu", "menu"),))
