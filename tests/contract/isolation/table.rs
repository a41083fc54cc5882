//! Who may do what: the table that every route is held to, and `docs/access.md`.

use std::fmt::Write as _;

use super::Column;

/// Who is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum May {
    /// Whoever holds what stands in the address, or indeed anyone: in these words.
    Anyone(&'static str),
    /// Whoever is signed in, about themselves.
    SignedIn,
    /// Every member of the practice.
    Members,
    /// Those who may act for the client: the front desk, directors, and practitioners to whom they are assigned.
    ForTheClient,
    /// The front desk and directors.
    FrontDesk,
    /// Directors.
    Directors,
}

/// A row: a route, who may, and what else is to be said.
pub(super) struct Row {
    pub(super) route: &'static str,
    pub(super) may: May,
    pub(super) remark: &'static str,
}

const fn row(route: &'static str, may: May, remark: &'static str) -> Row {
    Row { route, may, remark }
}

/// What someone is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// With success.
    Yes,
    /// With success, about their own practice alone.
    Own,
    /// With a refusal of this status.
    Refused(u16),
}

pub(super) const ROWS: &[Row] = &[
    row(
        "POST /v1/sessions",
        May::ForTheClient,
        "Practitioners schedule for themselves. Ids of what one may not see are unknown: 422.",
    ),
    row("GET /v1/sessions/{id}", May::ForTheClient, "Practitioners see their own sessions too, whoever treats the client since."),
    row("PATCH /v1/sessions/{id}", May::ForTheClient, ""),
    row("POST /v1/sessions/{id}/reschedule", May::ForTheClient, "Practitioners move a session to nobody but themselves."),
    row("POST /v1/sessions/{id}/cancel", May::ForTheClient, ""),
    row("POST /v1/sessions/{id}/delete", May::ForTheClient, ""),
    row("POST /v1/sessions/{id}/outcome", May::ForTheClient, ""),
    row("POST /v1/sessions/{id}/invites", May::ForTheClient, ""),
    row("GET /v1/sessions/{id}/history", May::ForTheClient, "As the session."),
    row("GET /v1/sessions/{id}/mail", May::ForTheClient, "As the session. Without the recipient's own link."),
    row("POST /v1/series", May::ForTheClient, "As for a session."),
    row("POST /v1/series/preview", May::ForTheClient, "As for a series. Changes nothing; works in a suspended practice too."),
    row("GET /v1/series/presets", May::Members, ""),
    row("GET /v1/series/{id}", May::ForTheClient, "Practitioners see their own series too, whoever treats the client since."),
    row("GET /v1/calendar", May::Members, "Practitioners see of others only when they are busy."),
    row("GET /v1/availability", May::Members, "Free times of everyone: of others they say only when they are not busy."),
    row("GET /v1/inbox", May::Members, "Practitioners see what is in their own calendar or concerns a client of theirs."),
    row("GET /v1/inbox/{id}", May::ForTheClient, "Practitioners see what is in their own calendar too, whoever treats the client."),
    row("POST /v1/inbox/{id}/done", May::ForTheClient, "As the item."),
    row("GET /v1/clients", May::Members, "Practitioners see those who are assigned to them."),
    row("POST /v1/clients", May::Members, "A practitioner's new clients are assigned to that practitioner."),
    row("GET /v1/clients/{id}", May::ForTheClient, ""),
    row("PATCH /v1/clients/{id}", May::ForTheClient, "Practitioners do not take themselves off."),
    row("GET /v1/clients/{id}/sessions", May::ForTheClient, ""),
    row("GET /v1/practice", May::Members, ""),
    row("PATCH /v1/practice", May::Directors, ""),
    row("GET /v1/practice/usage", May::Directors, ""),
    row("POST /v1/practice/exports", May::Directors, "Changes nothing; works in a suspended practice too."),
    row(
        "GET /v1/exports/{ticket}",
        May::Anyone("whoever has the ticket"),
        "For five minutes, while whoever asked for the ticket is a director. It holds all of the practice.",
    ),
    row("GET /v1/memberships", May::SignedIn, "Where the caller works; nowhere is an empty list."),
    row("GET /v1/practitioners", May::Members, ""),
    row("POST /v1/practitioners", May::Directors, ""),
    row("GET /v1/practitioners/{id}", May::Members, ""),
    row("PATCH /v1/practitioners/{id}", May::Directors, "Practitioners change their own zone and weekly hours."),
    row("GET /v1/members", May::Directors, ""),
    row("POST /v1/members", May::Directors, ""),
    row("GET /v1/members/{id}", May::Directors, ""),
    row("PATCH /v1/members/{id}", May::Directors, "The last director stays one."),
    row("GET /v1/services", May::Members, ""),
    row("POST /v1/services", May::FrontDesk, ""),
    row("GET /v1/services/{id}", May::Members, ""),
    row("PATCH /v1/services/{id}", May::FrontDesk, ""),
    row("GET /v1/rooms", May::Members, ""),
    row("POST /v1/rooms", May::FrontDesk, ""),
    row("GET /v1/rooms/{id}", May::Members, ""),
    row("PATCH /v1/rooms/{id}", May::FrontDesk, ""),
    row("GET /v1/locations", May::Members, ""),
    row("POST /v1/locations", May::FrontDesk, ""),
    row("GET /v1/locations/{id}", May::Members, ""),
    row("PATCH /v1/locations/{id}", May::FrontDesk, ""),
    row("GET /v1/event-types", May::Members, ""),
    row("POST /v1/event-types", May::FrontDesk, ""),
    row("GET /v1/event-types/{id}", May::Members, ""),
    row("PATCH /v1/event-types/{id}", May::FrontDesk, ""),
    row("GET /v1/public/sessions/{code}", May::Anyone("whoever has the code"), "Practice and time; no names."),
    row("GET /s/{code}", May::Anyone("whoever has the code"), "A page: practice and time; no names."),
    row("GET /m/{code}/{recipient}/{token}", May::Anyone("whoever has the link"), "A page: practice and time; no names."),
    row("GET /problems/{name}", May::Anyone("anyone"), "A page: what a kind of problem is."),
];

/// Routes that name client and practitioner in the body.
pub(super) const NAME_IN_THE_BODY: [&str; 3] = ["POST /v1/sessions", "POST /v1/series", "POST /v1/series/preview"];

/// Who may use a route, in words.
pub(crate) fn who(route: &str) -> &'static str {
    match ROWS.iter().find(|row| row.route == route).unwrap().may {
        May::Anyone(words) => words,
        May::SignedIn => "whoever is signed in",
        May::Members => "members",
        May::ForTheClient => "those who may act for the client",
        May::FrontDesk => "front desk, directors",
        May::Directors => "directors",
    }
}

impl Row {
    /// What someone is answered who asks for what belongs to the practice.
    pub(super) fn cell(&self, column: Column) -> Cell {
        let names_an_id = self.route.contains('{') || ["GET /v1/calendar", "GET /v1/availability"].contains(&self.route);
        let hidden = if NAME_IN_THE_BODY.contains(&self.route) { 422 } else { 404 };
        let practitioner = |assigned: bool| match self.may {
            May::Anyone(_) | May::SignedIn | May::Members => Cell::Yes,
            May::ForTheClient if assigned => Cell::Yes,
            May::ForTheClient => Cell::Refused(hidden),
            May::FrontDesk | May::Directors => Cell::Refused(403),
        };
        match column {
            _ if matches!(self.may, May::Anyone(_)) => Cell::Yes,
            Column::Stranger => Cell::Refused(401),
            Column::Former | Column::Intruder if self.may == May::SignedIn => Cell::Own,
            Column::Former | Column::Intruder => Cell::Refused(403),
            Column::Outsider if names_an_id || hidden == 422 => Cell::Refused(hidden),
            Column::Outsider => Cell::Own,
            Column::Unassigned => practitioner(false),
            Column::Assigned => practitioner(true),
            Column::FrontDesk if self.may == May::Directors => Cell::Refused(403),
            Column::FrontDesk | Column::Director => Cell::Yes,
        }
    }
}

/// The document.
pub(super) fn document() -> String {
    let mut text = String::from(
        "# Who may do what\n\n\
         Generated from the table that `tests/contract/isolation` sends as requests; `UPDATE_DOCS=1` writes it anew.\n\n\
         - **✓** is answered with success; **own** as well, but with the caller's own practice alone; a number is the status of the refusal.\n\
         - What someone may not see is 404, as if it were not there, whatever they may do elsewhere.\n\
         - A *client* is Ada's throughout, but for the assigned practitioner and the director, who ask for Ben's.\n\n",
    );
    let heads: Vec<&str> = Column::ALL.iter().map(|column| column.title()).collect();
    writeln!(text, "| route | {} | remarks |\n|---|{}---|", heads.join(" | "), "---|".repeat(heads.len())).unwrap();
    for row in ROWS {
        let cells = Column::ALL.iter().map(|column| match row.cell(*column) {
            Cell::Yes => "✓".to_owned(),
            Cell::Own => "own".to_owned(),
            Cell::Refused(status) => status.to_string(),
        });
        let cells = cells.collect::<Vec<_>>().join(" | ");
        writeln!(text, "| `{}` | {cells} | {} |", row.route, row.remark).unwrap();
    }
    text
}
