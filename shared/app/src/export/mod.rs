//! Export: everything that is kept of a practice, as newline-delimited JSON (B20).
//!
//! A director asks for an address and opens it within five minutes, without a token: browsers download files from
//! addresses. The address is signed, names nobody, and opens only while whoever asked is still a director.

mod line;
mod read;
mod ticket;

use std::sync::Arc;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use hourkeep_domain::{people::Membership, practice::Practice};
use hourkeep_store::{Range, Table, key};
use serde::Serialize;
use utoipa::ToSchema;

use self::ticket::Ticket;
use crate::{
    caller::{Principal, enter},
    desk::{Desk, directors_only},
    error::Error,
    links::Links,
    port::Clock,
};

/// Where an export is to be had.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExportLink {
    /// Its address. Whoever has it can read everything: open it, and share it with nobody.
    #[schema(example = "https://export.hourkeep.example/v1/exports/…")]
    pub url: String,
    /// Until when it can be opened, UTC.
    pub expires_at: DateTime<Utc>,
}

/// What exports are read with. Cheap to clone.
#[derive(Clone)]
pub struct Exports {
    /// The table.
    pub table: Table,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// What checks tickets.
    pub links: Links,
}

impl From<&Desk> for Exports {
    fn from(desk: &Desk) -> Self {
        Self { table: desk.table.clone(), clock: desk.clock.clone(), links: desk.links.clone() }
    }
}

/// An export that may be read: its file is made as it is read.
pub struct Export {
    table: Table,
    practice: Practice,
    made_at: DateTime<Utc>,
}

impl Desk {
    /// Gives a director the address of an export. Nothing is kept of it, and a suspended practice may have one too.
    pub async fn ask_for_export(&self, principal: &Principal) -> Result<ExportLink, Error> {
        let (member, _) = enter(&self.table, principal, |_| Vec::new()).await?;
        directors_only(&member)?;
        let until = self.clock.now() + ticket::VALID;
        let expires_at = until.duration_trunc(TimeDelta::seconds(1)).unwrap_or(until);
        let ticket = Ticket { practice: member.practice, director: principal.digest(), expires_at };
        Ok(ExportLink { url: self.links.export(&ticket.to_string()).to_string(), expires_at })
    }
}

impl Exports {
    /// Opens the export of a signed ticket; `None` if it was not given out by us, or too long ago.
    ///
    /// Whoever asked for it must be a director still.
    pub async fn open(&self, signed: &str) -> Result<Option<Export>, Error> {
        let now = self.clock.now();
        let ticket = self.links.export_ticket(signed).and_then(Ticket::read).filter(|ticket| now < ticket.expires_at);
        let Some(Ticket { practice, director, .. }) = ticket else { return Ok(None) };
        let (partition, members) = (key::practice_partition(practice), Range::Prefix(key::MEMBERS.to_owned()));
        let members = self.table.query::<Membership>(&partition, &members, None, None).await?;
        let asked = members.items.into_iter().map(|(_, stored)| stored.body).find(|member| digest(member) == director);
        directors_only(&asked.filter(|member| member.active).ok_or(Error::NotAMember)?)?;
        let practice = self.table.get::<Practice>(&key::practice(practice)).await?.ok_or(Error::NotFound("practice"))?.body;
        Ok(Some(Export { table: self.table.clone(), practice, made_at: now }))
    }
}

fn digest(member: &Membership) -> String {
    Principal { issuer: member.issuer.clone(), subject: member.subject.clone(), hint: None }.digest()
}

impl Export {
    /// What the file is called: the practice and the day (UTC).
    pub fn file_name(&self) -> String {
        format!("{}-{}.ndjson", self.practice.slug, self.made_at.date_naive())
    }
}
