//! Say how much a practice may do in a month.

use std::io::Write;

use hourkeep_app::platform::OperatorRefused;

use crate::{
    arguments::LimitArguments,
    failure::{Failure, about},
    reach::Reach,
    words,
};

/// A limit, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Most(pub(crate) Option<u32>);

pub(crate) fn most(text: &str) -> Result<Most, &'static str> {
    if text == "none" {
        return Ok(Most(None));
    }
    text.parse().map(|limit| Most(Some(limit))).map_err(|_| "must be a whole number, or none")
}

/// What is not named stays as it is.
pub(crate) async fn limit(reach: &Reach, wish: &LimitArguments, out: &mut impl Write) -> Result<(), Failure> {
    let named = &wish.practice;
    let id = named.id(reach).await?;
    let changed = reach.platform.limit(id, |limits| {
        if let Some(Most(limit)) = wish.sessions_per_month {
            limits.sessions_per_month = limit;
        }
        if let Some(Most(limit)) = wish.mails_per_month {
            limits.mails_per_month = limit;
        }
    });
    match changed.await {
        Ok(account) => writeln!(out, "{named}: limits are {}.", words::limits(account.limits))?,
        Err(OperatorRefused::NothingToDo) => writeln!(out, "{named} has these limits already: nothing was changed.")?,
        Err(refused) => return Err(about(named)(refused)),
    }
    Ok(())
}
