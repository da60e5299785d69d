"""HTML of the evaluation page: cards, tables, a chart, an output with its evidence. Everything is escaped here."""

from __future__ import annotations

import html
from collections.abc import Sequence

from pages import _within
from pages._bots_parts import table
from pages._cards import link
from services.console.dates import show_date
from services.console.evaluation import Evaluation, OfBot, Share, Week
from services.console.evaluation_events import Period
from services.console.feedback import Given
from services.console.replaying import Again, Change, Shown
from services.console.replaying_kept import BOTS, RECORD, Output, digest

TITLES = {"outputs": "What was shown", "missed": "Answers that were not found", "troubled": "Where a model failed",
          "feedback": "Verdicts", "unhelpful": "Verdicts: not helpful",
          "executed": "What programs were answered"}  # fmt: skip
HOW = """
<dl class="fe-how">
<dt>Accepted</dt><dd>Proposals approved, of those that a person approved or rejected. By the day they were proposed.</dd>
<dt>Edited before approval</dt><dd>Approvals in which a field was changed, of all approvals in the audit trail.</dd>
<dt>Sentences changed</dt><dd>Sentences of the AI's first version that don't stand in the signed note, word for word, of all of
them. A person's own sentences aren't counted. Of the newest 500 notes.</dd>
<dt>Codes dropped</dt><dd>Suggested codes that were not sent for approval, of all that were suggested to encounters sent.</dd>
<dt>Findings overridden</dt><dd>Findings dismissed, of those accepted or dismissed on the page Findings.</dd>
<dt>Helpful</dt><dd>Verdicts “Helpful”, of all verdicts. The last one of each person counts.</dd>
<dt>Not found</dt><dd>Answers that said that the record doesn't hold it, of all answers of the page Ask.</dd>
<dt>Models failed</dt><dd>Requests to a model that ended in an error or by a limit, of all that were answered or failed.</dd>
<dt>Median, 95th percentile</dt><dd>Of the time until the answer was there, by the nearest rank, of the newest 20,000.</dd>
</dl><p>All from the record; days are of UTC. More in docs/evaluation.md.</p>"""
_MARKS = {"same": "= the same", "new": "+ now, not then", "gone": "− then, not now"}


def here(label: str, **query: str) -> str:
    """A link within the page; `label` is HTML."""
    return _within.here(label, "/evaluation", False, **{k: v for k, v in query.items() if v})


def told(when: Period) -> str:
    return f"{show_date(when.first.isoformat())} to {show_date(when.last.isoformat())}"


def _card(title: str, share: Share, more: str) -> str:
    counted = f"{share.count:,} of {share.of:,}" if share.of else "None in this time"
    return f'<div class="fe-card">{html.escape(title)}<b>{share.percent}</b><div class="fb-meta">{counted}</div>{more}</div>'


def cards_html(found: Evaluation, days: int) -> str:
    at = str(days)
    approved = Share(sum(d.approved.count for d in found.decided), sum(d.approved.of for d in found.decided))
    helpful = Share(sum(b.helpful.count for b in found.bots), sum(b.helpful.of for b in found.bots))
    answers = next(b for b in found.bots if b.bot == "answers")
    e = found.edits
    cards = [
        _card("Proposals accepted", approved, link("Those approved", "/approvals", {}, state="approved")),
        _card("Edited before approval", found.edited, link("Those approved", "/approvals", {}, state="approved")),
        _card("Sentences changed", e.changed, f'<div class="fb-meta">of {e.notes:,} signed notes</div>{link("Signed notes", "/drafts", {}, state="signed")}'),
        _card("Codes dropped", e.dropped, f'<div class="fb-meta">{e.added:,} added, {e.sent:,} encounters sent</div>{link("Billing", "/approvals", {}, kind="SuggestBillingCodes", state="approved")}'),
        _card("Findings overridden", found.overrides, link("Findings", "/findings", {})),
        _card("Helpful", helpful, f'{here("All verdicts", list="feedback", days=at)} · {here("Not helpful", list="unhelpful", days=at)}'),
        _card("Not found", answers.nothing, here("Those answers", list="missed", bot="answers", days=at)),
        _card("Models failed", found.models, f'{here("Answers without one", list="troubled", days=at)}'),
    ]  # fmt: skip
    return f'<div class="fe-cards">{"".join(cards)}</div>'


def bots_html(found: Evaluation, days: int) -> str:
    rows = [
        [html.escape(b.title), _shown(b, days), here(str(b.nothing), list="missed", bot=b.bot, days=str(days)) if b.nothing.of and b.bot == "answers" else "–",
         here(str(b.helpful), list="feedback", bot=b.bot, days=str(days)) if b.helpful.of else "–", _time(b.p50), _time(b.p95),
         here(str(b.troubled), list="troubled", bot=b.bot, days=str(days)) if b.troubled.of else "–"]
        for b in found.bots
    ]  # fmt: skip
    heads = ("Bot", "Shown", "Not found", "Helpful", "Median", "95th percentile", "Model failed")
    return f'<h2>By bot</h2><div class="fe-table">{table("By bot", heads, rows)}</div>'


def _shown(b: OfBot, days: int) -> str:
    if b.bot == "drafts":
        return link(f"{b.outputs:,}", "/drafts", {}) if b.outputs else "0"
    return here(f"{b.outputs:,}", list="outputs", bot=b.bot, days=str(days)) if b.outputs else "0"


def _time(millis: float | None) -> str:
    return "–" if millis is None else f"{millis:,.0f} ms" if millis < 10_000 else f"{millis / 1000:,.1f} s"


def decided_html(found: Evaluation) -> str:
    if not found.decided:
        return '<h2>Proposals</h2><div class="fb-status">None in this time.</div>'
    rows = [
        [link(html.escape(d.title), "/approvals", {}, kind=d.kind, state="approved"), html.escape(str(d.approved)),
         f"{d.rejected:,}", f"{d.expired:,}", f"{d.waiting:,}"]
        for d in found.decided
    ]  # fmt: skip
    return f'<h2>Proposals</h2><div class="fe-table">{table("Proposals", ("Kind", "Accepted", "Rejected", "Expired", "Waiting"), rows)}</div>'


def reasons_html(found: Evaluation) -> str:
    parts = []
    for title, reasons in (("Why proposals were rejected", found.rejections), ("Why findings were dismissed", found.override_reasons),
                           ("Why it did not help", found.feedback_reasons)):  # fmt: skip
        if reasons:
            lines = "".join(f"<li>{html.escape(name)}: {count:,}</li>" for name, count in reasons)
            parts.append(f'<h2>{title}</h2><ul class="fe-list">{lines}</ul>')
    return "".join(parts) or '<div class="fb-status">No reasons were given in this time.</div>'


def runs_html(found: Evaluation, days: int) -> str:
    rows = [[html.escape(name), f"{runs:,}", f"{failed:,}", _time(p50), _time(p95)] for name, runs, failed, p50, p95 in found.runs]
    heads = ("Bot", "Runs", "Failed", "Median", "95th percentile")
    return f'<h2>Runs by API and subscriptions</h2><div class="fe-table">{table("Runs", heads, rows)}</div>' + (
        f'<div class="fb-status">{here("What programs were answered, by $execute", list="executed", days=str(days))}</div>'
    )


def chart(weeks: Sequence[Week]) -> dict:
    """Bars of the verdicts and of what was shown, side by side by week; told apart by their place and name too."""
    rows = [
        {"week": show_date(w.start), "at": n, "what": what, "count": count}
        for n, w in enumerate(weeks)
        for what, count in (("Shown", w.shown), ("Not found", w.nothing), ("Helpful", w.helpful), ("Not helpful", w.unhelpful))
    ]  # fmt: skip
    names = ["Shown", "Not found", "Helpful", "Not helpful"]
    colours = {"domain": names, "range": ["#2f74c0", "#8a8f98", "#3c8d40", "#d0402b"]}
    return {
        "data": {"values": rows}, "height": 220, "mark": {"type": "bar"},
        "encoding": {
            "x": {"field": "week", "type": "ordinal", "sort": {"field": "at"}, "title": "Week of", "axis": {"labelAngle": 0, "labelOverlap": True}},
            "xOffset": {"field": "what", "sort": names},
            "y": {"field": "count", "type": "quantitative", "title": None, "axis": {"tickMinStep": 1}},
            "color": {"field": "what", "type": "nominal", "scale": colours, "legend": {"title": None, "orient": "top"}},
            "tooltip": [{"field": "week"}, {"field": "what"}, {"field": "count"}],
        },
    }  # fmt: skip


def weeks_told(weeks: Sequence[Week]) -> str:
    return "; ".join(f"week of {show_date(w.start)}: {w.shown} shown, {w.nothing} not found, {w.helpful} helpful, {w.unhelpful} not helpful" for w in weeks)


def weeks_html(weeks: Sequence[Week]) -> str:
    rows = [[show_date(w.start), f"{w.shown:,}", f"{w.nothing:,}", f"{w.helpful:,}", f"{w.unhelpful:,}"] for w in reversed(weeks)]
    return table("By week", ("Week of", "Shown", "Not found", "Helpful", "Not helpful"), rows)


def outputs_html(outputs: Sequence[Output], days: int) -> str:
    rows = [
        [here(html.escape(_moment(o.at)), output=o.id, days=str(days)), BOTS[o.bot], "Yes" if o.found else "No", html.escape(_model(o.model)),
         html.escape(o.trouble) or "–", _time(o.millis or None), f"{len(o.evidence):,}"]
        for o in outputs
    ]  # fmt: skip
    return f'<div class="fe-table">{table("Outputs", ("When (UTC)", "Bot", "Found", "Model", "Trouble", "Time", "Sources"), rows)}</div>'


def feedback_html(given: Sequence[Given], days: int) -> str:
    """Without what was asked and without comments, which may name a patient: they are with the output."""
    rows = [
        [_judged(g, days), BOTS[g.bot], g.verdict.capitalize(), html.escape(g.reason) or "–", "Yes" if g.comment else "No"] for g in given
    ]
    return f'<div class="fe-table">{table("Verdicts", ("When (UTC)", "Bot", "Verdict", "Reason", "Comment"), rows)}</div>'


def _judged(g: Given, days: int) -> str:
    return here(html.escape(_moment(g.at)), output=g.output, days=str(days))


def _moment(at: str) -> str:
    return f"{show_date(at[:10])} {at[11:16]}"


def _model(model: str) -> str:
    return "None" if model == RECORD else model


def output_html(shown: Shown) -> str:
    """What it was, by whom and on what it stood."""
    o = shown.output
    facts = [("When", shown.when), ("For", shown.who), ("Model", _model(o.model)), ("Hash of its instructions", o.prompt_hash),
             ("Hash of the result", digest("\n".join(o.hashes))), ("Time", _time(o.millis or None)), ("Trouble", o.trouble),
             ("Called by a program; version of the bot", o.version)]  # fmt: skip
    lines = "".join(f"<dt>{name}</dt><dd>{html.escape(value)}</dd>" for name, value in facts if value)
    since = {"": "as it was then", "changed": "changed since", "deleted": "deleted since"}
    evidence = "".join(
        f'<li>{_named(e, o.patient)}<div class="fb-meta">{html.escape(e.reference)}, version {html.escape(e.version[:8])}, {since[e.since]}</div></li>'
        for e in shown.evidence[:100]
    )
    more = f'<div class="fb-meta">and {len(shown.evidence) - 100} more</div>' if len(shown.evidence) > 100 else ""
    stood = f'<ul class="fe-list">{evidence}</ul>{more}' if evidence else '<div class="fb-status">On nothing of the record.</div>'
    return f'<dl class="fe-how">{lines}</dl><h2>What it stood on ({len(shown.evidence)})</h2>{stood}'


def _named(change: Change, patient: str) -> str:
    name = html.escape(change.title or change.reference)
    return name if change.since == "deleted" else link(name, "/search", {"patient": patient}, open=change.reference)


def shown_html(shown: Shown, given: Sequence[Given]) -> str:
    o = shown.output
    said = "".join(f"<li>{html.escape(w)}</li>" for w in o.words or ())
    kept = f'<ul class="fe-list">{said}</ul>' if said else (
        '<div class="fb-status">Its words are not kept, because they can be computed again; each line\'s hash is.</div>'
    )  # fmt: skip
    judged = "".join(
        f"<li>{html.escape(g.verdict.capitalize())}{f': {html.escape(g.reason)}' if g.reason else ''}{f' – “{html.escape(g.comment)}”' if g.comment else ''}</li>"
        for g in given
    )
    verdicts = f'<h2>Verdicts</h2><ul class="fe-list">{judged}</ul>' if judged else ""
    return f"<h2>Asked</h2><div>{html.escape(shown.asked)}</div>{kept}{verdicts}"


def again_html(found: Again) -> str:
    head = '<div class="fe-good" role="status">✓ Equal: every line is the same.</div>' if found.equal else (
        '<div class="fb-alert" role="status"><b>≠ Not equal.</b> What differs is marked.</div>'
    )  # fmt: skip
    note = f'<div class="fb-status">{html.escape(found.note)}</div>' if found.note else ""
    lines = "".join(
        f'<li class="fe-{mark}"><span class="fe-mark">{_MARKS[mark]}</span>{html.escape(text)}</li>' for text, mark in found.lines
    )
    return f'<h2>Computed again</h2>{head}{note}<ul class="fe-lines">{lines or "<li>Nothing, then and now.</li>"}</ul>'
