//! What a practice uses, counted per calendar month (UTC): by this it can be charged (D6, B20).
//!
//! Each counter is written in the transaction that makes what it counts true, so it counts each event exactly once
//! whatever fails and is tried again. A month's counters are spread over a few records, so that no record is written by
//! everyone.

use std::{collections::BTreeMap, fmt, str::FromStr};

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use hourkeep_domain::{
    account::{Account, Limits},
    ids::{AttemptId, PracticeId},
};
use hourkeep_store::{Range, StoreError, Table, Transaction, key};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    caller::{Principal, enter},
    desk::{Desk, directors_only},
    error::Error,
};

/// Over how many records a month's counters are spread.
const SHARDS: u8 = 4;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counter {
    SessionsBooked,
    MailsSent,
    RecordsAdded,
}

impl Counter {
    fn name(self) -> &'static str {
        match self {
            Self::SessionsBooked => "sessions_booked",
            Self::MailsSent => "mails_sent",
            Self::RecordsAdded => "records_added",
        }
    }
}

/// Counts so many of each, if the transaction holds.
pub(crate) fn count(
    transaction: &mut Transaction,
    practice: PracticeId,
    attempt: AttemptId,
    now: DateTime<Utc>,
    counters: &[(Counter, u32)],
) {
    let shard = attempt.to_string().bytes().last().unwrap_or_default() % SHARDS;
    let place = key::usage(practice, &Month::of(now).to_string(), shard);
    transaction.count(place, counters.iter().map(|(counter, by)| (counter.name(), *by)));
}

/// A calendar month in UTC, such as `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    year: i32,
    month: u32,
}

/// A text that is no month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a month such as 2026-11")]
pub struct NotAMonth;

impl Month {
    /// The month of an instant.
    pub fn of(at: DateTime<Utc>) -> Self {
        Self { year: at.year(), month: at.month() }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        let day: NaiveDate = format!("{text}-01").parse().map_err(|_| NotAMonth)?;
        let month = Self { year: day.year(), month: day.month() };
        // A sign would make years sort in another order than they have.
        if text.starts_with(|c: char| c.is_ascii_digit()) && month.to_string() == text { Ok(month) } else { Err(NotAMonth) }
    }
}

/// What a practice used in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Sessions booked.
    pub sessions_booked: u64,
    /// Mails that the mail service accepted.
    pub mails_sent: u64,
    /// Records added: sessions, clients, members, practitioners, services, rooms, locations.
    pub records_added: u64,
}

/// A month's usage, by one query.
pub(crate) async fn usage_in(table: &Table, practice: PracticeId, month: Month) -> Result<Usage, StoreError> {
    let range = Range::Prefix(format!("{month}#"));
    Ok(sum(&table.counters(&key::usage_partition(practice), &range).await?))
}

fn sum(records: &[(String, BTreeMap<String, u64>)]) -> Usage {
    let total = |counter: Counter| records.iter().filter_map(|(_, counters)| counters.get(counter.name())).sum();
    Usage {
        sessions_booked: total(Counter::SessionsBooked),
        mails_sent: total(Counter::MailsSent),
        records_added: total(Counter::RecordsAdded),
    }
}

/// What a practice used in a month, and how much it may.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Usage)]
pub struct UsageView {
    /// The calendar month, in UTC.
    #[schema(example = "2026-11")]
    pub month: String,
    /// Sessions booked in it. Moving, cancelling or deleting takes none away.
    pub sessions_booked: u64,
    /// Mails that were sent in it.
    pub mails_sent: u64,
    /// Records added in it: sessions, clients, members, practitioners, services, rooms, locations.
    pub records_added: u64,
    /// Records that there were at its end, or are now: all that were ever added, since none is taken away.
    pub records_stored: u64,
    /// How many sessions may be booked in a month; none is without limit.
    pub sessions_limit: Option<u32>,
    /// How many mails may be sent in a month; none is without limit.
    pub mails_limit: Option<u32>,
    /// Whether the practice is suspended.
    pub suspended: bool,
}

/// A practice's usage of a month, by one query and one read.
pub(crate) async fn usage_view(table: &Table, practice: PracticeId, month: Month) -> Result<UsageView, Error> {
    let partition = key::usage_partition(practice);
    // `~` comes after every digit: all months until this one.
    let until_then = Range::Between("0".to_owned(), format!("{month}~"));
    let (account, mut records) =
        tokio::try_join!(async { Ok::<_, Error>(table.get::<Account>(&key::account(practice)).await?) }, async {
            Ok(table.counters(&partition, &until_then).await?)
        },)?;
    let account = account.map(|stored| stored.body).unwrap_or_default();
    let Limits { sessions_per_month, mails_per_month } = account.limits;
    let this = format!("{month}#");
    let stored = sum(&records).records_added;
    records.retain(|(place, _)| place.starts_with(&this));
    let usage = sum(&records);
    Ok(UsageView {
        month: month.to_string(),
        sessions_booked: usage.sessions_booked,
        mails_sent: usage.mails_sent,
        records_added: usage.records_added,
        records_stored: stored,
        sessions_limit: sessions_per_month,
        mails_limit: mails_per_month,
        suspended: account.is_suspended(),
    })
}

impl Desk {
    /// What the caller's practice used in a month; in this one if none is named. Directors may know.
    pub async fn show_usage(&self, principal: &Principal, month: Option<Month>) -> Result<UsageView, Error> {
        let (member, _) = enter(&self.table, principal, |_| Vec::new()).await?;
        directors_only(&member)?;
        usage_view(&self.table, member.practice, month.unwrap_or_else(|| Month::of(self.clock.now()))).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_reads_back_from_its_text_and_nothing_else_does() {
        for text in ["2026-11", "2026-01", "9999-12"] {
            assert_eq!(text.parse::<Month>().unwrap().to_string(), text);
        }
        for text in ["", "2026", "2026-1", "2026-13", "2026-00", "2026-11-01", " 2026-11", "+2026-11", "-001-11", "x"] {
            assert_eq!(text.parse::<Month>(), Err(NotAMonth), "{text}");
        }
    }
}
