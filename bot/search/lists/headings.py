"""What schools, foundations and SKB call the columns of their lists, and which column a heading is about.

Words that may mean anything in a list ("Opmerkingen", "Type", "Nr") are not here on purpose: what is not recognised is
shown to the person, who can say what it is.
"""

from functools import lru_cache
import re

from bot.commons.words import fold, stem
from bot.search.lists.values import words_in

__all__ = ["HEADINGS", "recognise"]

_WORDS = {
    "id": " | aanbod id | programma id | offer id | skb id | id programma | id aanbod",
    "provider": """
        organisatie organisaties organisatienaam aanbieder uitvoerder stichting partner partners partnerorganisatie
        instelling vereniging bedrijf provider organisation organization supplier | skb partner | aangeboden door
        | uitgevoerd door | aanbiedende organisatie | uitvoerende organisatie | wie biedt het aan
    """,
    "title": """
        programma programmas programmanaam programmatitel project projecten projectnaam projecttitel activiteit
        activiteiten activiteitnaam titel naam aanbod interventie workshop cursus training lesprogramma leerlijn
        traject dienst product title name program programme activity
    """,
    "summary": """
        omschrijving beschrijving samenvatting toelichting inhoud introductie intro description summary pitch
        projectomschrijving programmaomschrijving projectbeschrijving programmabeschrijving | wat is het
        | wat houdt het in | waar gaat het over | waar gaat het programma over | wat doen jullie | wervende tekst
        | short description | about the program
    """,
    "sectors": """
        sector sectoren onderwijssector onderwijssectoren onderwijssoort onderwijssoorten onderwijstype onderwijstypen
        onderwijs schooltype schooltypen schooltypes schoolsoort schoolsoorten sectors | type onderwijs
        | soort onderwijs | type school | soort school | po vo mbo | po vo | po vo mbo ho | po of vo | school type
        | education sector | education level
    """,
    "grades": """
        groep groepen klas klassen leerjaar leerjaren jaarlaag jaarlagen jaargroep jaargroepen bouw grade grades
        | welke groep | welke groepen | welke klas | welke klassen
    """,
    "audience": """
        doelgroep doelgroepen leeftijd leeftijden leeftijdsgroep leeftijdsgroepen leeftijdscategorie niveau niveaus
        onderwijsniveau onderwijsniveaus schoolniveau opleidingsniveau audience age ages | voor wie | target group
        | target groups | target audience | age group | bedoeld voor | geschikt voor | voor wie is het
        | voor wie bedoeld | voor wie is het bedoeld | voor wie is het programma | voor wie is het programma bedoeld
        | voor welke leerlingen | doelgroep leerlingen | leeftijd leerlingen
        | beschrijving doelgroep | omschrijving doelgroep
    """,
    "themes": """
        thema themas onderwerp onderwerpen categorie categorieen domein domeinen leergebied leergebieden vakgebied
        vakgebieden vak vakken aandachtsgebied theme themes topic topics subject subjects category categories
        | inhoudelijk thema
    """,
    "keywords": """
        zoekwoorden zoekwoord zoektermen trefwoorden trefwoord steekwoorden steekwoord kernwoorden sleutelwoorden tags
        tag labels hashtags keywords keyword
    """,
    "places": """
        plaats plaatsen plaatsnaam plaatsnamen stad steden regio regios gemeente gemeenten gemeentes locatie locaties
        werkgebied werkgebieden provincie provincies gebied bereik verspreidingsgebied wijk wijken stadsdeel waar
        place places location locations region regions city cities area | waar in nederland | actief in
        | beschikbaar in | waar actief | geografisch bereik | geografisch werkgebied | landelijk of regionaal
        | landelijk regionaal | landelijk lokaal
    """,
    "settings": """
        wanneer setting settings tijdstip schooltijd when | moment van de dag | binnen of buiten schooltijd
        | binnen buiten schooltijd | binnen of na schooltijd | binnen na schooltijd | binnenschools buitenschools
        | binnenschools naschools | binnenschools of buitenschools | onder of na schooltijd
    """,
    "cost": """
        kosten kost prijs prijzen tarief tarieven bijdrage deelnamekosten cost costs price prices fee
        | eigen bijdrage | wat kost het
    """,
    "cost_note": """
        kostentoelichting | toelichting kosten | kosten toelichting | toelichting bij kosten
        | toelichting op kosten | opmerking kosten | opmerkingen kosten | opmerkingen bij kosten | kosten opmerking
        | kosten opmerkingen | toelichting prijs | toelichting tarief | details kosten | cost note | cost notes
    """,
    "duration": """
        duur tijdsduur looptijd doorlooptijd periode lesduur tijdsinvestering tijdsbesteding duurt duration length
        | hoe lang | hoelang | hoe lang duurt het | hoe lang duurt het programma | duur en frequentie
    """,
    "volunteers": """
        vrijwilligers vrijwilliger volunteers | met vrijwilligers | werkt met vrijwilligers | vrijwilligers nodig
        | werken met vrijwilligers | inzet vrijwilligers | inzet van vrijwilligers | vrijwilligers ja nee
    """,
    "for_whom": """
        | vooral voor | met name voor | specifiek voor | specifieke doelgroep | bijzondere doelgroep
        | toelichting doelgroep | doelgroep toelichting | toelichting bij doelgroep | especially for | for whom
    """,
    "not_for": """
        contraindicatie contraindicaties | niet voor | niet geschikt voor | niet bedoeld voor | contra indicatie
        | contra indicaties | not for | not suitable for
    """,
    "next_step": """
        vervolgstap aanmelden aanmelding inschrijven inschrijving aanmeldprocedure | volgende stap | hoe aanmelden
        | wijze van aanmelden | aanmelden via | hoe meld je je aan | next step | how to apply | sign up
    """,
    "contact": """
        contact contacten contactpersoon contactpersonen contactgegevens contactinformatie contactadres aanspreekpunt
        email mail mailadres emailadres telefoon telefoonnummer telefoonnr tel mobiel phone | tel nr | e mail adres
        | phone number | email address | contact person | contact details
    """,
    "link": """
        link links website websites webpagina webadres weblink webpage url urls site www homepage internetadres
        | web site | web pagina
    """,
    "source": "bron bronnen source sources",
    "confidence": "zekerheid betrouwbaarheid confidence",
    "checked_on": """
        controledatum | gecontroleerd op | datum controle | datum gecontroleerd | laatst gecontroleerd
        | laatste controle | checked on | last checked
    """,
    "checked_by": "controleur | gecontroleerd door | checked by",
    "status": "status actief active | nog actief | actief ja nee",
    "full_until": " | vol tot | vol t m | volgeboekt tot | full until",
}
"""Name of a column to single words, and behind the first stroke phrases, one behind each stroke."""


def _words(text: str) -> tuple[str, ...]:
    single, *phrases = text.split("|")
    return (*single.split(), *(" ".join(phrase.split()) for phrase in phrases))


HEADINGS = {name: _words(words) for name, words in _WORDS.items()}
"""Name of a column to what people call it, folded."""

SMALL = words_in(
    "de het een van uw jullie je jouw onze ons evt eventueel eventuele verplicht optioneel svp aub the of and en"
)
"""Words of a heading that tell no columns apart."""
BESIDE = words_in(
    "korte kort beknopte volledige welke welk voor in bij op naar per e adres nummer nr naam titel school scholen"
    " leerling leerlingen deelname"
)
"""Words that often stand beside the one that says what a column is: "kosten per leerling"."""
ASKS = re.compile(
    r"(wat|welke?|wie|waar|wanneer|hoe|hoelang|namens|geef|noem|omschrijf|beschrijf|vul|voor|in|van|zijn|is|wordt|worden|werkt"
    r"|werken|met)\b"
)
"""How a heading begins that is a question of a form."""
NO_ANSWER = words_in("waar wanneer actief active when bedrijf onderwijs duurt")
"""Words that stand in questions by the way."""
NOT_OURS = words_in("actie acties contract contracten|uw naam|jouw naam|je naam|aanbieder id|partner id")
"""Headings that look like one of these words and are something else: the name of who filled in a form."""
CLASSES = frozenset(["sectors", "grades", "audience"])
"""Columns that `audience` can stand for when a heading names more than one."""
BY_THE_WAY = ("provider", "title")
"""What is named in passing, from more to less: "de kosten van het programma", "website organisatie"."""
LONGEST = 120

_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NUMBERED = re.compile(r"^\d{1,2}[a-z]?[.)]?\s+")


def _plain(heading: str) -> str:
    """A heading as words: without what stands in brackets, its number, and signs."""
    bare = _IN_BRACKETS.sub(" ", fold(heading.replace("_", " ")))
    return _NUMBERED.sub("", re.sub(r"[\W_]+", " ", bare).strip())


def _key(plain: str) -> str:
    return " ".join(stem(word) for word in plain.split(" ") if word not in SMALL)


_PLAIN = {word: name for name, words in HEADINGS.items() for word in (*words, name.replace("_", " "))}
_KEYS = {_key(word): name for word, name in _PLAIN.items()}
_LONG = [word for word in _PLAIN if len(word) >= 5]
_NOUNS = {stem(word): name for word, name in _PLAIN.items() if " " not in word}


@lru_cache(maxsize=4096)
def recognise(heading: str) -> str:
    """The name of the column that a heading is about; empty when that is not clear."""
    plain = _plain(heading) if len(heading) <= LONGEST else ""
    if not plain or plain in NOT_OURS:
        return ""
    if name := _PLAIN.get(plain) or _KEYS.get(_key(plain)):
        return name
    if len(plain) >= 5:
        from rapidfuzz import fuzz, process

        if found := process.extractOne(plain, _LONG, scorer=fuzz.ratio, score_cutoff=88):
            return _PLAIN[found[0]]
    words = [word for word in re.sub(r" per \w+$", "", plain).split(" ") if word not in SMALL]
    if all(word in BESIDE or stem(word) in _NOUNS for word in words):
        return _named(words)
    return _asked(words) if ASKS.match(plain) else ""


def _named(words: list[str]) -> str:
    """The one column that a few words name: "website organisatie" is about the website."""
    named = {name for word in words if word not in BESIDE and (name := _NOUNS.get(stem(word)))}
    if said := named.difference(BY_THE_WAY):
        return said.pop() if len(said) == 1 else "audience" if said <= CLASSES else ""
    return next((name for name in BY_THE_WAY if name in named), "")


def _asked(words: list[str]) -> str:
    """What a question asks for first: "In welke regio's is het programma actief?" asks for places."""
    named = [name for word in words if len(word) > 3 and word not in NO_ANSWER and (name := _NOUNS.get(stem(word)))]
    first = next((name for name in named if name not in BY_THE_WAY), "")
    if first or "provider" in named:
        return first or "provider"
    return "title" if "title" in named and not {"naam", "titel", "heet"}.isdisjoint(words) else ""
