//! What the steps of the story share: wishes, times that suit, and the mail that comes of it.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    Stopped,
    api::{Api, text},
    mail::Mail,
    story::Story,
    tell::{self, instant},
};

impl Story<'_> {
    pub(crate) fn wish(&self, client: &Value, date: NaiveDate, time: &str) -> Value {
        json!({
            "clients": [{"client_id": client["id"]}],
            "room_id": self.room["id"],
            "location_id": self.location["id"],
            "local_start": format!("{date}T{time}"),
            "invite": {"send": true},
            "reminders": [{"days_before": 2, "channel": "email"}],
        })
    }

    /// Books at the time of the wish, or else at the first that is offered instead.
    pub(crate) async fn book(&self, path: &str, mut wish: Value) -> Result<Value, Stopped> {
        let answer = self.api.post(path, &wish).await?;
        if answer.status.is_success() {
            return Ok(answer.body);
        }
        let instead = text(&answer.body["alternatives"][0], "local_start");
        if instead.is_empty() {
            return Err(Stopped(format!("the server answered {}: {}", answer.status, text(&answer.body, "detail"))));
        }
        tell::say(&format!("{} is taken; {instead} is offered instead.", text(&wish, "local_start")))?;
        wish["local_start"] = json!(instead);
        let answer = self.api.post(path, &wish).await?;
        if answer.status.is_success() { Ok(answer.body) } else { answer.answered(StatusCode::OK) }
    }

    pub(crate) async fn eve(&self) -> Result<Value, Stopped> {
        let found = self.api.get("/v1/clients?search=Ennis").await?;
        find(&found, "first_name", "Eve").cloned()
    }

    /// The first working day that is at least so many days away, in Ada's zone.
    pub(crate) async fn workday_in(&self, days: u64) -> Result<NaiveDate, Stopped> {
        let today = self.zone.local(now(self.api).await?).date();
        workday_after(today.checked_add_days(Days::new(days - 1)).unwrap_or(today))
    }

    pub(crate) async fn clock_to(&self, at: &str) -> Result<(), Stopped> {
        let moved = self.api.post("/local/clock", &json!({"to": at})).await?.answered(StatusCode::OK)?;
        tell::say(&format!("It is {} now.", instant(text(&moved, "now"))))?;
        Ok(())
    }

    /// The mail that came since there were so many.
    pub(crate) async fn new_mail(&self, address: &str, before: usize) -> Result<(), Stopped> {
        let mails = self.api.mail_to(address).await?;
        let new: Vec<&Mail> = mails.iter().skip(before).collect();
        if new.is_empty() {
            return Err(Stopped(format!("no mail came to {address}.")));
        }
        for mail in new {
            tell::mail(mail)?;
        }
        Ok(())
    }
}

pub(crate) async fn now(api: &Api) -> Result<DateTime<Utc>, Stopped> {
    let clock = api.get("/local/clock").await?;
    text(&clock, "now").parse().map_err(|_| Stopped("the server's clock does not say what time it is.".to_owned()))
}

pub(crate) fn find<'v>(list: &'v Value, field: &str, wanted: &str) -> Result<&'v Value, Stopped> {
    let items = list["items"].as_array().into_iter().flatten();
    let missing = || {
        let again = "Start the server with another HOURKEEP_DATA, or with \"memory\".";
        Stopped(format!("{wanted} of the demo practice is not here any more. {again}"))
    };
    items.into_iter().find(|item| text(item, field) == wanted).ok_or_else(missing)
}

/// The wall-clock day of a session.
pub(crate) fn date_of(session: &Value) -> Result<NaiveDate, Stopped> {
    let date = text(session, "local_start").split('T').next().unwrap_or_default();
    date.parse().map_err(|_| Stopped(format!("{date:?} is no date.")))
}

/// The next working day after a date.
pub(crate) fn workday_after(date: NaiveDate) -> Result<NaiveDate, Stopped> {
    let after = (1..=3).filter_map(|days| date.checked_add_days(Days::new(days)));
    let mut working = after.filter(|day| day.weekday().num_days_from_monday() < 5);
    working.next().ok_or_else(|| Stopped("the calendar ends here.".to_owned()))
}
