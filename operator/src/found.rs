//! Found a practice with its first director.

use std::io::Write;

use chrono::{NaiveTime, Weekday};
use hourkeep_app::platform::{Founding, FoundingRefused};
use hourkeep_domain::{
    hours::{OpenHours, WeeklyHours},
    practice::Policies,
};

use crate::{
    arguments::{DayHours, FoundArguments},
    failure::Failure,
    named::Named,
    reach::Reach,
    tenant::{self, Resources},
};

pub(crate) async fn found(reach: &Reach, wish: FoundArguments, out: &mut impl Write) -> Result<(), Failure> {
    let FoundArguments { name, slug, zone, currency, director, email, issuer, subject, hours, resources } = wish;
    let weekly_hours = WeeklyHours::new(hours.into_iter().flatten().collect())
        .map_err(|error| Failure::Refused(format!("--hours {error}: nothing was founded")))?;
    let founding = Founding {
        name,
        slug: slug.clone(),
        zone,
        currency,
        policies: Policies::default(),
        director,
        email,
        weekly_hours,
        issuer: issuer.as_str().to_owned(),
        subject: subject.as_str().to_owned(),
    };
    let id = match reach.platform.found(&founding).await {
        Ok(id) => id,
        Err(FoundingRefused::SlugTaken) => {
            return Err(Failure::Refused(format!(
                "the slug {slug} is taken: nothing was founded. If it was you who founded it just now, `show {slug}` shows it; \
                 otherwise choose another slug."
            )));
        }
        Err(refused) => return Err(refused.into()),
    };
    writeln!(out, "Founded {} ({slug}): {id}", founding.name)?;
    let Some(resources) = Resources::of(&resources) else {
        writeln!(out, "Its mail is sent without an SES tenant of its own. `tenant {slug}` makes one.")?;
        return Ok(());
    };
    let in_part = |why: Failure| Failure::InPart {
        done: format!("{slug} was founded ({id})"),
        why: why.to_string(),
        then: format!("hourkeep-operator tenant {slug}"),
    };
    tenant::make(reach, &Named::Id(id), id, resources).await.map_err(in_part)?;
    writeln!(out, "It sends its mail by the SES tenant {id}.")?;
    Ok(())
}

const DAYS: [Weekday; 7] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// Reads `mon-fri 09:00-17:00`, `sat 10:00-14:00`, or `none`.
pub(crate) fn open_hours(text: &str) -> Result<DayHours, &'static str> {
    const WRONG: &str = "must be days and times such as \"mon-fri 09:00-17:00\" or \"sat 10:00-14:00\", or none";
    if text.trim() == "none" {
        return Ok(Box::default());
    }
    let (days, times) = text.trim().split_once(' ').ok_or(WRONG)?;
    let day = |text: &str| -> Result<usize, &'static str> {
        let day: Weekday = text.parse().map_err(|_| WRONG)?;
        DAYS.iter().position(|known| *known == day).ok_or(WRONG)
    };
    let (first, last) = match days.split_once('-') {
        Some((first, last)) => (day(first)?, day(last)?),
        None => (day(days)?, day(days)?),
    };
    let (from, until) = times.trim().split_once('-').ok_or(WRONG)?;
    let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| WRONG);
    let (from, until) = (time(from)?, time(until)?);
    let days = DAYS.get(first..=last).filter(|days| !days.is_empty()).ok_or(WRONG)?;
    Ok(days.iter().map(|weekday| OpenHours { weekday: *weekday, from, until }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Vec<String>> {
        let said = |hours: &OpenHours| format!("{} {}-{}", hours.weekday, hours.from.format("%H:%M"), hours.until.format("%H:%M"));
        open_hours(text).ok().map(|hours| hours.iter().map(said).collect())
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        assert_eq!(read("mon-wed 09:00-17:30").unwrap(), ["Mon 09:00-17:30", "Tue 09:00-17:30", "Wed 09:00-17:30"]);
        assert_eq!(read("sat 10:00-14:00").unwrap(), ["Sat 10:00-14:00"]);
        assert_eq!(read("sun-sun 10:00-14:00").unwrap(), ["Sun 10:00-14:00"]);
        assert_eq!(read("none").unwrap(), Vec::<String>::new());
        for wrong in ["", "mon", "mon 9", "fri-mon 09:00-17:00", "day 09:00-17:00", "mon 25:00-26:00", "mon-fri 09:00"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
