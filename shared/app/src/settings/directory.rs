//! The directory: clients by first or last name, a page at a time.

use hourkeep_domain::{
    ids::{ClientId, PractitionerId},
    people::{Membership, Role},
    text::Name,
};
use hourkeep_store::{Range, key};
use serde::Serialize;
use utoipa::ToSchema;

use super::client_rows::{ClientRow, form};
use crate::{
    caller::{Principal, enter},
    desk::Desk,
    error::Error,
    list::{Cursor, List, PageSize},
};

/// How often one page asks the table: a page that finds little ends early and says where to go on.
const QUERIES: usize = 5;

/// Which clients.
#[derive(Clone, Debug, Default)]
pub struct ClientListRequest {
    /// What a first or last name begins with, in any case, with or without accents.
    pub search: Option<Name>,
    /// Who treats them.
    pub practitioner: Option<PractitionerId>,
    /// Whether to list those too who no longer are clients.
    pub include_inactive: bool,
    /// How many at most.
    pub size: PageSize,
    /// Where to go on.
    pub cursor: Option<Cursor>,
}

/// A client in the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClientSummary {
    /// Who.
    #[schema(value_type = String)]
    pub id: ClientId,
    /// Their first name, if known.
    #[schema(value_type = Option<String>)]
    pub first_name: Option<Name>,
    /// Their last name, if known.
    #[schema(value_type = Option<String>)]
    pub last_name: Option<Name>,
    /// Who treats them.
    #[schema(value_type = Vec<String>)]
    pub practitioner_ids: Vec<PractitionerId>,
    /// Whether they still are a client.
    pub active: bool,
    /// Whether there is a guardian or primary contact with an address, who is told by default; left out of what was last
    /// written by an older release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_contact: Option<bool>,
}

impl From<ClientRow> for ClientSummary {
    fn from(row: ClientRow) -> Self {
        Self {
            id: row.id,
            first_name: row.name.first().cloned(),
            last_name: row.name.last().cloned(),
            practitioner_ids: row.practitioners,
            active: row.active,
            has_contact: row.has_contact,
        }
    }
}

/// The partition to list: a practitioner's own for a practitioner, and for the others the one that has fewest rows.
/// `None` for a practitioner without clients of their own.
fn partition(member: &Membership, named: Option<PractitionerId>) -> Option<String> {
    let practice = member.practice;
    match member.role {
        Role::Practitioner => member.practitioner.map(|own| key::assigned_partition(practice, own)),
        Role::Director | Role::FrontDesk => {
            Some(named.map_or_else(|| key::directory_partition(practice), |id| key::assigned_partition(practice, id)))
        }
    }
}

impl Desk {
    /// Lists clients that the caller may act for, by the name that was searched for, else by last name.
    pub async fn list_clients(&self, principal: &Principal, request: &ClientListRequest) -> Result<List<ClientSummary>, Error> {
        let (member, _) = enter(&self.table, principal, |_| Vec::new()).await?;
        let Some(partition) = partition(&member, request.practitioner) else { return Ok(List::whole(Vec::new())) };
        let prefix = request.search.as_ref().map(|name| form(name.as_str())).unwrap_or_default();
        let mut after = request.cursor.as_ref().map(|cursor| cursor.place().to_owned());
        let range = if prefix.is_empty() { Range::All } else { Range::Prefix(prefix.clone()) };
        // DynamoDB refuses to begin outside of what is asked for.
        if after.as_ref().is_some_and(|place| !range.contains(place)) {
            return Err(Error::BadCursor);
        }
        let wanted = request.size.get();
        let shown = |place: &str, row: &ClientRow| {
            row.is_shown_at(member.practice, place, &prefix)
                && (row.active || request.include_inactive)
                && request.practitioner.is_none_or(|id| row.practitioners.contains(&id))
        };
        let mut items: Vec<ClientSummary> = Vec::new();
        for _ in 0..QUERIES {
            // Most clients have two rows.
            let page = self.table.query::<ClientRow>(&partition, &range, Some(2 * wanted), after.as_deref()).await?;
            let mut rows = page.items.into_iter().peekable();
            while let Some((place, stored)) = rows.next() {
                if !shown(&place, &stored.body) {
                    continue;
                }
                items.push(stored.body.into());
                if items.len() == wanted {
                    let more = rows.peek().is_some() || page.next.is_some();
                    return Ok(List { items, next_cursor: more.then(|| Cursor::after(&place).to_string()) });
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Ok(List { items, next_cursor: after.map(|place| Cursor::after(&place).to_string()) })
    }
}
