"""What the bot says about itself, whatever was asked: who it is, what it keeps, what it can't do. All pure."""

from bot.chat import Button, Reply

__all__ = [
    "INTRODUCTION",
    "UNREADABLE",
    "greeting",
    "menu",
    "privacy",
    "settings",
    "stop",
    "unreadable",
    "welcome",
    "welcome_back",
]

WHO = "Ik ben een bot van SKB. In SKB werken maatschappelijke organisaties samen voor gelijke kansen."
NO_PUPILS = "Noem geen namen van leerlingen of studenten. We bewaren je vraag niet bij je naam."
INTRODUCTION = f"Ik ben een bot van SKB. {NO_PUPILS}"
"""For under the first answer to somebody who began without a word of welcome."""
EXAMPLE = "debat VO Utrecht"

TRY = Button(f"Voorbeeld: {EXAMPLE}", f"zoek {EXAMPLE}")
SEEK = Button("Zoek aanbod", "zoek aanbod")
PERSON = Button("Vraag een mens", "vraag een mens")
HELP = Button("Help", "help")
PRIVACY = Button("Privacy", "privacy")
MENU = Button("Menu", "menu")


def welcome(name: str) -> Reply:
    """The first thing somebody reads."""
    return Reply(
        f"Hoi{_called(name)}! {WHO}\n"
        "Ik zoek programma's voor je school: in de les, na school of in het weekend.\n"
        f"Typ wat je zoekt. Bijvoorbeeld: {EXAMPLE}.\n{NO_PUPILS}",
        buttons=(TRY, SEEK, PERSON, HELP),
    )


def greeting(what: str) -> Reply:
    """For who comes in through a link: `what` is shown below it."""
    return Reply(f"Welkom! {WHO}\n{what}\n{NO_PUPILS}")


def welcome_back(name: str) -> Reply:
    return Reply(f"Welkom terug{_called(name)}! Typ wat je zoekt. Bijvoorbeeld: {EXAMPLE}.", buttons=menu().buttons)


def menu() -> Reply:
    return Reply("Wat wil je doen?", buttons=(SEEK, PERSON, HELP, PRIVACY))


def privacy(website: str) -> Reply:
    elsewhere = f"\nLiever geen chat? Alle organisaties staan op {website}." if website else ""
    return Reply(
        f"{NO_PUPILS}\n"
        "Ik onthoud 30 minuten wat je zocht, voor een vervolgvraag. Je laatste lijst onthoud ik 24 uur.\n"
        "De lijst zelf bewaar ik 7 dagen, zonder wie erom vroeg.\n"
        "Tot ik antwoord geef, staat je vraag bij je account. Dat duurt hooguit 10 minuten.\n"
        "Ik onthoud dat je account mij kent. Dan stel ik me niet twee keer voor.\n"
        "Vindt niemand iets op een onderwerp? Dan tel ik alleen het onderwerp, de provincie en de maand."
        f"{elsewhere}",
        buttons=(MENU,),
    )


def settings() -> Reply:
    text = "Je hoeft nog niets in te stellen. Ik stuur je geen berichten uit mezelf."
    return Reply(text, buttons=(PRIVACY, MENU))


def stop() -> Reply:
    text = "Ik stuur je geen berichten uit mezelf. Je hoeft dus niets te stoppen. Zoeken kan altijd."
    return Reply(text, buttons=(MENU,))


UNREADABLE = {
    "voice": "Ik kan niet luisteren, alleen lezen.",
    "picture": "Ik kan geen foto's bekijken, alleen lezen.",
    "file": "Ik kan dit bestand niet openen, alleen lezen wat je typt.",
    "sticker": "Leuk! Maar ik kan alleen lezen wat je typt.",
    "location": "Ik gebruik je locatie niet en bewaar hem niet. Typ liever je plaats.",
}


def unreadable(kind: str) -> Reply:
    """For what came instead of words."""
    return Reply(
        f"{UNREADABLE[kind]}\nTyp je vraag. Bijvoorbeeld: stage vmbo Utrecht.",
        buttons=(PERSON, MENU),
    )


def _called(name: str) -> str:
    return f" {name}" if name else ""
