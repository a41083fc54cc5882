//! Suspend and resume a practice.

use std::io::{self, IsTerminal as _, Write};

use hourkeep_app::platform::{Listed, OperatorRefused};
use hourkeep_domain::{account::Standing, text::Reason};

use crate::{
    failure::{Failure, about},
    named::Named,
    reach::Reach,
    words,
};

pub(crate) async fn suspend(reach: &Reach, named: &Named, reason: &Reason, yes: bool, out: &mut impl Write) -> Result<(), Failure> {
    let id = named.id(reach).await?;
    let Listed { practice, account } = reach.platform.show(id).await.map_err(about(named))?;
    match &account.standing {
        Standing::Active => {}
        already @ Standing::Suspended { .. } => {
            writeln!(out, "{} is {}", practice.slug, words::standing(already))?;
            writeln!(out, "Nothing was changed. To give another reason, resume it first.")?;
            return Ok(());
        }
    }
    if !yes && !agreed(&format!("{} ({}) can change nothing and mails nobody until you resume it.", practice.name, practice.slug))?
    {
        return Err(Failure::Refused("nothing was changed".to_owned()));
    }
    match reach.platform.suspend(id, &sentence(reason)).await {
        // Someone else was faster.
        Ok(_) | Err(OperatorRefused::NothingToDo) => {}
        Err(refused) => return Err(about(named)(refused)),
    }
    writeln!(out, "{} is suspended. Its people read: {}", practice.slug, sentence(reason))?;
    writeln!(out, "Reminders that fall due meanwhile are not sent; other mails wait. `resume {}` lets it go on.", practice.slug)?;
    Ok(())
}

pub(crate) async fn resume(reach: &Reach, named: &Named, out: &mut impl Write) -> Result<(), Failure> {
    let id = named.id(reach).await?;
    match reach.platform.resume(id).await {
        Ok(_) => writeln!(out, "{named} goes on. Mails that waited leave with the next sweep, within the hour.")?,
        Err(OperatorRefused::NothingToDo) => writeln!(out, "{named} is not suspended: nothing was changed.")?,
        Err(refused) => return Err(about(named)(refused)),
    }
    Ok(())
}

/// It stands between other sentences.
fn sentence(reason: &Reason) -> String {
    let reason = reason.as_str();
    if reason.ends_with(['.', '!', '?', '…', '。']) { reason.to_owned() } else { format!("{reason}.") }
}

/// Asks on the terminal. Where there is none, nobody can agree.
fn agreed(question: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::Unsaid("nobody can be asked here: say --yes to suspend without being asked"));
    }
    write!(io::stderr(), "{question} Suspend it? [y/N] ")?;
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_ends_as_a_sentence_does() {
        for (said, read) in [("Unpaid since May", "Unpaid since May."), ("Unpaid.", "Unpaid."), ("Really?", "Really?")] {
            assert_eq!(sentence(&Reason::parse(said).unwrap()), read);
        }
    }
}
