//! Show a practice, and what it used in a month.

use std::io::Write;

use hourkeep_app::{platform::Listed, usage::Month};
use serde_json::json;

use crate::{
    failure::{Failure, about},
    named::Named,
    reach::Reach,
    words,
};

pub(crate) async fn show(
    reach: &Reach,
    practice: &Named,
    month: Option<Month>,
    json: bool,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let id = practice.id(reach).await?;
    let listed = reach.platform.show(id).await.map_err(about(practice))?;
    let usage = reach.platform.usage(id, month).await?;
    if json {
        let mut shown = words::json(&listed);
        shown["usage"] = json!(usage);
        writeln!(out, "{shown:#}")?;
        return Ok(());
    }
    let Listed { practice, account } = listed;
    let row = |name: &str, value: String| [format!("  {name}"), value];
    let tenant = account.tenant.unwrap_or_else(|| "none: mail is sent without one".to_owned());
    let about = [
        row("id", practice.id.to_string()),
        row("zone", practice.zone.to_string()),
        row("currency", practice.currency.to_string()),
        row("standing", words::standing(&account.standing)),
        row("SES tenant", tenant),
    ];
    let of = |count: u64, limit: Option<u32>| format!("{count} ({})", words::most(limit));
    let used = [
        row("sessions booked", of(usage.sessions_booked, usage.sessions_limit)),
        row("mails sent", of(usage.mails_sent, usage.mails_limit)),
        row("records added", usage.records_added.to_string()),
        row("records stored", usage.records_stored.to_string()),
    ];
    writeln!(out, "{} ({})", practice.name, practice.slug)?;
    write!(out, "{}", words::columns(&about))?;
    writeln!(out, "Usage of {} (UTC)", usage.month)?;
    write!(out, "{}", words::columns(&used))?;
    Ok(())
}
