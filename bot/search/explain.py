"""How a question was understood and ranked: one JSON object for machines, or an explanation for who tunes."""

from typing import Any

from bot.search.catalogue import Cost
from bot.search.query import Query, describe
from bot.search.ranking import Answer, Search
from bot.search.scoring import score

__all__ = ["MOST_RESULTS", "as_json", "explain"]

MOST_RESULTS = 20


def as_json(text: str, search: Search, answer: Answer, said: str) -> dict[str, Any]:
    """One object of `skb-bot ask --json`. `said` is the reply as a person would read it."""
    return {
        "query": text,
        "outcome": answer.outcome,
        "understood": _understood(answer.query, search),
        "total": answer.total,
        "results": [
            {
                "id": match.offer.id,
                "offer": match.offer.title,
                "provider": match.offer.provider,
                "group": str(match.group),
                "score": match.score,
                "why": list(match.why),
            }
            for match in answer.matches[:MOST_RESULTS]
        ],
        "text": said,
    }


def _understood(query: Query, search: Search) -> dict[str, Any]:
    lexicon, themes = search.lexicon, search.vocabulary.themes
    labels = [place.label for one in (query.places or query.readings) if (place := search.gazetteer.get(one))]
    return {
        "themes": [themes[theme].name for theme in query.themes],
        "sectors": [str(sector) for sector in query.sectors],
        "grades": list(query.grades),
        "tracks": list(query.tracks),
        "place": " of ".join(labels) or None,
        "settings": list(query.settings),
        "cost": str(query.cost) if query.cost else None,
        "volunteers": query.volunteers,
        "provider": " of ".join(query.providers) or None,
        "offer": " of ".join(lexicon.title(offer) for offer in (*query.offers, *query.hinted)) or None,
        "words": list(query.words),
    }


def explain(text: str, search: Search) -> str:
    """The whole reasoning: what was read, what was asked, and every part of every score."""
    query = search.understand(text)
    answer = search.rank(query)
    lines = [f"Question: {text}", f"Kind: {query.kind} {query.small_talk}".rstrip()]
    lines += [f"Repaired: {typed} → {read}" for typed, read in query.repairs]
    lines.append(f"Asked: {' · '.join(describe(query, search.lexicon)) or 'nothing'}")
    if query.cost is Cost.FREE:
        lines.append("Cost: free first, unknown after, paid left out")
    lines.append(f"Content words (stems): {', '.join(query.terms) or '-'}")
    lines.append(f"Nowhere in the catalogue: {', '.join(query.unknown) or '-'}")
    relaxed = f"; relaxed: {', '.join(answer.widened)}" if answer.widened else ""
    lines.append(f"Outcome: {answer.outcome}; {answer.total} fit{relaxed}")
    if query.kind == "search" and answer.matches:
        scores = score(query, search.index)
        lines.append(f"{'':3}{'group':11}{'relevance':>10}{'themes':>8}{'words':>7}  offer (why)")
        for number, match in enumerate(answer.matches[:MOST_RESULTS], 1):
            at = search.index.position[match.offer.id]
            numbers = f"{scores.relevance[at]:10.3f}{scores.themes[at]:8.3f}{scores.words[at]:7.3f}"
            why = "; ".join(match.why) or "all that was asked fits"
            lines.append(f"{number:2} {match.group:11}{numbers}  {match.offer.title} ({why})")
        lines.append(
            "Order: group; strong before weak matches; tiers of relevance; checked last; one provider after the other."
        )
    return "\n".join(lines)
