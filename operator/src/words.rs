//! What is said of practices, for people and for programs.

use chrono::SecondsFormat;
use hourkeep_app::platform::Listed;
use hourkeep_domain::account::{Limits, Standing};
use serde_json::{Value, json};

/// Whether it may change anything.
pub(crate) fn standing(standing: &Standing) -> String {
    match standing {
        Standing::Active => "active".to_owned(),
        Standing::Suspended { since, reason } => {
            format!("suspended since {}: {reason}", since.to_rfc3339_opts(SecondsFormat::Secs, true))
        }
    }
}

/// A number that may be reached, or that there is none.
pub(crate) fn most(limit: Option<u32>) -> String {
    limit.map_or_else(|| "no limit".to_owned(), |limit| format!("at most {limit}"))
}

/// How much it may do.
pub(crate) fn limits(limits: Limits) -> String {
    let Limits { sessions_per_month, mails_per_month } = limits;
    let parts = [(sessions_per_month, "sessions"), (mails_per_month, "mails")];
    let said: Vec<String> = parts.iter().filter_map(|(limit, what)| limit.map(|limit| format!("{limit} {what}"))).collect();
    if said.is_empty() { "none".to_owned() } else { format!("{} a month", said.join(" and ")) }
}

/// A practice, as programs read it.
pub(crate) fn json(Listed { practice, account }: &Listed) -> Value {
    let (name, since, reason) = match &account.standing {
        Standing::Active => ("active", None, None),
        Standing::Suspended { since, reason } => {
            ("suspended", Some(since.to_rfc3339_opts(SecondsFormat::Secs, true)), Some(reason))
        }
    };
    json!({
        "id": practice.id, "slug": practice.slug, "name": practice.name, "time_zone": practice.zone, "currency": practice.currency,
        "standing": name, "suspended_since": since, "reason": reason,
        "sessions_per_month": account.limits.sessions_per_month, "mails_per_month": account.limits.mails_per_month,
        "tenant": account.tenant,
    })
}

/// Rows in columns as wide as they need to be; the last one is not filled up.
pub(crate) fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |row: &[String; N]| {
        let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned);
        let rows = [row(["ID", "NAME", "LIMITS"]), row(["1", "Zoë's", ""]), row(["22", "A", "none"])];
        assert_eq!(columns(&rows), "ID  NAME   LIMITS\n1   Zoë's\n22  A      none\n");
    }

    #[test]
    fn limits_are_said_where_there_are_any() {
        let of = |sessions_per_month, mails_per_month| limits(Limits { sessions_per_month, mails_per_month });
        assert_eq!(of(None, None), "none");
        assert_eq!(of(Some(20), None), "20 sessions a month");
        assert_eq!(of(Some(20), Some(0)), "20 sessions and 0 mails a month");
    }
}
