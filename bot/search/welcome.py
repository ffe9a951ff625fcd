"""What the bot says about itself and its own lists, whatever was asked."""

from bot.chat import Button, Form, Reply

__all__ = ["menu", "no_list", "old_list", "privacy", "stop", "welcome", "what_do_you_seek"]

NO_PUPILS = "Noem geen namen van leerlingen of studenten. We bewaren je vraag niet bij je naam."
EXAMPLE = "debat VO Utrecht"

SEEK = Button("Zoek aanbod", "zoek")
PERSON = Button("Vraag een mens", "vraag een mens")
HELP = Button("Help", "help")
PRIVACY = Button("Privacy", "privacy")
MENU = Button("Menu", "menu")


def welcome() -> Reply:
    return Reply(
        "Hoi! Ik ben een bot van SKB. In SKB werken maatschappelijke organisaties samen voor gelijke kansen.\n"
        "Ik zoek programma's voor je school: in de les, na school of in het weekend.\n"
        f"Typ wat je zoekt. Bijvoorbeeld: {EXAMPLE}.\n{NO_PUPILS}",
        buttons=(SEEK, PERSON, HELP, PRIVACY),
    )


def menu() -> Reply:
    return Reply("Wat wil je doen?", buttons=(SEEK, PERSON, HELP, PRIVACY))


def what_do_you_seek() -> Reply:
    return Reply(
        "Wat zoek je? Noem een onderwerp, een klas of een plaats.",
        form=Form(f"Bijvoorbeeld: {EXAMPLE}.", "zoek"),
        buttons=(MENU,),
    )


def privacy(website: str) -> Reply:
    elsewhere = f"\nLiever geen chat? Alle organisaties staan op {website}." if website else ""
    return Reply(
        f"{NO_PUPILS}\n"
        "Ik onthoud 30 minuten wat je zocht, voor een vervolgvraag. Je laatste lijst onthoud ik 24 uur.\n"
        "De lijst zelf bewaar ik 7 dagen, zonder wie erom vroeg.\n"
        "Vindt niemand iets op een onderwerp? Dan tel ik alleen het onderwerp, de provincie en de maand."
        f"{elsewhere}",
        buttons=(MENU,),
    )


def stop() -> Reply:
    text = "Ik stuur je geen berichten uit mezelf. Je hoeft dus niets te stoppen. Zoeken kan altijd."
    return Reply(text, buttons=(MENU,))


def no_list() -> Reply:
    """For "meer", "2" or "terug" when this chat has looked at nothing yet, or too long ago."""
    return Reply("Er is nu geen lijst open. Typ eerst wat je zoekt.", buttons=(SEEK, MENU))


def old_list() -> Reply:
    """For a button under a list that is not kept any more."""
    return Reply("Dit is een oude lijst. Ik heb hem niet meer.", buttons=(Button("Zoek opnieuw", "zoek opnieuw"), MENU))
