//! List all practices.

use std::io::Write;

use serde_json::Value;

use crate::{failure::Failure, reach::Reach, words};

pub(crate) async fn list(reach: &Reach, json: bool, out: &mut impl Write) -> Result<(), Failure> {
    let practices = reach.platform.list().await?;
    if json {
        let practices: Value = practices.iter().map(words::json).collect();
        writeln!(out, "{practices:#}")?;
        return Ok(());
    }
    if practices.is_empty() {
        writeln!(out, "There is no practice yet. `found` makes one.")?;
        return Ok(());
    }
    let mut rows = vec![["ID", "SLUG", "NAME", "ZONE", "LIMITS", "STANDING"].map(str::to_owned)];
    for listed in &practices {
        let practice = &listed.practice;
        rows.push([
            practice.id.to_string(),
            practice.slug.to_string(),
            practice.name.to_string(),
            practice.zone.to_string(),
            words::limits(listed.account.limits),
            words::standing(&listed.account.standing),
        ]);
    }
    write!(out, "{}", words::columns(&rows))?;
    Ok(())
}
