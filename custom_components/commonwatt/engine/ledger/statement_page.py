"""The statement as a page to read or print: one file, no scripts, nothing to load."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from ..model.period import datetime_from_instant
from ..model.units import apportion
from .statement import Statement

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;"
    "padding:0 1rem;color:#1c1c1c;background:#fff}"
    "h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.35rem 0;border-bottom:1px solid #ddd;"
    "font-weight:normal}td{text-align:right;font-variant-numeric:tabular-nums}"
    "tr.total th,tr.total td{font-weight:600;border-bottom:2px solid #1c1c1c}"
    "p.note{color:#555}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The language of a page."""

    language: str
    decimal: str
    texts: Mapping[str, str]
    """By key: texts of the page, reasons of transactions, sources, billing bases."""

    def __getitem__(self, key: str) -> str:
        """Return the text of ``key``; what has none speaks for itself."""
        return self.texts.get(key, key)


def statement_html(statement: Statement, *, name: str, currency: str, w: Words) -> str:
    """Return the statement as an HTML page; ``name`` is how the member calls itself."""
    first = datetime_from_instant(statement.first.start)
    last = datetime_from_instant(statement.last.start)
    body = (
        f"<h1>{escape(w['title'])}</h1>"
        f"<p>{escape(name)}<br>{first:%Y-%m-%d} / {last:%Y-%m-%d}</p>"
        + _section(w["energy"], _energy_rows(statement, w))
        + _section(w["money"], _money_rows(statement, currency, w), total=True)
        + _notes(statement, currency, w)
        + _origin(statement, w)
    )
    return (
        f'<!DOCTYPE html><html lang="{escape(w.language)}"><head>'
        '<meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(w['title'])}</title><style>{_STYLE}</style></head>"
        f"<body>{body}</body></html>\n"
    )


def _energy_rows(statement: Statement, w: Words) -> list[tuple[str, str]]:
    return [
        (w["imported"], _kwh(statement.import_wh, w)),
        (w["from neighbours"], _kwh(statement.bought_wh, w)),
        (w["exported"], _kwh(statement.export_wh, w)),
        (w["to neighbours"], _kwh(statement.sold_wh, w)),
    ]


def _money_rows(statement: Statement, currency: str, w: Words) -> list[tuple[str, str]]:
    rows = [(w[line.reason], line.cents) for line in statement.lines]
    rows.append((w["total"], statement.total_cents))
    return [(label, _money(cents, currency, w)) for label, cents in rows]


def _notes(statement: Statement, currency: str, w: Words) -> str:
    notes = [w[f"basis {statement.basis.value}"]]
    if statement.saved_cents is not None:
        saved = _money(statement.saved_cents, currency, w)
        notes.insert(0, w["saved"].format(saved=saved))
    if statement.missing:
        notes.append(
            w["missing"].format(missing=statement.missing, periods=statement.periods)
        )
    return "".join(f'<p class="note">{escape(note)}</p>' for note in notes)


def _origin(statement: Statement, w: Words) -> str:
    if not statement.origin_ppm:
        return ""
    sources = [source.value for source, _ in statement.origin_ppm]
    tenths = apportion(
        1_000,
        [ppm for _, ppm in statement.origin_ppm],
        [source.encode() for source in sources],
    )
    rows = [
        (w[source], f"{_decimal(share, 1, w)} %")
        for source, share in zip(sources, tenths, strict=True)
    ]
    if statement.carbon_g is not None:
        rows.append((w["carbon"], f"{_decimal(statement.carbon_g, 3, w)} kg"))
    return _section(w["origin"], rows)


def _section(title: str, rows: list[tuple[str, str]], *, total: bool = False) -> str:
    lines = [
        f"<tr><th>{escape(label)}</th><td>{escape(value)}</td></tr>"
        for label, value in rows
    ]
    if total:
        lines[-1] = lines[-1].replace("<tr>", '<tr class="total">', 1)
    return f"<h2>{escape(title)}</h2><table>{''.join(lines)}</table>"


def _kwh(energy_wh: int, w: Words) -> str:
    return f"{_decimal(energy_wh, 3, w)} kWh"


def _money(cents: int, currency: str, w: Words) -> str:
    return f"{_decimal(cents, 2, w)} {currency}"


def _decimal(amount: int, places: int, w: Words) -> str:
    """Write an integer with a decimal sign; no float ever touches a sum."""
    whole, part = divmod(abs(amount), 10**places)
    sign = "\N{MINUS SIGN}" if amount < 0 else ""
    return f"{sign}{whole}{w.decimal}{part:0{places}d}"


ENGLISH: Final = Words(
    language="en",
    decimal=".",
    texts={
        "title": "Energy statement",
        "energy": "Energy",
        "imported": "From the grid connection",
        "from neighbours": "of which from neighbours",
        "exported": "Into the grid connection",
        "to neighbours": "of which to neighbours",
        "money": "Money",
        "agreements": "Contracts and gifts",
        "positions": "Trades",
        "imbalances": "Differences between trades and meter",
        "sharing": "Shared energy",
        "restitution": "Made whole for prices",
        "network fees": "Network fees of differences",
        "collective assets": "Plants we own together",
        "retailer": "Retailer",
        "correction": "Corrected readings",
        "total": "Total (minus: to pay)",
        "saved": "Saved {saved} against trading with the retailer alone.",
        "missing": "{missing} of {periods} quarter hours have no reading.",
        "basis sharing": "Basis: parts of the price remain for a shared kWh.",
        "basis private": "Basis: a shared kWh replaces the retailer's in every part.",
        "basis insight": "Basis: no bill changes; amounts are community credits.",
        "origin": "Where the electricity came from",
        "solar": "Sun",
        "wind": "Wind",
        "hydro": "Water",
        "biogas": "Biogas",
        "natural_gas": "Natural gas",
        "hydrogen": "Hydrogen",
        "grid": "Grid",
        "unknown": "Not measured",
        "carbon": "Greenhouse gases",
    },
)

FRENCH: Final = Words(
    language="fr",
    decimal=",",
    texts={
        "title": "Relevé d'énergie",
        "energy": "Énergie",
        "imported": "Soutirée au raccordement",
        "from neighbours": "dont venant des voisins",
        "exported": "Injectée au raccordement",
        "to neighbours": "dont vers les voisins",
        "money": "Argent",
        "agreements": "Contrats et dons",
        "positions": "Échanges",
        "imbalances": "Écarts entre échanges et compteur",
        "sharing": "Énergie partagée",
        "restitution": "Dédommagements de prix",
        "network fees": "Acheminement des écarts",
        "collective assets": "Installations en commun",
        "retailer": "Fournisseur",
        "correction": "Relevés corrigés",
        "total": "Total (moins : à payer)",
        "saved": "Économie de {saved} par rapport au fournisseur seul.",
        "missing": "{missing} quarts d'heure sur {periods} sont sans relevé.",
        "basis sharing": "Base : une partie du prix reste due pour un kWh partagé.",
        "basis private": "Base : un kWh partagé remplace celui du fournisseur.",
        "basis insight": "Base : aucune facture ne change, ce sont des crédits.",
        "origin": "D'où venait l'électricité",
        "solar": "Soleil",
        "wind": "Vent",
        "hydro": "Eau",
        "biogas": "Biogaz",
        "natural_gas": "Gaz naturel",
        "hydrogen": "Hydrogène",
        "grid": "Réseau",
        "unknown": "Non mesuré",
        "carbon": "Gaz à effet de serre",
    },
)
